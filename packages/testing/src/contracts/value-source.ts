import type { WorkloadFacts } from './facts';
import type { ValueSource } from './recipe';

/** What a program reads at one place. */
export interface FoundValue {
  /** The place, for messages. */
  readonly place: string;
  /** @default - nothing is there, or nobody knows what */
  readonly value?: string;
  /** Where the platform takes it from; undefined where it stands there as plain text. */
  readonly reference?: string;
}

export function valueAt(workload: WorkloadFacts, source: ValueSource): FoundValue {
  if ('variable' in source) {
    const { variable } = source;
    return found(
      `the variable ${variable}`,
      workload.secretVariables?.[variable],
      workload.variables?.[variable],
    );
  }
  if ('argument' in source) {
    return {
      place: `the argument ${source.argument}`,
      value: argumentOf(workload.command ?? [], source.argument),
    };
  }
  const { file, pattern } = source;
  const { place, value, reference } = found(
    `the file ${file}`,
    workload.secretFiles?.[file],
    workload.files?.[file],
  );
  return { place, value: value === undefined ? undefined : pattern.exec(value)?.[1]?.trim(), reference };
}

function found(
  place: string,
  secret: { readonly reference: string; readonly value?: string } | undefined,
  plain: string | undefined,
): FoundValue {
  return secret === undefined ? { place, value: plain } : { place, ...secret };
}

function argumentOf(command: readonly string[], argument: string): string | undefined {
  const at = command.indexOf(argument);
  if (at >= 0) return command[at + 1];
  const joined = command.find((part) => part.startsWith(`${argument}=`));
  return joined?.slice(argument.length + 1);
}
