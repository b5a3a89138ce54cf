import {
  describeError,
  type EngineRun,
  type PlannedChange,
  type SynthesizedStack,
} from '@mlterra/engine/parts';
import type { DriftFault, Fault } from '../faults';
import type { ChangeCandidate } from './change-candidate';
import { readPlanLines, tellCounts } from './plan-lines';
import type { RehearsedStack, StepName, StepResult } from './result';
import type { StackTerraform } from './stack-terraform';
import { keptBeside, readState } from './state-values';

/** Text of every fault that was asked for, as the played providers tell it. */
const REHEARSED = 'A rehearsed fault';

const FIRST_PLAN = 'first.plan';

const CHANGE_FILE = 'mlterra_change_override.tf.json';

export interface StackRehearsalOptions {
  readonly faults: readonly Fault[];
  readonly without: ReadonlySet<StepName>;
  readonly stateFile: string;
  /** Tells the played providers which resource drifts, by what they keep beside it. */
  readonly locate: (fault: DriftFault, kept: Uint8Array) => void;
  readonly candidates: readonly ChangeCandidate[];
  /** Resources that Terraform itself would not destroy. */
  readonly protectedResources: readonly string[];
  readonly onStep: (step: StepResult) => void;
  /** Called for each fault that showed. */
  readonly onFault: (fault: Fault) => void;
  readonly verbose: boolean;
  /** Aborted when the rehearsal is stopped: what fails then is not told. */
  readonly signal: AbortSignal;
}

/** What a step saw, or that there was nothing to do. */
type Seen = string | { readonly skipped: string };

/** The steps of one stack. */
export class StackRehearsal {
  private readonly steps: StepResult[] = [];
  private state: Pick<RehearsedStack, 'resources' | 'outputs'> = { resources: [], outputs: {} };
  private applied = false;

  public constructor(
    private readonly stack: SynthesizedStack,
    private readonly terraform: StackTerraform,
    private readonly options: StackRehearsalOptions,
  ) {}

  public get failed(): boolean {
    return this.steps.some(({ status }) => status === 'failed');
  }

  public get result(): RehearsedStack {
    const { key, stackKey, config } = this.stack;
    return { key, stackKey, steps: this.steps, ...this.state, config };
  }

  /** Everything up to the last plan; true when all of it passed. */
  public async forward(): Promise<boolean> {
    const { faults, without } = this.options;
    const passed =
      (await this.step('init', () => this.init())) &&
      (without.has('validate') || (await this.step('validate', () => this.validate()))) &&
      (without.has('plan') || (await this.step('plan', () => this.plan()))) &&
      (await this.apply());
    this.state = readState(this.options.stateFile);
    if (!passed) return false;
    const located = faults.filter(
      (fault): fault is DriftFault =>
        fault.kind === 'drift' && fault.stack === this.stack.key && this.locate(fault),
    );
    const secondPlan =
      without.has('second plan') || (await this.step('second plan', () => this.secondPlan()));
    const drift = located.length === 0 || (await this.step('drift', () => this.drift(located)));
    const change = without.has('change') || (await this.step('change', () => this.change()));
    return secondPlan && drift && change;
  }

  /** Notes that the stack was not tried. */
  public block(reason: string): void {
    this.record({ name: 'init', status: 'skipped', seconds: 0, note: reason });
  }

  /** Destroys what is there; true when nothing is left. */
  public async destroy(): Promise<boolean> {
    if (!this.applied || this.options.without.has('destroy')) return true;
    return this.step('destroy', () => this.destroyAll());
  }

  private async init(): Promise<string> {
    await this.terraform.must('init', '-input=false', '-no-color');
    return '';
  }

  private async validate(): Promise<string> {
    await this.terraform.validate();
    return '';
  }

  private async plan(): Promise<string> {
    const run = await this.terraform.must('plan', '-json', '-input=false', `-out=${FIRST_PLAN}`);
    return tellCounts(readPlanLines(run.stdout).counts, true);
  }

  private async apply(): Promise<boolean> {
    this.applied = true;
    let refused = '';
    const passed = await this.step('apply', async () => {
      // Without a saved plan Terraform plans what it applies.
      const saved = this.options.without.has('plan') ? [] : [FIRST_PLAN];
      const run = await this.terraform.run('apply', '-json', '-input=false', '-auto-approve', ...saved);
      if (run.code === 0) return tellCounts(readPlanLines(run.stdout).counts, false);
      refused = this.asked('apply', run);
      return `failed as asked: ${refused}`;
    });
    return passed && (refused === '' || this.step('resume', () => this.resume()));
  }

  /** Applies again until nothing fails any more; each time one of the faults is used up. */
  private async resume(): Promise<string> {
    const attempts = this.options.faults.filter(
      ({ kind }) => kind === 'fail-create' || kind === 'time-out',
    ).length;
    for (let attempt = 1; ; attempt++) {
      const run = await this.terraform.run('apply', '-json', '-input=false', '-auto-approve');
      if (run.code === 0) {
        const times = attempt === 1 ? '' : `after ${attempt} attempts: `;
        return `${times}${tellCounts(readPlanLines(run.stdout).counts, false)}`;
      }
      this.asked('apply', run);
      if (attempt > attempts) throw this.terraform.failure('apply', run);
    }
  }

  private async secondPlan(): Promise<string> {
    const { differences } = await this.differences('second.plan');
    if (differences.length === 0) return 'empty';
    throw new NotAsExpected(`The second plan is not empty:\n${differences.join('\n')}`);
  }

  private async drift(faults: readonly DriftFault[]): Promise<string> {
    const { drift } = await this.differences('drift.plan', { always: true });
    const seen = drift.flatMap(({ address, attributes }) =>
      attributes.map(({ path }) => `${address}.${path}`),
    );
    const wanted = faults.map(({ address, attribute }) => `${address}.${attribute}`);
    const others = seen.filter((one) => !wanted.some((path) => one === path || one.startsWith(`${path}.`)));
    const missing = wanted.filter((path) => !seen.some((one) => one === path || one.startsWith(`${path}.`)));
    if (others.length + missing.length > 0) {
      throw new NotAsExpected(
        `The plan shows another drift than what was changed:\n${[
          ...missing.map((path) => `  not shown: ${path}`),
          ...others.map((path) => `  shown, but not changed: ${path}`),
        ].join('\n')}`,
      );
    }
    faults.forEach((fault) => this.options.onFault(fault));
    return drift.flatMap((change) => lines(change).map((line) => line.trim())).join('; ');
  }

  /** Plans one changed attribute, and looks whether the plan is that change and no other. */
  private async change(): Promise<Seen> {
    const { candidates } = this.options;
    const [candidate] = candidates;
    if (candidate === undefined)
      return { skipped: 'no attribute with a literal value that nothing else reads' };
    const { type, name, attribute, value, replaces } = candidate;
    this.terraform.write(CHANGE_FILE, { resource: { [type]: { [name]: { [attribute]: value } } } });
    try {
      const plan = ['plan', '-json', '-input=false', '-refresh=false', '-out=change.plan'];
      await this.terraform.must(...plan);
      const { resources, outputs } = await this.terraform.show('change.plan');
      const address = `${type}.${name}`;
      const wanted = resources.filter(
        (change) =>
          change.address === address &&
          change.action === (replaces ? 'replace' : 'update') &&
          change.attributes.some(({ path }) => path === attribute),
      );
      const others = [...resources.filter((change) => !wanted.includes(change)), ...outputs];
      const exact = wanted.length === 1 && wanted[0]!.attributes.every(isOf(type, attribute));
      if (wanted.length === 1 && (replaces || (exact && others.length === 0))) {
        this.options.faults
          .filter(
            (fault) =>
              fault.kind === 'replace-on-change' && fault.type === type && fault.attribute === attribute,
          )
          .forEach((fault) => this.options.onFault(fault));
        const more = others.length === 0 ? '' : `, and ${others.length} more with it`;
        return `${replaces ? 'replaces' : 'updates'} ${address}, for its ${attribute}${more}`;
      }
      const planned = [...resources, ...outputs].flatMap(lines);
      throw new NotAsExpected(
        `${attribute} of ${address} was changed, and the plan is not exactly that ${replaces ? 'replacement' : 'update'}:\n${planned.join('\n') || '  nothing to do'}`,
      );
    } finally {
      this.terraform.remove(CHANGE_FILE);
    }
  }

  private async destroyAll(): Promise<string> {
    const attempts = this.options.faults
      .map((fault) => (fault.kind === 'refuse-destroy' ? fault.times : 0))
      .reduce((sum, times) => sum + times, 0);
    let refused = 0;
    const managed = this.state.resources.filter(({ mode }) => mode === 'managed').length;
    for (;;) {
      const run = await this.terraform.run(
        'apply',
        '-destroy',
        '-refresh=false',
        '-json',
        '-input=false',
        '-auto-approve',
      );
      if (run.code === 0) break;
      this.asked('destroy', run);
      refused += 1;
      if (refused > attempts) throw this.terraform.failure('destroy', run);
    }
    const left = readState(this.options.stateFile).resources.filter(({ mode }) => mode === 'managed');
    if (left.length > 0) {
      throw new NotAsExpected(`Not destroyed: ${left.map(({ address }) => address).join(', ')}`);
    }
    const { protectedResources } = this.options;
    return [
      ...(refused > 0 ? [`refused ${refused === 1 ? 'once' : `${refused} times`} as asked`] : []),
      tellCounts({ add: 0, change: 0, remove: managed }, false),
      ...(protectedResources.length > 0
        ? [`prevent_destroy taken from ${protectedResources.join(', ')}`]
        : []),
    ].join(', ');
  }

  /** What a plan would do; nothing where it is empty. */
  private async differences(
    file: string,
    { always = false } = {},
  ): Promise<{ readonly differences: readonly string[]; readonly drift: readonly PlannedChange[] }> {
    const run = await this.terraform.run(
      'plan',
      '-json',
      '-input=false',
      '-detailed-exitcode',
      `-out=${file}`,
    );
    if (run.code !== 0 && run.code !== 2) throw this.terraform.failure('plan', run);
    const { drift: drifted } = readPlanLines(run.stdout);
    if (run.code === 0 && drifted.length === 0 && !always) return { differences: [], drift: [] };
    const { resources, outputs, drift } = await this.terraform.show(file);
    const output = outputs.map((change) => ({ ...change, address: `output ${change.address}` }));
    const found = [...resources, ...output, ...drift].flatMap(lines);
    return { differences: found.length === 0 ? ['  a data source is read again'] : found, drift };
  }

  /** The fault that made a command fail; throws what else made it fail. */
  private asked(command: string, run: EngineRun): string {
    const errors = run.diagnostics.filter(({ severity }) => severity === 'error');
    const unasked = errors.filter(({ detail }) => detail?.includes(REHEARSED) !== true);
    if (errors.length === 0 || unasked.length > 0) {
      throw this.terraform.failure(command, { ...run, diagnostics: unasked });
    }
    for (const { detail = '' } of errors) {
      this.options.faults
        .filter((fault) => fault.kind === 'refuse-destroy' && detail.includes(`this ${fault.type} `))
        .forEach((fault) => this.options.onFault(fault));
    }
    return errors.map(({ address, summary }) => `${address ?? ''}: ${summary}`).join('; ');
  }

  /** False where no resource stands at the address. */
  private locate(fault: DriftFault): boolean {
    const kept = keptBeside(this.options.stateFile, fault.address);
    if (kept !== undefined) this.options.locate(fault, kept);
    return kept !== undefined;
  }

  private async step(name: StepName, work: () => Promise<Seen>): Promise<boolean> {
    const start = performance.now();
    const seconds = (): number => Math.round(performance.now() - start) / 1000;
    try {
      const seen = await work();
      if (typeof seen === 'object') {
        this.record({ name, status: 'skipped', seconds: seconds(), note: seen.skipped });
      } else {
        this.record({ name, status: 'passed', seconds: seconds(), ...(seen === '' ? {} : { note: seen }) });
      }
      return true;
    } catch (error) {
      const text =
        error instanceof NotAsExpected ? error.message : describeError(error, this.options.verbose).message;
      this.record({ name, status: 'failed', seconds: seconds(), error: text });
      return false;
    }
  }

  private record(step: StepResult): void {
    if (this.options.signal.aborted) return;
    this.steps.push(step);
    this.options.onStep(step);
  }
}

/** A step that ran, and showed something else than it should. */
class NotAsExpected extends Error {}

/** An update of Terraform's own data also changes its output. */
function isOf(type: string, attribute: string): (change: { readonly path: string }) => boolean {
  return ({ path }) => path === attribute || (type === 'terraform_data' && path === 'output');
}

function lines({ address, action, importId, previousAddress, attributes }: PlannedChange): string[] {
  const origin = [
    ...(importId === undefined ? [] : [`, id ${JSON.stringify(importId)}`]),
    ...(previousAddress === undefined ? [] : [`, from ${previousAddress}`]),
  ].join('');
  const told = attributes.map(
    ({ path, before, after }) =>
      `    ${path === '' ? 'value' : path}: ${before ?? '(none)'} -> ${after ?? '(none)'}`,
  );
  return [`  ${action} ${address}${origin}`, ...told];
}
