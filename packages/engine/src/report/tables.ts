import path from 'node:path';
import Table, { type TableConstructorOptions } from 'cli-table3';
import pc from 'picocolors';
import { statusText } from '../progress/wording';
import type { CommandResult, EnvironmentResult, Service, StackResult } from '../run/result';
import { stringifyLossless } from '../state/lossless';
import type { PlannedAction, PlannedChange } from '../terraform/plan-json';

const SIGNS: Readonly<Record<PlannedAction, string>> = {
  create: '+',
  update: '~',
  replace: '-/+',
  destroy: '-',
  read: '<=',
  forget: 'x',
  import: 'import',
  move: 'move',
};

const PLAIN: TableConstructorOptions = { style: { head: [], border: [] }, wordWrap: true };

export interface TableOptions {
  /** Say for every stack why. */
  readonly explain: boolean;
  /** Width to wrap to, in columns. */
  readonly columns: number;
}

/** The result as a person reads it. */
export function renderTables(result: CommandResult, options: TableOptions): string {
  const parts = result.environments.flatMap((environment) => renderEnvironment(environment, options));
  parts.push(pc.dim(`engine time ${result.engineSeconds.toFixed(2)} s`));
  for (const { services, name } of result.environments) {
    if (services !== undefined && services.length > 0) parts.push(serviceTable(name, services));
  }
  return parts.join('\n');
}

function renderEnvironment(environment: EnvironmentResult, options: TableOptions): string[] {
  const { name, noStage, error, stacks, notes, stages } = environment;
  if (noStage !== undefined) return [`${name}: no stage ${noStage}`];
  if (error !== undefined) return [`${pc.red('error')} in ${name}: ${error.message}`];
  const parts: string[] = [];
  if (stacks.length > 0) parts.push(stackTable(stacks, options));
  if (stages !== undefined) parts.push(...outputTables(name, environment));
  parts.push(...stacks.flatMap((stack) => (stack.plan === undefined ? [] : planLines(stack))));
  parts.push(
    ...stacks.flatMap(({ key, error: failure }) =>
      failure ? [`${pc.red('error')} in ${key}: ${failure.message}`] : [],
    ),
  );
  parts.push(...stacks.flatMap(({ key, kept }) => (kept ?? []).map((what) => `kept of ${key}: ${what}`)));
  parts.push(...notes.map((note) => `note: ${note}`));
  return parts;
}

function stackTable(stacks: readonly StackResult[], options: TableOptions): string {
  const table = new Table({
    ...PLAIN,
    head: ['stack', 'status', 'changes', 'why'],
    colWidths: widths(stacks, options),
  });
  for (const stack of stacks) {
    table.push([stack.key, statusText(stack.status), counts(stack), why(stack, options)]);
  }
  return table.toString();
}

function why({ status, reasons }: StackResult, options: TableOptions): string {
  const quiet = ['unchanged', 'in-sync'].includes(status);
  if (quiet && !options.explain) return '';
  return status === 'unchanged' && reasons.length === 0
    ? 'its digest is the one that was applied last'
    : reasons.join('; ');
}

function widths(stacks: readonly StackResult[], options: TableOptions): number[] {
  const key = Math.max(...stacks.map((stack) => stack.key.length), 5) + 2;
  const changes = Math.max(...stacks.map((stack) => counts(stack).length), 7) + 2;
  return [key, 15, changes, Math.max(24, options.columns - key - 15 - changes - 5)];
}

/** `+2 ~1 import 1 outputs 3`: by action, and how many of these are imported or moved. */
export function counts({ plan }: StackResult): string {
  const { resources = [], outputs = [] } = plan ?? {};
  const signs = new Set(resources.map(({ action }) => action).filter((action) => !isOrigin(action)));
  const parts = [...signs].map(
    (sign) => `${SIGNS[sign]}${resources.filter(({ action }) => action === sign).length}`,
  );
  const words = [
    ['import', resources.filter(({ importId }) => importId !== undefined).length],
    ['move', resources.filter(({ previousAddress }) => previousAddress !== undefined).length],
    ['outputs', outputs.length],
  ] as const;
  return [...parts, ...words.flatMap(([word, count]) => (count > 0 ? [`${word} ${count}`] : []))].join(' ');
}

/** Whether nothing but where the resource comes from is told by the action. */
function isOrigin(action: PlannedAction): boolean {
  return action === 'import' || action === 'move';
}

/** `~ a.b, moved from a.c`, `import a.b, id "x"` */
function heading({ address, action, importId, previousAddress }: PlannedChange): string {
  const told = isOrigin(action)
    ? { import: 'id', move: 'from' }
    : { import: 'imported, id', move: 'moved from' };
  const origin = [
    ...(importId === undefined ? [] : [`${told.import} ${JSON.stringify(importId)}`]),
    ...(previousAddress === undefined ? [] : [`${told.move} ${previousAddress}`]),
    ...(action === 'forget' ? ['not destroyed'] : []),
  ];
  return [`  ${SIGNS[action]} ${address}`, ...origin].join(', ');
}

/** Every planned change with the attributes that differ. */
export function planLines({ key, status, plan }: StackResult): string[] {
  if (status === 'unchanged' || status === 'applied' || status === 'restamp') return [];
  const drift = status === 'drifted' ? plan!.drift : [];
  const changes = [...(status === 'drifted' ? [] : plan!.resources), ...drift];
  const outputs =
    status === 'drifted'
      ? []
      : plan!.outputs.map((output) => ({ ...output, address: `output ${output.address}` }));
  if (changes.length + outputs.length === 0) return [];
  return [
    pc.bold(key),
    ...[...changes, ...outputs].flatMap((change) => {
      const { address, action, attributes } = change;
      // What was deleted outside of Terraform has no values to compare.
      if (status === 'drifted' && action === 'destroy') return [`  ${SIGNS[action]} ${address} was deleted`];
      return [
        heading(change),
        ...attributes
          .filter(({ after }) => action !== 'create' || after !== undefined)
          .map(({ path, before, after }) => {
            const label = path === '' ? 'value' : path;
            return `      ${label}: ${before === undefined ? '' : `${before} -> `}${after ?? '(removed)'}`;
          }),
      ];
    }),
  ];
}

function outputTables(name: string, { stages }: EnvironmentResult): string[] {
  if (stages!.length === 0) return [`${name}: nothing is applied yet`];
  const table = new Table({ ...PLAIN, head: ['stack', 'output', 'value'] });
  for (const stage of stages!) {
    for (const stack of stage.stacks) {
      for (const [output, value] of Object.entries(stack.outputs)) {
        const text = typeof value === 'string' ? value : stringifyLossless(value);
        table.push([`${name}/${stage.name}/${stack.name}`, output, text]);
      }
    }
  }
  return [table.toString()];
}

/** Files stand in the table; a command that prints a password is told below it, on one line that can be copied. */
function serviceTable(name: string, services: NonNullable<EnvironmentResult['services']>): string {
  const table = new Table({ ...PLAIN, head: ['service', 'stage', 'URL', 'credentials'] });
  const commands: string[] = [];
  for (const service of services) {
    const stage = `${name}/${service.stage}`;
    table.push([service.name, stage, service.url, credentials(service)]);
    if (isCommand(service)) {
      commands.push(`password of ${service.name} (${stage}): run ${service.passwordFile}`);
    }
  }
  return [table.toString(), ...commands].join('\n');
}

function credentials(service: Service): string {
  if (service.username === '') return 'none needed';
  return `user ${service.username}, password ${isCommand(service) ? 'below' : `in ${service.passwordFile}`}`;
}

/** A platform without files for secrets names the command that prints one. */
function isCommand({ username, passwordFile }: Service): boolean {
  return username !== '' && !path.isAbsolute(passwordFile) && /\s/.test(passwordFile);
}
