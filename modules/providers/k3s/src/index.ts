export { K3sCluster, type ExistingK3sProps, type K3sClusterProps } from './k3s-cluster';
