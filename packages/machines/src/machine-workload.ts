import {
  checkWorkload,
  childWorkloadName,
  exportOutputs,
  Stack,
  StackOutput,
  text,
  workloadName,
  type Endpoint,
  type RunningWorkload,
  type Workload,
  type WorkloadPort,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { serviceName } from './compose/service-name';
import { identityForeign, volumesLost } from './errors';
import type { MachineCloud } from './machine-host';
import { MachineStack } from './machine-stack';

/** A workload among the containers of its stack's machines. */
export class MachineWorkload extends Construct implements RunningWorkload {
  public readonly endpoints: Readonly<Record<string, Endpoint>>;

  public constructor(scope: Construct, id: string, workload: Workload, cloud: MachineCloud) {
    super(scope, id);
    const { path } = this.node;
    checkWorkload(path, workload);
    const machines = MachineStack.of(this, cloud);
    const { identity } = workload;
    if (identity !== undefined && identity !== machines.group.identity) {
      throw identityForeign(path, identity.name);
    }
    const volumes = Object.values(workload.containers).flatMap((each) => Object.values(each.volumes ?? {}));
    if (volumes.length > 0 && cloud.dataDisk === undefined && cloud.keepsMachines !== true) {
      throw volumesLost(
        path,
        volumes.map((volume) => volume.name),
      );
    }
    const name = workloadName(this);
    machines.addWorkload(path, name, workload);
    const endpoints: Record<string, Endpoint> = {};
    for (const [containerName, { ports = {} }] of Object.entries(workload.containers)) {
      const part = new Construct(this, containerName);
      for (const [portName, port] of Object.entries(ports)) {
        const scopeOfPort = new Construct(part, portName);
        machines.group.openPort(scopeOfPort, 'Open', { port, from: cloud.clients });
        const outside = exportOutputs(scopeOfPort, {
          host: machines.group.address.at(scopeOfPort),
          port: port.port,
        });
        // Beside it, on the same machine, it has a name; from elsewhere it is the machine that has one.
        const host = new StackOutput(
          Stack.ofConstruct(this),
          outside.host.name,
          serviceName(name, workload.containers, containerName),
        );
        endpoints[`${containerName}.${portName}`] = {
          host,
          port: outside.port,
          url: text`${port.protocol}://${host}:${outside.port}`,
          outsideUrl: text`${port.protocol}://${outside.host}:${outside.port}`,
          peers: [],
        };
      }
    }
    this.endpoints = endpoints;
  }
}

/** `Host` headers for the workload that `run(scope, id, …)` starts: of clients beside it, and of those of the machine. */
export function hostHeaders(
  scope: Construct,
  id: string,
  { name, port }: WorkloadPort,
  cloud: MachineCloud,
): readonly string[] {
  const workload = childWorkloadName(scope, id);
  const container = name.split('.')[0]!;
  const { hostNames = [] } = MachineStack.of(scope, cloud).group;
  return [workload, `${workload}-${container}`, ...hostNames, 'localhost', '127.0.0.1'].map(
    (host) => `${host}:${port}`,
  );
}
