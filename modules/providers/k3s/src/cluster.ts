import { runLocalCluster } from '@mlterra/kubernetes/local-runtime';
import { k3sMaker } from './k3s-maker';

/** Brings the cluster in line; started by the provisioner of `terraform_data.cluster`. */
export function main(): Promise<void> {
  return runLocalCluster(k3sMaker);
}
