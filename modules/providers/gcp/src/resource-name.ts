import { createHash } from 'node:crypto';
import { Stack } from '@mlterra/core';
import type { Construct, IConstruct } from 'constructs';
import { nameTaken } from './errors';

/** Names by app, each with the path of the construct that has it. */
const taken = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Name of a construct's resource: environment, stage, stack and construct ids, joined by hyphens; a part that
 * repeats the one before it is left out. What is too long ends in a hash of the whole.
 *
 * @param maxLength as many characters as Google allows for this kind of resource
 */
export function resourceName(construct: Construct, maxLength: number): string {
  const { environment, stage, stack } = Stack.ofConstruct(construct).stackKey;
  const ids = construct.node.path.split('/').slice(1);
  const parts = [environment, stage, stack, ...ids]
    .map((part) =>
      part
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, ''),
    )
    .filter((part, index, all) => part !== all[index - 1]);
  const name = shorten(parts.join('-'), maxLength);
  const names = taken.get(construct.node.root) ?? new Map<string, string>();
  taken.set(construct.node.root, names);
  const owner = names.get(name);
  if (owner !== undefined && owner !== construct.node.path) throw nameTaken(construct.node.path, name, owner);
  names.set(name, construct.node.path);
  return name;
}

/** Cuts a name that is too long, and makes it unique again by a hash of all of it. */
export function shorten(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${name.slice(0, maxLength - 7).replace(/-$/, '')}-${hash}`;
}
