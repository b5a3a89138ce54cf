import type { Check } from '../check';
import { chartChecks } from './chart-checks';
import { credentialChecks } from './credential-checks';
import { databaseChecks } from './database-checks';
import { egressChecks } from './egress-checks';
import { hardeningChecks } from './hardening-checks';
import { objectChecks } from './object-checks';
import { objectStoreUseChecks } from './object-store-checks';
import { programChecks } from './program-checks';
import { reachChecks } from './reach-checks';
import { taskChecks } from './task-checks';
import type { ToolFacts } from './tool-facts';

/** A recipe that keeps silent about what its tool needs would prove nothing. */
const recipeComplete: Check<ToolFacts> = {
  id: 'recipe',
  rule: 'The recipe says where the tool finds everything it needs.',
  find: ({ recipe: { tool, needs = [], expectations } }) => {
    const { workloads, runsPostgres = false, services = [], charts = [], objects = [] } = expectations;
    // What a chart or an operator makes of it is theirs to know.
    const isMadeByOthers = charts.length + objects.length > 0;
    return [
      ...(workloads.length > 0 || runsPostgres || isMadeByOthers
        ? []
        : [`${tool}: the recipe expects no program, no chart and no object, expected one`]),
      ...(!isMadeByOthers &&
      needs.includes('database') &&
      !workloads.some(({ databaseUrls = [] }) => databaseUrls.length > 0)
        ? [`${tool}: it needs a database, but the recipe expects no database URL`]
        : []),
      ...(!isMadeByOthers &&
      needs.includes('objectStore') &&
      !workloads.some(({ objectStores = [] }) => objectStores.length > 0)
        ? [`${tool}: it needs an object store, but the recipe expects no URI of one`]
        : []),
      ...(services.length > 0 &&
      !runsPostgres &&
      !isMadeByOthers &&
      !workloads.some(({ ports = [] }) => ports.length > 0)
        ? [`${tool}: it announces a service, but the recipe expects no port`]
        : []),
    ];
  },
};

/** What holds for every tool on every platform. */
export const toolChecks: readonly Check<ToolFacts>[] = [
  recipeComplete,
  ...programChecks,
  ...databaseChecks,
  ...credentialChecks,
  ...objectStoreUseChecks,
  ...reachChecks,
  ...hardeningChecks,
  ...taskChecks,
  ...chartChecks,
  ...objectChecks,
  ...egressChecks,
];
