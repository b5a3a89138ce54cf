export { KubernetesRenderer, type KubernetesRendererProps } from './kubernetes-renderer';
