import { wrong } from '../check';
import type { ToolFacts } from './tool-facts';
import { valueAtPath } from './value-path';

/** Something that names Secrets of its namespace. */
export interface NamesSecrets {
  readonly address: string;
  readonly namespace?: string;
  readonly tree: unknown;
  /** Paths in `tree`. */
  readonly secretNames?: readonly string[];
}

/** Names of Secrets that are not there. */
export function missingSecrets(
  { address, namespace, tree, secretNames = [] }: NamesSecrets,
  { objects }: Pick<ToolFacts, 'objects'>,
): readonly string[] {
  const there = objects
    .filter((object) => object.kind === 'Secret' && object.namespace === namespace)
    .map(({ name }) => name);
  return secretNames.flatMap((path) => {
    const name = valueAtPath(tree, path);
    return there.some((each) => each !== undefined && each === name)
      ? []
      : [
          wrong(
            address,
            `the Secret named at ${path}`,
            name,
            there.join(' or ') || `one in the namespace ${String(namespace)}, and there is none`,
          ),
        ];
  });
}
