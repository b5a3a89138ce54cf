import { SERVICE_OUTPUT_PREFIX, type ServiceOutput } from '@mlterra/core';
import type { RehearsedStack } from '@mlterra/rehearsal';
import type {
  ClusterFacts,
  MachineGroupFacts,
  ObjectStoreFacts,
  Observer,
  PostgresFacts,
  Rehearsed,
  WorkloadFacts,
} from './facts';
import type { ToolRecipe } from './recipe';
import type { ToolFacts } from './tool/tool-facts';

/** All that an observer sees in a stage. */
export interface StageFacts {
  readonly clusters: readonly ClusterFacts[];
  readonly postgresServers: readonly PostgresFacts[];
  readonly objectStores: readonly ObjectStoreFacts[];
  readonly machineGroups: readonly MachineGroupFacts[];
  readonly workloads: readonly WorkloadFacts[];
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
    secrets: secretsOf(stage),
  };
}

/** The facts about the tool in one stack. */
export function toolFacts(
  recipe: ToolRecipe,
  stack: string,
  stage: Rehearsed,
  { workloads, postgresServers, objectStores, secrets }: StageFacts,
): ToolFacts {
  const outputs = Object.entries(stage.stacks.find((each) => stackName(each) === stack)?.outputs ?? {});
  return {
    recipe,
    stack,
    workloads: workloads.filter((workload) => workload.stack === stack),
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
