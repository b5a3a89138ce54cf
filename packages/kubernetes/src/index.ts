export { egressRules, nameServers } from './egress';
export { type Kubeconfig } from './hook-data';
export { KubernetesRenderer, NODE_PORTS, type KubernetesRendererProps } from './kubernetes-renderer';
export { RenderedCluster } from './rendered-cluster';
