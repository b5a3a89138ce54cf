import type { StackKey } from '@mlterra/core';
import type { SynthesizedStack } from '@mlterra/engine/parts';
import { remoteStateForeign } from './errors';
import { blocksOf } from './used-types';

/** Name of the file beside `cdk.tf.json`; Terraform merges it over what is synthesised. */
export const OVERRIDE_FILE = 'mlterra_rehearsal_override.tf.json';

/**
 * What makes a stack one that is rehearsed: its state and those it reads are local files, its provisioners do nothing, and
 * what Terraform itself keeps from being destroyed is destroyed.
 * @throws MlterraError when the stack has something that cannot be rehearsed
 */
export function rehearsalOverride(
  stack: SynthesizedStack,
  stacks: readonly { readonly key: string; readonly stackKey: StackKey }[],
  stateFile: (key: string) => string,
): Record<string, unknown> {
  const override: Record<string, unknown> = {
    terraform: { backend: { local: { path: stateFile(stack.key) } } },
  };
  const keys = new Map(stacks.map(({ key, stackKey }) => [remoteStateName(stackKey), key]));
  const remote = Object.keys(blocksOf(stack.config, 'data')['terraform_remote_state'] ?? {}).map((name) => {
    const key = keys.get(name);
    if (key === undefined) throw remoteStateForeign(stack.key, name);
    return [name, { backend: 'local', config: { path: stateFile(key) } }] as const;
  });
  if (remote.length > 0) override['data'] = { terraform_remote_state: Object.fromEntries(remote) };
  const resources = harmlessResources(stack);
  if (Object.keys(resources).length > 0) override['resource'] = resources;
  return override;
}

/** Resources that Terraform itself does not destroy. */
export function protectedResources(stack: SynthesizedStack): readonly string[] {
  return Object.entries(blocksOf(stack.config, 'resource')).flatMap(([type, blocks]) =>
    Object.entries(blocks)
      .filter(([, block]) => preventsDestroy(block))
      .map(([name]) => `${type}.${name}`),
  );
}

/** As `StackOutput` names the remote state of a stack. */
function remoteStateName({ stage, stack }: StackKey): string {
  return `upstream_${stage}_${stack}`;
}

function harmlessResources({ config }: SynthesizedStack): Record<string, Record<string, object>> {
  const found: Record<string, Record<string, object>> = {};
  for (const [type, blocks] of Object.entries(blocksOf(config, 'resource'))) {
    for (const [name, block] of Object.entries(blocks)) {
      const changed = harmless({
        provisioned: block['provisioner'] !== undefined,
        protected: preventsDestroy(block),
      });
      if (Object.keys(changed).length > 0) (found[type] ??= {})[name] = changed;
    }
  }
  return found;
}

/** What of a resource is overridden: provisioners, and what keeps it from being destroyed. */
export function harmless(resource: { readonly provisioned: boolean; readonly protected: boolean }): object {
  return {
    // Those of an override replace all others, so there must be one; of all that can be said, this does least.
    ...(resource.provisioned ? { provisioner: [{ 'local-exec': { command: 'exit 0' } }] } : {}),
    ...(resource.protected ? { lifecycle: { prevent_destroy: false } } : {}),
  };
}

function preventsDestroy(block: Readonly<Record<string, unknown>>): boolean {
  const lifecycle = [block['lifecycle'] ?? {}].flat()[0] as { readonly prevent_destroy?: unknown };
  return lifecycle.prevent_destroy === true;
}
