import { createHash } from 'node:crypto';
import { shortenName, type Stack } from '@mlterra/core';

/** Of a key of a Secret or ConfigMap, the readable part. */
const MAX_LENGTH = 52;

/** Helm keeps the name of a release in a label, with a suffix. */
const MAX_RELEASE_LENGTH = 53;

/** A namespace is a label of DNS. */
const MAX_NAMESPACE_LENGTH = 63;

/**
 * Namespace of a stack: `<stage>-<stack>` in a cluster that the environment has to itself, else with the environment
 * before it.
 */
export function namespaceOf({ stackKey }: Stack, exclusive: boolean): string {
  const { environment, stage, stack } = stackKey;
  const name = exclusive ? `${stage}-${stack}` : `${environment}-${stage}-${stack}`;
  return shortenName(name, MAX_NAMESPACE_LENGTH);
}

/** Name of the release with this namespace. */
export function releaseName(namespace: string): string {
  return shortenName(namespace, MAX_RELEASE_LENGTH);
}

/** Key in a Secret or ConfigMap for a thing of a container: readable, and apart from those of similar texts by a hash. */
export function dataKey(container: string, what: string, text: string): string {
  const readable = text
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(-MAX_LENGTH)
    .replace(/^-|-$/g, '');
  return `${container}-${what}-${readable}-${shortHash(text)}`;
}

/** Keeps similar texts apart. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
