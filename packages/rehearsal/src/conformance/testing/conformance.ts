import { RehearsedFolder } from '../../provider/testing/rehearsed-folder';
import type { ProviderSchema } from '../../schema/model';
import { type Arguments, configurationOf } from './configuration';

/** Why a type does not conform, by its name. */
export type Failures = Record<string, string>;

export type Kind = 'resource' | 'data';

/** What stays the same for all types that are tried. */
export interface Trial {
  readonly kind: Kind;
  readonly which: Arguments;
  /** Schemas of the providers, trimmed to these types. */
  readonly schemasOf: (types: readonly string[]) => readonly ProviderSchema[];
}

/**
 * Applies one of each type, and plans again: a type conforms when there is nothing to change. Many stand in one
 * configuration; where it fails as a whole, its halves are tried, until those that fail are alone.
 */
export async function conform(trial: Trial, types: readonly string[], atOnce = 100): Promise<Failures> {
  const failures: Failures = {};
  for (let from = 0; from < types.length; from += atOnce) {
    Object.assign(failures, await conformTogether(trial, types.slice(from, from + atOnce)));
  }
  return failures;
}

async function conformTogether(trial: Trial, types: readonly string[]): Promise<Failures> {
  try {
    return await conformOnce(trial, types);
  } catch (thrown) {
    const [only, other] = types;
    if (only === undefined) throw thrown;
    if (other === undefined) return { [only]: thrown instanceof Error ? thrown.message : String(thrown) };
    const middle = Math.ceil(types.length / 2);
    return {
      ...(await conformTogether(trial, types.slice(0, middle))),
      ...(await conformTogether(trial, types.slice(middle))),
    };
  }
}

async function conformOnce({ kind, which, schemasOf }: Trial, types: readonly string[]): Promise<Failures> {
  // What the configuration of a provider needs is not what is tried.
  const schemas = schemasOf(types).map((schema) => ({ ...schema, config: { attributes: {}, blocks: {} } }));
  const known = Object.assign(
    {},
    ...schemas.map((schema) => (kind === 'data' ? schema.dataSources : schema.resources)),
  );
  const folder = await RehearsedFolder.start(schemas);
  try {
    const each = types.map((type) => [type, { it: configurationOf(known[type].block, which) }]);
    folder.write({ [kind]: Object.fromEntries(each) });
    await folder.init();
    await folder.apply();
    const failures: Failures = {};
    const state = await folder.state();
    for (const type of types) {
      const address = kind === 'data' ? `data.${type}.it` : `${type}.it`;
      if (state[address] === undefined) failures[type] = 'is not in the state';
    }
    for (const { address, actions } of await folder.plan()) {
      const type = address.replace(/^data\.|\.it$/g, '');
      if (actions.join() !== 'no-op') failures[type] = `is planned again: ${actions.join()}`;
    }
    return failures;
  } finally {
    await folder.stop();
  }
}
