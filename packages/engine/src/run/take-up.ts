import type { MlterraError } from '@mlterra/core';
import { impliedProvider } from '../digest/instances';
import { declarationOf, isProvided, providerOf } from '../digest/undeclared';
import type { KnownInstance } from '../digest/unsaved';
import { adoptionFailed } from '../errors';
import type { SynthesizedStack } from '../synth/synthesize';
import type { WorkDir } from '../work/work-dir';

/** Runs `import` of the engine. Resolves to why it is refused; undefined where it is done. */
export type Import = (address: string, id: string) => Promise<string | undefined>;

/**
 * Takes what a killed run created and the source no longer has into the state: each is declared for as long as its import takes, by
 * the provider that created it. What the source has is left to the plan.
 * @throws MlterraError `adoption-failed` where it cannot be declared or imported; nothing is lost
 */
export async function takeUp(
  { key, config }: Pick<SynthesizedStack, 'key' | 'config'>,
  dir: WorkDir,
  instances: readonly KnownInstance[],
  importIt: Import,
): Promise<void> {
  const applied = dir.appliedConfig();
  for (const { address, id } of instances) {
    const declaration = declarationOf(config, address);
    if (declaration === undefined) continue;
    const refuse = (why: string): MlterraError =>
      adoptionFailed(key, [{ summary: `${address} (id ${id}) ${why}` }], dir.journal.headFile);
    const created = providerOf(applied, address);
    if (created === 'unknown') throw refuse('was created by a source that is not known here any more');
    const provider = created.provider ?? impliedProvider(address);
    if (!isProvided(config, provider)) {
      throw refuse(`needs the provider ${provider}, which the source no longer has`);
    }
    dir.add(declaration.name, declaration.text(created.provider));
    try {
      const refused = await importIt(address, id);
      if (refused !== undefined) throw refuse(`is refused: ${refused}`);
    } finally {
      dir.removeFile(declaration.name);
    }
  }
}
