import { createHash } from 'node:crypto';
import { shortenName, type Stack } from '@mlterra/core';

/** Of a key of a Secret or ConfigMap, the readable part. */
const MAX_LENGTH = 52;

/** Helm keeps the name of a release in a label, with a suffix. */
const MAX_RELEASE_LENGTH = 53;

/** Namespace of a stack: `<stage>-<stack>`, unique in the cluster as an environment has its clusters to itself. */
export function namespaceOf(stack: Stack): string {
  return `${stack.stackKey.stage}-${stack.stackKey.stack}`;
}

/** Name of the release of a stack. */
export function releaseName(stack: Stack): string {
  return shortenName(namespaceOf(stack), MAX_RELEASE_LENGTH);
}

/** Key in a Secret or ConfigMap for a thing of a container: readable, and apart from those of similar texts by a hash. */
export function dataKey(container: string, what: string, text: string): string {
  const readable = text
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(-MAX_LENGTH)
    .replace(/^-|-$/g, '');
  return `${container}-${what}-${readable}-${hash(text)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
