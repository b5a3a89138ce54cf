import {
  applicable,
  expectationsOn,
  type CheckReport,
  type PlatformRecipe,
  type ToolRecipe,
} from '@mlterra/testing/contracts';

/**
 * Checks without which a cell does not count, of those that the tool has something for: what runs, its databases,
 * its secrets, its object stores, who reaches it, whom it reaches and what it may do.
 */
export function requiredChecks(tool: ToolRecipe, platform: PlatformRecipe): readonly string[] {
  const expectations = expectationsOn(tool, platform.platformKind);
  const { workloads, runsPostgres = false, services = [], charts = [], objects = [] } = expectations;
  const any = (has: (workload: (typeof workloads)[number]) => unknown[] | readonly unknown[]): boolean =>
    workloads.some((workload) => has(workload).length > 0);
  const databases = any(({ databaseUrls = [] }) => databaseUrls);
  const stores = any(({ objectStores = [] }) => objectStores);
  const onHost = platform.platformKind === 'host';
  const onCluster = platform.platformKind === 'kubernetes';
  return [
    'rehearsed',
    'recipe',
    'credentials-by-reference',
    ...(runsPostgres ? ['server'] : []),
    ...(workloads.length > 0 ? ['programs', onHost ? 'program-pinned' : 'image-pinned'] : []),
    ...(databases ? ['database-url', ...(applicable('database-tls', platform) ? ['database-tls'] : [])] : []),
    ...(stores ? ['object-store', ...(platform.accessManagement ? ['grants'] : [])] : []),
    ...(any(({ ports = [] }) => ports) ? ['reachable'] : []),
    ...(services.length > 0 && (workloads.length > 0 || runsPostgres) ? ['services'] : []),
    ...(charts.length > 0 ? ['charts', 'chart-values', 'pod-security'] : []),
    ...(charts.some(({ off = [] }) => off.length > 0) ? ['chart-bundled-off'] : []),
    ...(objects.length > 0 ? ['objects'] : []),
    ...(onCluster && workloads.length + charts.length > 0 ? ['egress'] : []),
    ...(onHost ? [] : ['catalogued']),
  ];
}

/** Required checks that did not run. */
export function missingChecks(
  { ran }: CheckReport,
  tool: ToolRecipe,
  platform: PlatformRecipe,
): readonly string[] {
  return requiredChecks(tool, platform).filter((check) => !ran.includes(check));
}
