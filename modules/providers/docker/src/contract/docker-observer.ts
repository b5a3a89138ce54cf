import type { Observer, TaskFacts, WorkloadFacts } from '@mlterra/testing/contracts';
import { appliedContainers, type AppliedContainer } from './applied-container';
import { programFacts } from './program-facts';
import { readinessProbe } from './probe-facts';

/** What is on an engine after an apply, read out of the containers as they were applied. */
export const dockerObserver: Observer = {
  provider: 'docker',

  workloads: (stage) =>
    appliedContainers(stage)
      .filter(({ values }) => values.must_run !== false)
      .map((applied) => workloadFacts(applied)),

  tasks: (stage) =>
    appliedContainers(stage)
      .filter(({ values }) => values.must_run === false && values.start !== false)
      .map((applied): TaskFacts => ({
        ...programFacts(applied),
        timeoutSeconds: applied.provision?.kind === 'ended' ? applied.provision.seconds : undefined,
      })),
};

function workloadFacts(applied: AppliedContainer): WorkloadFacts {
  const { values, ports } = applied;
  return {
    ...programFacts(applied),
    container: applied.label,
    ports,
    // Members of one network reach all ports of each other; what is in none reaches nobody.
    reachablePorts: applied.hosts.length === 0 ? [] : ports.map(({ port }) => port),
    hosts: [...applied.hosts, ...(values.ports ?? []).map(() => 'localhost')],
    readinessProbe: readinessProbe(values.healthcheck?.[0]?.test ?? []),
    replicas: 1,
  };
}
