import { createHash } from 'node:crypto';
import { Stack } from '@mlterra/core';
import type { Construct } from 'constructs';

/** Names of Services are labels of DNS; room is left for what Kubernetes adds to the names of pods. */
const MAX_LENGTH = 52;

/** Helm keeps the name of a release in a label, with a suffix. */
const MAX_RELEASE_LENGTH = 53;

/** Name of the object that a construct makes: its path below the stack in kebab case, without `Resource` at its end. */
export function objectName(construct: Construct): string {
  return objectNameAt(construct.node.path, Stack.ofConstruct(construct));
}

/** The name that {@link objectName} gives to the construct with the id `id` in `scope`, which need not exist yet. */
export function childObjectName(scope: Construct, id: string): string {
  return objectNameAt(`${scope.node.path}/${id}`, Stack.ofConstruct(scope));
}

/** Namespace of a stack: `<stage>-<stack>`, unique in the cluster as an environment has its clusters to itself. */
export function namespaceOf(stack: Stack): string {
  return `${stack.stackKey.stage}-${stack.stackKey.stack}`;
}

/** Name of the release of a stack. */
export function releaseName(stack: Stack): string {
  return shorten(namespaceOf(stack), MAX_RELEASE_LENGTH);
}

/** Key in a Secret or ConfigMap for a thing of a container: readable, and apart from those of similar texts by a hash. */
export function dataKey(container: string, what: string, text: string): string {
  const readable = text
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(-MAX_LENGTH)
    .replace(/^-|-$/g, '');
  return `${container}-${what}-${readable}-${hash(text)}`;
}

function objectNameAt(path: string, stack: Stack): string {
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
  return shorten(/^[a-z]/.test(name) ? name : `x-${name}`, MAX_LENGTH);
}

/** Cuts a name that is too long, and makes it unique again by a hash of all of it. */
function shorten(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - 7).replace(/-$/, '')}-${hash(name)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
