import type { TargetConfiguration } from '@nx/devkit';
import { E2E_TARGET, ENGINE_TARGETS, executorOf, REHEARSE_TARGET } from './target-names';

/** What the targets of one environment depend on. */
export interface TargetsInput {
  /** Every stage name of the workspace; each becomes a configuration. */
  readonly stages: readonly string[];
  /** Whether the environment has an end-to-end test. */
  readonly hasE2e: boolean;
  /** Named input that holds the sources without tests and docs. */
  readonly sources: 'production' | 'default';
}

type TargetName = (typeof ENGINE_TARGETS)[number] | typeof REHEARSE_TARGET | typeof E2E_TARGET;

const descriptions: Record<TargetName, string> = {
  synth: 'Writes the Terraform configuration of every stack to cdktf.out. Changes nothing else.',
  plan: 'Shows what an apply would change, stack by stack. Changes nothing.',
  apply:
    'Applies the stacks that changed: shared and unprotected stages, or the stage named by -c. Ends with the services and where their credentials are.',
  destroy: 'Destroys the stacks in reverse order, after asking. Protected stages are refused.',
  drift: 'Compares what runs with what was applied. Changes nothing.',
  output: 'Prints the outputs and the services: name, URL, where the credentials are.',
  rehearse:
    'Plans, applies, changes and destroys every stack against providers that are played: no cloud, no credential, no network.',
  e2e: 'Runs the end-to-end test of the environment (jest.e2e.config.js).',
};

const examples: Record<TargetName, Record<string, unknown>> = {
  synth: { stage: 'dev' },
  plan: { explain: true },
  apply: { all: true },
  destroy: { yes: true },
  drift: { json: true },
  output: { json: true },
  rehearse: { fault: ['fail-create:google_container_cluster:1'] },
  e2e: { stage: 'dev' },
};

/** Settings of the environment the engine reads; they make a task what it is. */
const engineVariables = ['MLTERRA_ENGINE', 'MLTERRA_PARALLELISM', 'TF_CLI_CONFIG_FILE'];

/** The targets of one environment. */
export function environmentTargets(input: TargetsInput): Record<string, TargetConfiguration> {
  const names: readonly TargetName[] = [
    ...ENGINE_TARGETS,
    REHEARSE_TARGET,
    ...(input.hasE2e ? ([E2E_TARGET] as const) : []),
  ];
  return Object.fromEntries(names.map((name) => [name, environmentTarget(name, input)]));
}

function environmentTarget(name: TargetName, { stages, sources }: TargetsInput): TargetConfiguration {
  return {
    executor: executorOf(name),
    dependsOn: ['^build'],
    ...caching(name, sources),
    // It starts and stops what it tests on this machine.
    ...(name === E2E_TARGET ? { parallelism: false } : {}),
    configurations: Object.fromEntries(stages.map((stage) => [stage, { stage }])),
    metadata: {
      technologies: ['terraform'],
      description: descriptions[name],
      help: { command: `npx nx ${name} --help`, example: { options: examples[name] } },
    },
  };
}

function caching(name: TargetName, sources: 'production' | 'default'): Partial<TargetConfiguration> {
  const inputs = [sources, `^${sources}`];
  if (name === 'synth') return { cache: true, inputs, outputs: ['{projectRoot}/cdktf.out'] };
  if (name === E2E_TARGET) return { cache: false, inputs: ['default', `^${sources}`] };
  // A rehearsal is not cached either: its result depends on the Terraform binary and, at other levels, on provider
  // binaries, which Nx cannot hash, and a replayed result would claim what did not run.
  return { cache: false, inputs: [...inputs, ...engineVariables.map((env) => ({ env }))] };
}
