import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectManifest, ValueTree } from '@mlterra/core';
import { parse } from 'yaml';

/** Beside `src` and `dist`. */
const FILE = join(__dirname, '..', 'crds', 'bitnami.com_sealedsecrets.yaml');

interface Definition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: ValueTree;
}

/**
 * The definition of the kind SealedSecret.
 * @param keep whether it stays, with all SealedSecrets, when the operator is destroyed
 */
export function sealedSecretDefinition(keep: boolean): ObjectManifest {
  const { apiVersion, kind, metadata, spec } = parse(readFileSync(FILE, 'utf8')) as Definition;
  const annotations = { ...metadata.annotations, ...(keep ? { 'helm.sh/resource-policy': 'keep' } : {}) };
  return {
    apiVersion,
    kind,
    metadata: { name: metadata.name, annotations },
    clusterScoped: true,
    content: { spec },
  };
}
