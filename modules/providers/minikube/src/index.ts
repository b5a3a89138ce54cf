export { MinikubeCluster, type MinikubeClusterProps } from './minikube-cluster';
