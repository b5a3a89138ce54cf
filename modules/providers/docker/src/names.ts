import { Stack } from '@mlterra/core';
import type { Construct } from 'constructs';

/** `<environment>-<stage>`: everything on an engine begins with it. */
export function stagePrefix(scope: Construct): string {
  const { environment, stage } = Stack.ofConstruct(scope).stackKey;
  return `${environment}-${stage}`;
}

/** Name of a workload's container: its first has the name of the workload, others have their own added. */
export function memberName(workload: string, container: string, index: number): string {
  return index === 0 ? workload : `${workload}-${container}`;
}

/** Part of an address of Terraform. */
export function logicalId(...parts: readonly string[]): string {
  return parts.join('_').replace(/[^A-Za-z0-9_]+/g, '_');
}
