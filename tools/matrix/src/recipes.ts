import { gcpRecipe } from '@mlterra/gcp/contract';
import { hostRecipe } from '@mlterra/host/contract';
import { mlflowRecipe } from '@mlterra/mlflow/contract';
import { postgresqlRecipe } from '@mlterra/postgresql/contract';
import type { PlatformRecipe, ToolRecipe } from '@mlterra/testing/contracts';

/** Every platform of every provider. */
export const platforms: readonly PlatformRecipe[] = [gcpRecipe, hostRecipe];

/** Every tool. */
export const tools: readonly ToolRecipe[] = [mlflowRecipe, postgresqlRecipe];
