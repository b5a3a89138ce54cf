export { DockerEngine, type BuildImageProps, type DockerEngineProps } from './docker-engine';
