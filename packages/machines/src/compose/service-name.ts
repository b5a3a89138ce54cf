/**
 * Name of the service for a container, and of its host in the network of the project: that of the workload, with that of
 * the container behind it where the workload has several.
 */
export function serviceName(
  workload: string,
  containers: Readonly<Record<string, unknown>>,
  container: string,
): string {
  return Object.keys(containers).length === 1 ? workload : `${workload}-${container}`;
}

/** Name of the service that gives the volumes of another one to its user. */
export function ownershipName(service: string): string {
  return `${service}-volumes`;
}
