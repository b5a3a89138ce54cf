import { stripVTControlCharacters } from 'node:util';
import { MlterraError, parseChildError } from '@mlterra/core';
import { unlockCommand } from '../state/state-lock';
import { blockAtLine } from './block-at-line';

/** A diagnostic of the engine, as its `-json` output gives it. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  /** Where it stands in the configuration. */
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

/**
 * Turns the errors of one engine run into one error for people. With the text of `cdk.tf.json` it names blocks and
 * constructs instead of lines.
 */
export function engineError(
  step: string,
  diagnostics: readonly Diagnostic[],
  log: string,
  config?: string,
  /** The stack, `<environment>/<stage>/<stack>`. */
  key?: string,
): MlterraError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  for (const { detail } of errors) {
    const child = detail === undefined ? undefined : parseChildError(detail);
    if (child !== undefined) return child;
  }
  const child = parseChildError(log);
  if (child !== undefined) return child;
  const lock = errors.find(({ summary }) => summary.includes('acquiring the state lock'));
  if (lock !== undefined) return stateBusy(lock.detail ?? '', key);
  // `terraform state` says it in plain text only, in a box.
  const plain = withoutBoxes(log);
  if (plain.includes('acquiring the state lock')) return stateBusy(plain, key);
  const withheld = addressesWithSecrets(log);
  const message =
    errors.length > 0
      ? errors.map((error) => tell(withoutSecrets(error, withheld), config)).join('\n')
      : lastLines(log);
  return new MlterraError({
    code: 'engine-failed',
    message: `${step} failed: ${message === '' ? 'the engine was stopped' : message}`,
  });
}

/** The errors of a command that says them in boxes only, each in one line. */
export function errorsInBoxes(log: string): string {
  const [, ...errors] = withoutBoxes(log).split(/^Error: /m);
  return errors.length === 0
    ? lastLines(log)
    : errors.map((text) => text.trim().replace(/\s+/g, ' ')).join('; ');
}

function withoutBoxes(log: string): string {
  return stripVTControlCharacters(log).replace(/^[│╷╵] ?/gm, '');
}

/** Whether the engine refused a saved plan, because the state has changed since it was made. */
export function isStale(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ summary }) => summary === 'Saved plan is stale');
}

/** Whether the engine could not store the state where it belongs. */
export function isStateLost(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ summary }) =>
    /^Failed to (?:save|persist|write|create local) state/i.test(summary),
  );
}

function tell({ address, summary, detail, range }: Diagnostic, config?: string): string {
  const block =
    config !== undefined && range?.filename.endsWith('cdk.tf.json') === true
      ? blockAtLine(config, range.start.line)
      : undefined;
  const named = `${address ?? block?.address ?? ''}${block?.constructPath ? ` (${block.constructPath})` : ''}`;
  const line = range === undefined || block !== undefined ? '' : `${range.filename}:${range.start.line}`;
  const places = [named, line];
  const where = places
    .filter((place) => place !== '')
    .map((place) => `${place}: `)
    .join('');
  const text = (detail ?? '').trim();
  return `${where}${summary}${text === '' ? '' : `\n${text.replace(/^/gm, '    ')}`}`;
}

function stateBusy(detail: string, key: string | undefined): MlterraError {
  const field = (name: string): string | undefined =>
    new RegExp(`^\\s*${name}:\\s*(.+)$`, 'm').exec(detail)?.[1];
  const id = field('ID');
  const facts = [
    ['held by', field('Who')],
    ['operation', field('Operation')],
    ['since', field('Created')],
    ['lock id', id],
  ].filter(([, value]) => value !== undefined);
  return new MlterraError({
    code: 'state-busy',
    message: `The state is locked: ${facts.map(([name, value]) => `${name} ${value}`).join(', ') || detail.trim()}.`,
    remedy: `wait for that run to end and run again; if it is dead: ${key === undefined ? 'npx mlterra unlock <environment>' : unlockCommand(key)}`,
  });
}

/** What the engine prints in place of what a provisioner says, where its configuration holds a sensitive value. */
const SUPPRESSED = /\(output suppressed due to \w+ value in config\)/;

/** Resources with a provisioner whose command or variables are sensitive. */
function addressesWithSecrets(log: string): ReadonlySet<string> {
  return new Set(
    log.split('\n').flatMap((line) => {
      if (!SUPPRESSED.test(line)) return [];
      const [, address] = /"addr":("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
      return address === undefined ? [] : [JSON.parse(address) as string];
    }),
  );
}

/** The engine suppresses what such a provisioner prints, and then repeats it, and the command, when it fails. */
function withoutSecrets(error: Diagnostic, withheld: ReadonlySet<string>): Diagnostic {
  if (error.address === undefined || !withheld.has(error.address)) return error;
  if (!error.summary.endsWith('provisioner error')) return error;
  const [, status = 'it failed'] =
    /': (exit status \d+|signal: [a-z ]+)\. Output:/.exec(error.detail ?? '') ?? [];
  return {
    ...error,
    detail: `${status}; the command and its output are not shown, because they hold a sensitive value`,
  };
}

/** The end of the log, without a plan that was printed: its values are in the open. */
function lastLines(log: string): string {
  const lines = log
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('{"format_version"'));
  return lines.slice(-12).join('\n');
}
