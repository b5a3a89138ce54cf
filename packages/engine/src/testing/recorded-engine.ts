import type { PlanSummary } from '../terraform/plan-json';

/** What was asked of the engines of stacks, and what they answer; stands in for `run/stack-engine`. */
class Recorder {
  /** `destroy e/dev/a -refresh=false`, … in order. */
  public readonly calls: string[] = [];
  /** Keys whose commands fail. */
  public readonly failing = new Set<string>();
  /** What a plan of a stack finds, by key. @default - one resource to create */
  public readonly plans = new Map<string, PlanSummary>();

  /** Folder and configuration of removed stacks, by key. */
  public readonly configurations = new Map<string, readonly [id: string, text: string]>();

  public clear(): void {
    this.configurations.clear();
    this.calls.length = 0;
    this.failing.clear();
    this.plans.clear();
  }

  public call(command: string, key: string, args: readonly unknown[]): unknown {
    const given = Array.isArray(args[0]) ? (args[0] as string[]) : [];
    if (command === 'forget') return undefined;
    this.calls.push([command, key, ...given].join(' '));
    if (this.failing.has(key)) return Promise.reject(new Error(`${command} of ${key} failed`));
    const plan = this.plans.get(key) ?? CREATION;
    const decide = args.find((arg) => typeof arg === 'function');
    if (command === 'planAndApply' && decide?.(plan) === true) this.calls.push(`applied ${key}`);
    return Promise.resolve(plan);
  }
}

/** A plan that would change nothing. */
export const NOTHING: PlanSummary = { resources: [], outputs: [], drift: [], stampOnly: false };

export const CREATION: PlanSummary = {
  ...NOTHING,
  resources: [{ address: 'terraform_data.R', action: 'create', attributes: [] }],
};

export const recorder = new Recorder();

const engineOf = (key: string): object =>
  new Proxy(
    {},
    {
      get:
        (_, command) =>
        (...args: readonly unknown[]) =>
          recorder.call(String(command), key, args),
    },
  );

/** The part of the class that runs use. */
export const StackEngine = {
  of: (_run: unknown, { key }: { readonly key: string }): object => engineOf(key),
  ofRemoved: (
    _run: unknown,
    { key }: { readonly key: string },
    id: string,
    { configText }: { readonly configText: string },
  ): object => {
    recorder.configurations.set(key, [id, configText]);
    return engineOf(key);
  },
};
