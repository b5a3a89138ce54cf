import { runLocalCluster } from '@mlterra/kubernetes/local-runtime';
import { minikubeMaker } from './minikube-maker';

/** Brings the cluster in line; started by the provisioner of `terraform_data.cluster`. */
export function main(): Promise<void> {
  return runLocalCluster(minikubeMaker);
}
