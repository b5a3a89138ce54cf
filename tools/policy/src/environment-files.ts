import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RehearsedStack } from '@mlterra/rehearsal';

/**
 * Writes what a rehearsal applied, one folder per stack: its configuration, and each Kubernetes object that a
 * release of ours would print, with every reference resolved.
 * @returns number of Kubernetes objects
 */
export function writeEnvironment(stacks: readonly RehearsedStack[], folder: string): number {
  let count = 0;
  for (const { stackKey, config, resources } of stacks) {
    const dir = path.join(folder, `${stackKey.stage}-${stackKey.stack}`);
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, 'cdk.tf.json'), JSON.stringify(withoutObjects(config)));
    const releases = resources.filter(({ type }) => type === 'helm_release');
    for (const object of releases.flatMap(({ values }) => objectsOf(values['values']))) {
      writeFileSync(path.join(dir, `object-${count++}.json`), JSON.stringify(object));
    }
  }
  return count;
}

/**
 * The objects of a stack are also a local value of its configuration. They are written apart; inside it, checkov finds nothing to
 * check, and takes minutes to follow the references in the kinds of an operator.
 */
function withoutObjects(config: RehearsedStack['config']): unknown {
  const { kubernetes_values: _, ...locals } = (config['locals'] ?? {}) as Record<string, unknown>;
  return { ...config, locals };
}

/** Objects in the values of a release of `@mlterra/kubernetes`; other charts have none. */
function objectsOf(values: unknown): readonly unknown[] {
  return (Array.isArray(values) ? values : []).flatMap((text) => {
    const { objects } = JSON.parse(String(text)) as { readonly objects?: readonly unknown[] };
    return objects ?? [];
  });
}
