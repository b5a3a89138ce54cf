import { InvalidArgumentError, Option } from 'commander';

/** Values of the options as commander hands them over. */
export interface OptionValues {
  readonly stage?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly all?: boolean;
  readonly destroyRemoved?: boolean;
  readonly yes?: boolean;
  readonly purge?: boolean;
  readonly explain?: boolean;
  readonly markdown?: boolean;
  readonly parallel?: number;
  readonly lockTimeout?: number;
  readonly engine?: string;
}

/** The options of all commands, each made anew for the command that takes it. */
export const options = {
  stage: () => once('-c, --stage <stage>', 'only this stage'),
  json: () => new Option('--json', 'print one JSON document; progress goes to standard error'),
  verbose: () => new Option('-v, --verbose', 'print the raw engine log and stack traces'),
  all: () => new Option('--all', 'take no digest shortcut; also look at what runs'),
  destroyRemoved: () =>
    new Option('--destroy-removed', 'also destroy stacks that are no longer in the source'),
  yes: () => new Option('-y, --yes', 'do not ask'),
  purge: () => new Option('--purge', 'also delete data that a destroy keeps'),
  explain: () => new Option('--explain', 'say for every stack why it is in the set'),
  markdown: () => new Option('--markdown', 'print the plan as Markdown'),
  parallel: () =>
    once('--parallel <n>', 'engine processes at once (default: cores, at least 2)', atLeast(1)).env(
      'MLTERRA_PARALLELISM',
    ),
  lockTimeout: () =>
    once(
      '--lock-timeout <seconds>',
      'how long to wait for a state someone else has locked (default: 10)',
      atLeast(0),
    ),
  engine: () =>
    once('--engine <path>', 'terraform binary (default: terraform on the PATH)').env('MLTERRA_ENGINE'),
} satisfies Record<keyof OptionValues, () => Option>;

/** An option with one value: a second one is refused, where commander would take the last. */
export function once(
  flags: string,
  description: string,
  parse: (given: string) => string | number = (given) => given,
): Option {
  return new Option(flags, description).argParser((given: string, before?: string | number) => {
    if (before !== undefined) {
      throw new InvalidArgumentError(`It may be given once, and was given as "${before}" before.`);
    }
    return parse(given);
  });
}

function atLeast(minimum: number): (given: string) => number {
  return (given) => {
    const number = Number(given);
    if (Number.isInteger(number) && number >= minimum) return number;
    throw new InvalidArgumentError(`A whole number from ${minimum} on is expected.`);
  };
}
