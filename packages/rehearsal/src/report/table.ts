import Table from 'cli-table3';
import pc from 'picocolors';
import { notChecked, type Level } from '../level/level';
import { nameOf } from '../run/levels';
import type { RehearsalResult, RehearsedStack, StepName, StepResult } from '../run/result';
import { failedSteps } from './verdict';

/** Columns, in the order of the steps; those nobody ran are left out. */
const STEPS: readonly StepName[] = [
  'init',
  'validate',
  'plan',
  'apply',
  'resume',
  'second plan',
  'drift',
  'change',
  'destroy',
];

/** The result as a person reads it. */
export function renderRehearsal(result: RehearsalResult, options: { readonly columns: number }): string {
  const { environment, stacks, error, seconds } = result;
  const lines: string[] = [];
  if (stacks.length > 0) lines.push(stackTable(stacks, options.columns));
  for (const { key, step } of stacks.flatMap(failedSteps)) {
    lines.push(`${pc.red('failed')} ${key}, ${step.name}: ${step.error ?? ''}`);
  }
  if (error !== undefined) lines.push(`${pc.red('error')} in ${environment}: ${error.message}`);
  lines.push(...levelLines(result.levels));
  const { withoutBinary = [] } = result;
  if (withoutBinary.length > 0) {
    lines.push(`no binary in the mirror, so not hybrid: ${withoutBinary.map(nameOf).join(', ')}`);
  }
  if (result.keptFolder !== undefined) lines.push(`configurations and states are in ${result.keptFolder}`);
  lines.push(pc.dim(`${environment}: ${verdict(result)} in ${seconds.toFixed(1)} s`));
  return lines.join('\n');
}

function verdict({ stacks, error }: RehearsalResult): string {
  const failed = stacks.filter((stack) => failedSteps(stack).length > 0).length;
  if (failed > 0) return `${failed} of ${stacks.length} stacks failed`;
  if (error !== undefined) return 'not rehearsed to its end';
  return `${stacks.length} stacks rehearsed`;
}

function stackTable(stacks: readonly RehearsedStack[], columns: number): string {
  const used = STEPS.filter((name) => stacks.some(({ steps }) => steps.some((step) => step.name === name)));
  const key = Math.max(...stacks.map((stack) => stack.key.length), 5) + 2;
  const widths = used.map((name) => Math.max(name.length, 6) + 2);
  const rest = columns - key - widths.reduce((sum, width) => sum + width + 1, 0) - 3;
  const table = new Table({
    style: { head: [], border: [] },
    wordWrap: true,
    head: ['stack', ...used, 'what it showed'],
    colWidths: [key, ...widths, Math.max(28, rest)],
  });
  for (const { key: name, steps } of stacks) {
    const cells = used.map((step) => cell(steps.find((one) => one.name === step)));
    table.push([name, ...cells, steps.flatMap(showed).join('; ')]);
  }
  return table.toString();
}

function cell(step: StepResult | undefined): string {
  if (step === undefined) return '';
  if (step.status === 'skipped') return '-';
  return step.status === 'failed' ? pc.red('failed') : `${step.seconds.toFixed(1)} s`;
}

/** What is worth a word: the plan says what the apply then does. */
function showed({ name, status, note }: StepResult): string[] {
  if (note === undefined || name === 'plan') return [];
  if (name === 'second plan') return note === 'empty' ? [] : [note];
  if (status === 'skipped') return [name === 'init' ? note : `no ${name}: ${note}`];
  return [name === 'resume' || name === 'drift' ? `${name}: ${note}` : note];
}

function levelLines(levels: Readonly<Record<string, Level>>): string[] {
  const byLevel = new Map<Level, string[]>();
  for (const [source, level] of Object.entries(levels)) {
    byLevel.set(level, [...(byLevel.get(level) ?? []), nameOf(source)]);
  }
  return [...byLevel].flatMap(([level, names]) => [
    `level ${pc.bold(level)}: ${names.join(', ')}`,
    ...notChecked[level].map((what) => `  not checked: ${what}`),
  ]);
}
