import { dockerRecipe } from '@mlterra/docker/contract';
import { gcpRecipe } from '@mlterra/gcp/contract';
import { hostRecipe } from '@mlterra/host/contract';
import { k3sRecipe } from '@mlterra/k3s/contract';
import { kindRecipe } from '@mlterra/kind/contract';
import { lakefsRecipe } from '@mlterra/lakefs/contract';
import { minikubeRecipe } from '@mlterra/minikube/contract';
import { mlflowRecipe } from '@mlterra/mlflow/contract';
import { postgresqlRecipe } from '@mlterra/postgresql/contract';
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
export const tools: readonly ToolRecipe[] = [lakefsRecipe, mlflowRecipe, postgresqlRecipe, versitygwRecipe];
