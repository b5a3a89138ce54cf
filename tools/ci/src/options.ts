import { parseArgs } from 'node:util';

export interface Options {
  /** Run the long tests too, not a sample of them. */
  readonly full: boolean;
  /** Of the sample, and of everything random in the tests. */
  readonly seed: number;
}

const SEEDS = 2 ** 31;

/** Reads `--full` and `--seed <n>`; without a seed, that of the environment or a random one. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { full: { type: 'boolean' }, seed: { type: 'string' } },
  });
  const given = values.seed ?? env['MLTERRA_TEST_SEED'];
  const seed = given === undefined ? Math.floor(Math.random() * SEEDS) : Number(given);
  if (given?.trim() === '' || !Number.isInteger(seed) || seed < 0 || seed >= SEEDS) {
    throw new Error(`The seed ${JSON.stringify(given)} is not a whole number from 0 to ${SEEDS - 1}.`);
  }
  return { full: values.full ?? env['MLTERRA_TEST_FULL'] === '1', seed };
}
