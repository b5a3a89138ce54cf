import { SERVICE_OUTPUT_PREFIX, type PlatformKind, type ServiceOutput } from '@mlterra/core';
import type { RehearsedStack } from '@mlterra/rehearsal';
import type {
  ChartFacts,
  ClusterFacts,
  MachineGroupFacts,
  ObjectFacts,
  ObjectStoreFacts,
  Observer,
  PostgresFacts,
  Rehearsed,
  TaskFacts,
  WorkloadFacts,
} from './facts';
import type { ToolExpectations, ToolRecipe } from './recipe';
import type { ToolFacts } from './tool/tool-facts';

/** All that an observer sees in a stage. */
export interface StageFacts {
  readonly clusters: readonly ClusterFacts[];
  readonly postgresServers: readonly PostgresFacts[];
  readonly objectStores: readonly ObjectStoreFacts[];
  readonly machineGroups: readonly MachineGroupFacts[];
  readonly workloads: readonly WorkloadFacts[];
  readonly tasks: readonly TaskFacts[];
  readonly charts: readonly ChartFacts[];
  readonly objects: readonly ObjectFacts[];
  /** Secrets that Terraform made, or that a stack hands on. */
  readonly secrets: readonly string[];
}

/** `<stage>-<stack>`, as facts name a stack. */
export function stackName({ stackKey: { stage, stack } }: RehearsedStack): string {
  return `${stage}-${stack}`;
}

/** The applied resources of one stage and of those it shares, out of a rehearsal's stacks. */
export function rehearsedStage(stacks: readonly RehearsedStack[], stage: string): Rehearsed {
  const own = stacks.filter(({ stackKey }) => stackKey.stage === stage || stackKey.stage === 'shared');
  return {
    stacks: own,
    resources: (type) =>
      own.flatMap((stack) =>
        stack.resources
          .filter((resource) => resource.mode === 'managed' && resource.type === type)
          .map((resource) => ({ ...resource, stack: stackName(stack) })),
      ),
  };
}

export function observeStage(observer: Observer, stage: Rehearsed): StageFacts {
  return {
    clusters: observer.clusters?.(stage) ?? [],
    postgresServers: observer.postgresServers?.(stage) ?? [],
    objectStores: observer.objectStores?.(stage) ?? [],
    machineGroups: observer.machineGroups?.(stage) ?? [],
    workloads: observer.workloads?.(stage) ?? [],
    tasks: observer.tasks?.(stage) ?? [],
    charts: observer.charts?.(stage) ?? [],
    objects: observer.objects?.(stage) ?? [],
    secrets: secretsOf(stage),
  };
}

/**
 * The facts about one tool.
 * @param stacks its own, then those that were built before it
 */
export function toolFacts(
  recipe: ToolRecipe,
  platformKind: PlatformKind,
  stacks: readonly string[],
  stage: Rehearsed,
  facts: StageFacts,
): ToolFacts {
  const [stack = ''] = stacks;
  const { secrets } = facts;
  const { postgresServers, objectStores } = withServed(facts, recipe, stack);
  const outputs = stage.stacks
    .filter((each) => stacks.includes(stackName(each)))
    .flatMap((each) => Object.entries(each.outputs));
  const own = <T extends { readonly stack: string }>(all: readonly T[]): readonly T[] =>
    all.filter((each) => stacks.includes(each.stack));
  return {
    recipe: { ...recipe, expectations: expectationsOn(recipe, platformKind) },
    stack,
    workloads: own(facts.workloads),
    tasks: own(facts.tasks),
    charts: own(facts.charts),
    objects: own(facts.objects),
    postgresServers,
    objectStores,
    services: outputs
      .filter(([name]) => name.startsWith(SERVICE_OUTPUT_PREFIX))
      .map(([, { value }]) => value as ServiceOutput),
    plainOutputs: Object.fromEntries(
      outputs
        .filter(([, { sensitive }]) => !sensitive)
        .map(([name, { value }]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
    secrets,
  };
}

/** What must be true of a tool on a kind of platform. */
export function expectationsOn(
  { expectations }: Pick<ToolRecipe, 'expectations'>,
  platformKind: PlatformKind,
): ToolExpectations {
  const workloads = expectations.workloads.filter(({ on }) => on?.includes(platformKind) ?? true);
  // Charts and objects are the business of clusters.
  const { charts, objects, ...others } = expectations;
  return platformKind === 'kubernetes' ? { ...others, workloads, charts, objects } : { ...others, workloads };
}

/** The servers and stores of the stage, with those that the tool itself is. */
function withServed(
  facts: StageFacts,
  { serves }: ToolRecipe,
  stack: string,
): Pick<StageFacts, 'postgresServers' | 'objectStores'> {
  const { postgresServers, objectStores } = facts;
  if (serves?.need === 'database') {
    const own = serves.facts(facts).filter((server) => server.stack === stack);
    return { objectStores, postgresServers: [...postgresServers, ...own] };
  }
  if (serves?.need === 'objectStore') {
    const seen = new Set(objectStores.map(({ address }) => address));
    const own = serves.facts(facts).filter((each) => each.stack === stack && !seen.has(each.address));
    return { postgresServers, objectStores: [...objectStores, ...own] };
  }
  return { postgresServers, objectStores };
}

/** Attributes in which resources of Terraform's own providers hold a secret that they made. */
const GENERATED: Readonly<Record<string, readonly string[]>> = {
  random_password: ['result'],
  tls_private_key: ['private_key_pem', 'private_key_openssh', 'private_key_pem_pkcs8'],
};

function secretsOf({ stacks, resources }: Rehearsed): readonly string[] {
  const generated = Object.entries(GENERATED).flatMap(([type, attributes]) =>
    resources(type).flatMap(({ values }) => attributes.map((attribute) => values[attribute])),
  );
  const handedOn = stacks.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ value, sensitive }) => (sensitive ? [value] : [])),
  );
  return [...new Set([...generated, ...handedOn].filter((value) => typeof value === 'string'))];
}
