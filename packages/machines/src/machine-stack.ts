import { DEFAULT_TASK_SECONDS, Stack, type Task, type Workload } from '@mlterra/core';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { VOLUME_FOLDER } from './cloud-init/machine-files';
import { FILES_LOCAL, UserData } from './cloud-init/user-data';
import { composeProject, type ComposePart, type ComposeProject } from './compose/compose-project';
import type { PortBinding } from './compose/port-binding';
import { serviceName } from './compose/service-name';
import { terraformResolver } from './compose/terraform-resolver';
import { cloudsMixed, portTaken, replicasWithVolumes } from './errors';
import { HEALTH_PATH, HEALTH_PORT } from './cloud-init/health';
import type { MachineCloud, ReachableMachines } from './machine-host';

const ID = 'Machines';

const DEFAULT_STOP_SECONDS = 30;

/** Until the first answer of a new machine: packages, images, the start of programs. */
const START_SECONDS = 1800;

/** What one stack runs on machines: one project, on one group. */
export class MachineStack extends Construct {
  public readonly group: ReachableMachines;
  private readonly parts: ComposePart[] = [];
  private readonly portOwners = new Map<number, string>([[HEALTH_PORT, 'the health check of the machine']]);
  private readonly published: Record<string, readonly PortBinding[]> = {};
  private project: ComposeProject;

  private constructor(
    private readonly stack: Stack,
    private readonly cloud: MachineCloud,
  ) {
    super(stack, ID);
    this.project = this.render();
    const userData = new UserData(this, 'UserData', {
      ...cloud,
      project: () => ({
        project: this.project,
        workloads: this.workloadServices(),
        taskSeconds: this.taskSeconds(),
        stopSeconds: this.stopSeconds(),
      }),
      profile: stack.profile,
    });
    this.group = cloud.addGroup(this, 'Group', {
      userData: userData.value,
      machines: Lazy.numberValue({ produce: () => this.machines() }),
      healthCheck: { port: HEALTH_PORT, httpPath: HEALTH_PATH, startSeconds: START_SECONDS },
    });
    this.node.addValidation({ validate: () => this.validateReplicas() });
  }

  /** The one of the stack that `scope` is in. */
  public static of(scope: Construct, cloud: MachineCloud): MachineStack {
    const stack = Stack.ofConstruct(scope);
    const existing = stack.node.tryFindChild(ID) as MachineStack | undefined;
    if (existing && existing.cloud !== cloud) throw cloudsMixed(scope.node.path);
    return existing ?? new MachineStack(stack, cloud);
  }

  /** @param path of the construct that runs it, for messages */
  public addWorkload(path: string, name: string, workload: Workload): void {
    for (const { ports = {} } of Object.values(workload.containers)) {
      for (const [portName, { port }] of Object.entries(ports)) {
        const owner = this.portOwners.get(port);
        if (owner !== undefined) throw portTaken(path, port, owner);
        this.portOwners.set(port, path);
        this.published[`${name}.${portName}`] = [{ port }];
      }
    }
    this.addPart({ kind: 'workload', name, workload });
  }

  public addTask(name: string, task: Task): void {
    this.addPart({ kind: 'task', name, task });
  }

  /** Rendered again with each part: what it reads of other stacks has to be known before the synth. */
  private addPart(part: ComposePart): void {
    this.parts.push(part);
    this.project = this.render();
  }

  private render(): ComposeProject {
    const { environment, stage, stack } = this.stack.stackKey;
    return composeProject({
      parts: this.parts,
      resolver: terraformResolver(this, FILES_LOCAL),
      profile: this.stack.profile,
      labels: {
        'dev.mlterra.environment': environment,
        'dev.mlterra.stage': stage,
        'dev.mlterra.stack': stack,
      },
      published: this.published,
      volumeFolder: VOLUME_FOLDER,
    });
  }

  private workloads(): readonly { readonly name: string; readonly workload: Workload }[] {
    return this.parts.filter((part) => part.kind === 'workload');
  }

  private workloadServices(): readonly string[] {
    return this.workloads().flatMap(({ name, workload: { containers } }) =>
      Object.keys(containers).map((container) => serviceName(name, containers, container)),
    );
  }

  private machines(): number {
    return Math.max(1, ...this.workloads().map(({ workload: { replicas = 1 } }) => replicas));
  }

  private taskSeconds(): number {
    return this.parts.reduce(
      (sum, part) => (part.kind === 'task' ? sum + (part.task.timeoutSeconds ?? DEFAULT_TASK_SECONDS) : sum),
      0,
    );
  }

  private stopSeconds(): number {
    const graces = this.workloads().flatMap(({ workload: { containers } }) =>
      Object.values(containers).map(({ stopGraceSeconds = DEFAULT_STOP_SECONDS }) => stopGraceSeconds),
    );
    return Math.max(DEFAULT_STOP_SECONDS, ...graces);
  }

  private validateReplicas(): string[] {
    const machines = this.machines();
    const { volumes } = this.project;
    return machines > 1 && volumes.length > 0
      ? [replicasWithVolumes(this.stack.node.path, machines, volumes).message]
      : [];
  }
}
