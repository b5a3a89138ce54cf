import { certManagerRecipe } from '@mlterra/cert-manager/contract';
import { dockerRecipe } from '@mlterra/docker/contract';
import { externalSecretsRecipe } from '@mlterra/external-secrets/contract';
import { gatewayRecipe } from '@mlterra/gateway/contract';
import { gcpRecipe } from '@mlterra/gcp/contract';
import { hostRecipe } from '@mlterra/host/contract';
import { k3sRecipe } from '@mlterra/k3s/contract';
import { kindRecipe } from '@mlterra/kind/contract';
import { lakefsRecipe } from '@mlterra/lakefs/contract';
import { minikubeRecipe } from '@mlterra/minikube/contract';
import { minioRecipe } from '@mlterra/minio/contract';
import { mlflowRecipe } from '@mlterra/mlflow/contract';
import { networkPoliciesRecipe } from '@mlterra/network-policies/contract';
import { nfsStorageRecipe } from '@mlterra/nfs-storage/contract';
import { cloudnativePgRecipe, postgresqlRecipe } from '@mlterra/postgresql/contract';
import { redisRecipe } from '@mlterra/redis/contract';
import { sealedSecretsRecipe } from '@mlterra/sealed-secrets/contract';
import { seaweedfsRecipe } from '@mlterra/seaweedfs/contract';
import { servedRecipe, type PlatformRecipe, type ToolRecipe } from '@mlterra/testing/contracts';
import { versitygwRecipe } from '@mlterra/versitygw/contract';

/** Tools that serve the others where a platform has no database or object store of its own. */
const servers: readonly ToolRecipe[] = [postgresqlRecipe, versitygwRecipe];

/** Every platform of every provider. */
export const platforms: readonly PlatformRecipe[] = [
  dockerRecipe,
  gcpRecipe,
  hostRecipe,
  k3sRecipe,
  kindRecipe,
  minikubeRecipe,
].map((platform) => servedRecipe(platform, servers));

/** Every tool. */
export const tools: readonly ToolRecipe[] = [
  certManagerRecipe,
  cloudnativePgRecipe,
  externalSecretsRecipe,
  gatewayRecipe,
  lakefsRecipe,
  minioRecipe,
  mlflowRecipe,
  networkPoliciesRecipe,
  nfsStorageRecipe,
  postgresqlRecipe,
  redisRecipe,
  sealedSecretsRecipe,
  seaweedfsRecipe,
  versitygwRecipe,
];
