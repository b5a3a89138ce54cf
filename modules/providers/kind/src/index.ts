export { KindCluster, type KindClusterProps } from './kind-cluster';
export { type KindConfig } from './kind-config';
