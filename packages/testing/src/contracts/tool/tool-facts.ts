import type { PlatformKind, ServiceOutput } from '@mlterra/core';
import type { Check, CheckContext } from '../check';
import type {
  ChartFacts,
  ObjectFacts,
  ObjectStoreFacts,
  PostgresFacts,
  TaskFacts,
  WorkloadFacts,
} from '../facts';
import type { ToolRecipe, WorkloadExpectation } from '../recipe';

/** What is there of one tool in a stage, and what it must fit. */
export interface ToolFacts {
  readonly recipe: Pick<ToolRecipe, 'tool' | 'needs' | 'expectations'>;
  /** `<stage>-<stack>` of the tool. */
  readonly stack: string;
  /** Programs in the tool's stack, and in those that were built before it. */
  readonly workloads: readonly WorkloadFacts[];
  /** Tasks in the same stacks. */
  readonly tasks: readonly TaskFacts[];
  /** Charts in the same stacks. */
  readonly charts: readonly ChartFacts[];
  /** Kubernetes objects in the same stacks. */
  readonly objects: readonly ObjectFacts[];
  /** All PostgreSQL servers of the stage. */
  readonly postgresServers: readonly PostgresFacts[];
  /** All object stores of the stage. */
  readonly objectStores: readonly ObjectStoreFacts[];
  /** What the tool's stack announces. */
  readonly services: readonly ServiceOutput[];
  /** Outputs of the tool's stack that anyone may read, as texts by name. */
  readonly plainOutputs: Readonly<Record<string, string>>;
  /** Secrets of the stage, as generated. */
  readonly secrets: readonly string[];
}

/** Checks that mean nothing on a kind of platform, and why. */
const meaninglessOn: Readonly<Record<PlatformKind, Readonly<Record<string, string>>>> = {
  host: {
    'image-pinned': 'a host runs no images',
    'database-tls': 'everything on a host is on loopback',
    'non-root': 'all processes run as one ordinary account',
    'read-only-root': 'a process has the file system of the machine',
    'capabilities-dropped': 'an ordinary account has none',
    'no-privilege-escalation': 'an ordinary account has no image to escalate in',
    seccomp: 'a host filters no system calls',
    resources: 'a host divides nothing up',
    'api-token': 'a host has no API',
  },
  docker: {
    'program-pinned': 'images hold their programs',
    'database-tls': 'the network of the containers does not leave the engine',
    'api-token': 'an engine has no API of a cluster',
  },
  kubernetes: { 'program-pinned': 'images hold their programs' },
  machines: {
    'program-pinned': 'images hold their programs',
    'api-token': 'machines have no API of a cluster',
  },
};

/** Whether a check means something on the platform. */
export function applicable(check: string, { platformKind }: Pick<CheckContext, 'platformKind'>): boolean {
  return !(check in meaninglessOn[platformKind]);
}

/** A program with what is expected of it; undefined where the program is missing. */
export interface Expected {
  readonly expectation: WorkloadExpectation;
  readonly workload?: WorkloadFacts;
}

export function expectedWorkloads({ recipe, workloads }: ToolFacts): readonly Expected[] {
  return recipe.expectations.workloads.map((expectation) => ({
    expectation,
    workload: workloads.find(({ container, name }) => (container ?? name) === expectation.container),
  }));
}

/** A check of every program by itself; one that is missing is red in `programs` only. */
export function workloadCheck(
  check: Omit<Check<ToolFacts>, 'find' | 'applies'> & {
    /** Whether the rule means anything for a program. @default - it always does */
    readonly concerns?: (expectation: WorkloadExpectation, context: CheckContext) => boolean;
    readonly find: (
      workload: WorkloadFacts,
      expectation: WorkloadExpectation,
      facts: ToolFacts,
      context: CheckContext,
    ) => readonly string[];
  },
): Check<ToolFacts> {
  const { id, rule, concerns = () => true, find } = check;
  return {
    id,
    rule,
    applies: ({ recipe }, context) =>
      applicable(id, context) && recipe.expectations.workloads.some((each) => concerns(each, context)),
    find: (facts, context) =>
      expectedWorkloads(facts)
        .filter(({ expectation }) => concerns(expectation, context))
        .flatMap(({ expectation, workload }) =>
          workload === undefined ? [] : find(workload, expectation, facts, context),
        ),
  };
}
