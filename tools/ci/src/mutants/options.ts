import { parseArgs } from 'node:util';

export interface MutantOptions {
  /** Folder or name of a package. @default - every package that has a threshold */
  readonly package?: string;
  /** Patterns of files in the package, relative to its folder. @default - all its sources */
  readonly mutate: readonly string[];
  /** How many packages are tried. @default - all */
  readonly packages?: number;
  /** Only files that changed since this commit. */
  readonly since?: string;
  /** Also with the specs that start programs. */
  readonly slow: boolean;
  /** How many mutants of a package are tried. @default - all */
  readonly sample?: number;
  /** Of the sample, and of the packages. */
  readonly seed: number;
  /** Mutants that are tried at the same time. */
  readonly concurrency: number;
}

/** Reads the arguments of `npm run test:mutants`. */
export function readMutantOptions(args: readonly string[]): MutantOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      mutate: { type: 'string', multiple: true, default: [] },
      since: { type: 'string' },
      slow: { type: 'boolean', default: false },
      packages: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: '1' },
    },
  });
  if (positionals.length > 1) throw new Error(`One package is expected, not ${positionals.join(', ')}.`);
  return {
    ...(positionals[0] === undefined ? {} : { package: positionals[0] }),
    mutate: values.mutate,
    ...(values.since === undefined ? {} : { since: values.since }),
    slow: values.slow,
    ...(values.packages === undefined ? {} : { packages: count('--packages', values.packages) }),
    ...(values.sample === undefined ? {} : { sample: count('--sample', values.sample) }),
    seed: count('--seed', values.seed, 0),
    concurrency: count('--concurrency', values.concurrency),
  };
}

function count(option: string, value: string, least = 1): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isInteger(number) || number < least) {
    throw new Error(`${option} ${JSON.stringify(value)} is not a whole number from ${least}.`);
  }
  return number;
}
