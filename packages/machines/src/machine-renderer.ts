import {
  checkTask,
  workloadName,
  type ContainerPlatform,
  type GenerateSecretProps,
  type Identity,
  type RunningWorkload,
  type Secret,
  type Task,
  type Workload,
  type WorkloadPort,
} from '@mlterra/core';
import { Construct } from 'constructs';
import type { MachineCloud } from './machine-host';
import { MachineSecret } from './machine-secret';
import { MachineStack } from './machine-stack';
import { hostHeaders, MachineWorkload } from './machine-workload';

/**
 * Renders workloads for virtual machines, whoever has them. The platform of a cloud keeps one and delegates the methods of
 * `Platform` to it. Every stack that uses it gets a group of machines, on which all that it runs is one project of Compose.
 */
export class MachineRenderer implements ContainerPlatform {
  public readonly platformKind = 'machines';
  public readonly listenAddress = '0.0.0.0';

  public constructor(private readonly cloud: MachineCloud) {}

  /** That of the machines: containers of a machine are all the same to the cloud. */
  public addIdentity(scope: Construct): Identity {
    return MachineStack.of(scope, this.cloud).group.identity;
  }

  public hostHeaders(scope: Construct, id: string, port: WorkloadPort): readonly string[] {
    return hostHeaders(scope, id, port, this.cloud);
  }

  public run(scope: Construct, id: string, workload: Workload): RunningWorkload {
    return new MachineWorkload(scope, id, workload, this.cloud);
  }

  public runTask(scope: Construct, id: string, task: Task): void {
    const construct = new Construct(scope, id);
    checkTask(construct.node.path, task);
    MachineStack.of(construct, this.cloud).addTask(workloadName(construct), task);
  }

  public generateSecret(scope: Construct, id: string, props: GenerateSecretProps = {}): Secret {
    return new MachineSecret(scope, id, props).secret;
  }
}
