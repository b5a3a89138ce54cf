import type { RehearsalResult, RehearsedStack, StepResult } from '../run/result';

/** The steps of a stack that failed. */
export function failedSteps(stack: RehearsedStack): { readonly key: string; readonly step: StepResult }[] {
  return stack.steps.filter(({ status }) => status === 'failed').map((step) => ({ key: stack.key, step }));
}

/** Whether everything that was rehearsed went as it should. */
export function passed({ stacks, error }: RehearsalResult): boolean {
  return error === undefined && stacks.every((stack) => failedSteps(stack).length === 0);
}
