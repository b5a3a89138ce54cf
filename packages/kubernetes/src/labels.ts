import { SHARED_STAGE, type Stack } from '@mlterra/core';

/** Labels of namespaces and of all objects in them. */
export const ENVIRONMENT_LABEL = 'mlterra.dev/environment';
export const STAGE_LABEL = 'mlterra.dev/stage';
export const STACK_LABEL = 'mlterra.dev/stack';

/** Name of the workload, on its objects and pods. */
export const WORKLOAD_LABEL = 'app.kubernetes.io/name';

export function stackLabels({ stackKey }: Stack): Record<string, string> {
  return {
    [ENVIRONMENT_LABEL]: stackKey.environment,
    [STAGE_LABEL]: stackKey.stage,
    [STACK_LABEL]: stackKey.stack,
  };
}

/** Labels that namespaces have from which clients of the same stage come; of a shared stack, of any stage. */
export function stageLabels({ stackKey }: Stack): Record<string, string> {
  const { environment, stage } = stackKey;
  return { [ENVIRONMENT_LABEL]: environment, ...(stage === SHARED_STAGE ? {} : { [STAGE_LABEL]: stage }) };
}
