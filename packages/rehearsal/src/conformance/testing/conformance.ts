import { RehearsedFolder } from '../../provider/testing/rehearsed-folder';
import type { ProviderSchema, TypeSchema } from '../../schema/model';
import { type Arguments, configurationOf, type Known, later } from './configuration';

/** Why a type does not conform, by its name. */
export type Failures = Record<string, string>;

export type Kind = 'resource' | 'data';

/** A block that a provider adds by itself is unknown as a whole, which only old providers may do. */
const addedBlock = 'attribute representing nested block must not be unknown itself';

/** What stays the same for all types that are tried. */
export interface Trial {
  readonly kind: Kind;
  readonly which: Arguments;
  /** @default 'at plan' */
  readonly known?: Known;
  /** Schemas of the providers, trimmed to these types. */
  readonly schemasOf: (types: readonly string[]) => readonly ProviderSchema[];
}

/**
 * Applies one of each type, and plans again: a type conforms when it becomes what was planned, and there is nothing to
 * change afterwards. Many stand in one configuration; where it fails as a whole, its halves are tried, until those that
 * fail are alone.
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

async function conformOnce(
  { kind, which, known, schemasOf }: Trial,
  types: readonly string[],
): Promise<Failures> {
  // What the configuration of a provider needs is not what is tried.
  const schemas = schemasOf(types).map((schema) => ({ ...schema, config: { attributes: {}, blocks: {} } }));
  const blocks = Object.assign(
    {},
    ...schemas.map((schema) => (kind === 'data' ? schema.dataSources : schema.resources)),
  ) as Record<string, TypeSchema>;
  const folder = await RehearsedFolder.start(schemas);
  try {
    const each = types.map((type) => [type, { it: configurationOf(blocks[type]!.block, which, known) }]);
    const config = { [kind]: Object.fromEntries(each) };
    folder.write(
      known === 'at apply' ? { ...config, resource: { ...config['resource'], ...later } } : config,
    );
    await folder.init();
    const failures: Failures = {};
    for (const line of await folder.tolerated()) {
      const type = line.slice(0, line.indexOf('.'));
      if (!line.includes(addedBlock)) failures[type] = `is not what was planned: ${line}`;
    }
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
