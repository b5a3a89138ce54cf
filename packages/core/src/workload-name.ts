import { createHash } from 'node:crypto';
import type { Construct } from 'constructs';
import { Stack } from './stack';

/** It is a label of DNS; room is left for what platforms add to it. */
const MAX_LENGTH = 52;

/** Name of what a construct runs: its path below the stack in kebab case, without `Resource` at its end. */
export function workloadName(construct: Construct): string {
  return workloadNameAt(construct.node.path, Stack.ofConstruct(construct));
}

/** The name that {@link workloadName} gives to the construct with the id `id` in `scope`, which need not exist yet. */
export function childWorkloadName(scope: Construct, id: string): string {
  return workloadNameAt(`${scope.node.path}/${id}`, Stack.ofConstruct(scope));
}

/** The name for the construct with the path `path` in a stack. */
export function workloadNameAt(path: string, stack: Stack): string {
  const ids = path.slice(stack.node.path.length + 1).split('/');
  while (ids.length > 1 && ids.at(-1) === 'Resource') ids.pop();
  const name = ids
    .map((id) =>
      id
        .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, ''),
    )
    .filter((part) => part !== '')
    .join('-');
  if (name === '') return 'x';
  return shortenName(/^[a-z]/.test(name) ? name : `x-${name}`, MAX_LENGTH);
}

/** Cuts a name that is too long, and makes it unique again by a hash of all of it. */
export function shortenName(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${name.slice(0, maxLength - 7).replace(/-$/, '')}-${hash}`;
}
