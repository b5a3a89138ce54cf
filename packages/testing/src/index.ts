export { FakeCommands, type CommandCall } from './fake-commands';
export { RecordingHost } from './recording-host';
export { RecordingPlatform } from './recording-platform';
export { resourcesOf } from './resources';
export { synthEnvironment, synthStack, type Blocks, type StackJson, type SynthStackProps } from './synth';
