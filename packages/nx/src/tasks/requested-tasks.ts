import yargs from 'yargs-parser';
import { INFERRED_TARGETS } from '../inference/target-names';

/** What a command line asks Nx to run. */
export interface RequestedTasks {
  readonly targets: readonly string[];
  /** Name after `-c` or `--configuration`, or third in `project:target:configuration`. @default - none was given */
  readonly configuration?: string;
  /**
   * The one project that is named, as it was given; empty where it is that of the current folder. `run-many` and
   * `affected` select projects instead.
   * @default - projects are selected
   */
  readonly project?: string;
}

/** Options of Nx that take a value; any other is told apart from the words by its dash. */
const valued = [
  'configuration',
  'project',
  'projects',
  'exclude',
  'files',
  'base',
  'head',
  'parallel',
  'runner',
  'outputStyle',
];

/**
 * Reads from the `process.argv` of Nx which targets it runs with which configuration: `nx <target> <project>`,
 * `nx run`, `nx run-many` and `nx affected`. Nx itself silently drops a configuration that a target does not have.
 */
export function requestedTasks(argv: readonly string[]): RequestedTasks {
  const args = argv.slice(2);
  const end = args.indexOf('--');
  const parsed = yargs(end < 0 ? args : args.slice(0, end), {
    alias: { configuration: ['c'], targets: ['target', 't'], projects: ['p'] },
    array: ['targets'],
    string: valued,
    boolean: ['prod'],
    configuration: { 'unknown-options-as-args': true, 'parse-positional-numbers': false },
  });
  const [command = '', ...rest] = parsed._.map(String).filter((word) => !word.startsWith('-'));
  // An option the parser does not know counts as a word, also among the words of -t.
  const options = ((parsed['targets'] ?? []) as unknown[])
    .flatMap((value) => String(value).split(','))
    .filter((word) => !word.startsWith('-'));
  const { targets, configuration, project } = named(command, rest, options);
  const chosen = lastOf(parsed['configuration']) ?? (parsed['prod'] === true ? 'production' : configuration);
  return {
    targets,
    ...(chosen === undefined ? {} : { configuration: chosen }),
    ...(project === undefined ? {} : { project: lastOf(parsed['project']) ?? project }),
  };
}

function named(command: string, words: readonly string[], options: readonly string[]): RequestedTasks {
  if (command === 'run-many' || command === 'affected') return { targets: options };
  if (command.startsWith('affected:')) return { targets: [command.slice('affected:'.length)] };
  if (command !== 'run') {
    return { targets: [command === 'e' ? 'e2e' : command, ...options], project: words[0] ?? '' };
  }
  const parts = (words.find((word) => word.includes(':')) ?? words[0] ?? '').split(':');
  const at = parts.findIndex(
    (part, index) => INFERRED_TARGETS.includes(part) && (index > 0 || parts.length === 1),
  );
  if (at < 0) return { targets: options, project: parts.length > 1 ? parts[0]! : '' };
  const configuration = parts.slice(at + 1).join(':');
  return {
    targets: [parts[at]!, ...options],
    project: parts.slice(0, at).join(':'),
    ...(configuration === '' ? {} : { configuration }),
  };
}

/** The value of an option; of one given several times the last, as Nx takes it. */
function lastOf(value: unknown): string | undefined {
  const given = ([] as unknown[]).concat(value ?? []).at(-1);
  return typeof given === 'string' && given !== '' ? given : undefined;
}
