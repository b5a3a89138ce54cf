import { argumentRefused } from '../errors';

/** An option that may be given to every run. */
type Allowed = 'parallelism' | 'lock-timeout' | 'compact-warnings';

interface Argument {
  readonly option: Allowed;
  readonly value: string;
}

const COMMON = 'TF_CLI_ARGS';

/** What the shell would do something with; Terraform's own reader of these variables knows most of it, too. */
const SPECIAL = /[\\$`;&|<>(){}#\n\r]/;

/**
 * Arguments that the caller's `TF_CLI_ARGS*` add to a command of the engine: only those that the command knows. Like
 * Terraform, takes those of the command first, then those of all commands.
 */
export function callerArguments(args: readonly string[]): readonly string[] {
  const [command] = args;
  if (command !== 'plan' && command !== 'apply') return [];
  const named = command === 'apply' && args.includes('-destroy') ? ['apply', 'destroy'] : [command];
  return [...named.map((name) => `${COMMON}_${name}`), COMMON]
    .flatMap((variable) => argumentsOf(variable))
    .filter(({ option }) => option !== 'lock-timeout')
    .map(({ option, value }) => `-${option}${value === '' ? '' : `=${value}`}`);
}

/** Seconds to wait for a state lock by the caller's `TF_CLI_ARGS*`: the longest that is given. */
export function callerLockTimeoutSeconds(): number | undefined {
  const given = variables()
    .flatMap((variable) => argumentsOf(variable))
    .filter(({ option }) => option === 'lock-timeout')
    .map(({ value }) => Math.ceil(seconds(value)!));
  return given.length === 0 ? undefined : Math.max(...given);
}

/** @throws MlterraError when a `TF_CLI_ARGS*` holds an argument that would change what a run does */
export function checkCallerArguments(): void {
  for (const variable of variables()) argumentsOf(variable);
}

/** Whether a variable gives arguments to Terraform's commands. */
export function givesArguments(variable: string): boolean {
  return variable === COMMON || variable.startsWith(`${COMMON}_`);
}

function variables(): readonly string[] {
  return Object.keys(process.env).filter(givesArguments);
}

/** The arguments of one variable, in every spelling that Terraform takes. */
function argumentsOf(variable: string): readonly Argument[] {
  const words = wordsOf(variable, process.env[variable] ?? '');
  const found: Argument[] = [];
  for (let index = 0; index < words.length; index++) {
    const [, name, given] = /^--?([a-zA-Z][^=]*)(?:=(.*))?$/.exec(words[index]!) ?? [];
    switch (name) {
      case 'parallelism':
      case 'lock-timeout': {
        const value = given ?? words[++index] ?? '';
        const valid = name === 'parallelism' ? /^[1-9]\d*$/.test(value) : seconds(value) !== undefined;
        if (!valid) throw argumentRefused(variable, `-${name} with the value "${value}"`);
        found.push({ option: name, value });
        break;
      }
      case 'compact-warnings':
        if (given !== undefined && !/^(1|t|true|0|f|false)$/i.test(given)) {
          throw argumentRefused(variable, `-${name} with the value "${given}"`);
        }
        if (given === undefined || /^[1t]/i.test(given)) found.push({ option: name, value: '' });
        break;
      default:
        // A value may be a secret: it is not repeated.
        throw argumentRefused(variable, name === undefined ? 'a word that is no option' : `-${name}`);
    }
  }
  return found;
}

/** Splits at white space outside of quotes. */
function wordsOf(variable: string, text: string): readonly string[] {
  const words: string[] = [];
  const word = /(?:[^\s"']|"[^"]*"|'[^']*')+/y;
  for (let rest = text.trim(); rest !== ''; rest = rest.trimStart()) {
    word.lastIndex = 0;
    const [found] = word.exec(rest) ?? [];
    if (found === undefined || SPECIAL.test(found)) {
      throw argumentRefused(variable, 'characters that are special in a shell, or an open quote');
    }
    words.push(found.replaceAll(/["']/g, ''));
    rest = rest.slice(found.length);
  }
  return words;
}

const UNITS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ns: 1e-9,
};

/** Seconds of a duration as Go writes it (`1m30s`); undefined where it is none. */
function seconds(duration: string): number | undefined {
  if (/^\+?0+$/.test(duration)) return 0;
  if (!/^\+?(?:(?:\d+\.?\d*|\.\d+)(?:h|ms|m|s|us|µs|μs|ns))+$/.test(duration)) return undefined;
  const parts = duration.matchAll(/(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|μs|ns)/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}
