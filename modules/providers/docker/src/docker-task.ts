import { DEFAULT_TASK_SECONDS, Stack, workloadName, type Task } from '@mlterra/core';
import { Construct } from 'constructs';
import type { ContainerPlace } from './container-place';
import { runContainer } from './run-container';

/** A container that runs to its end; it stays, so that its log can be read. */
export class DockerTask extends Construct {
  /** Name in the network of the stage. */
  public readonly name: string;

  public constructor(scope: Construct, id: string, task: Task, place: ContainerPlace) {
    super(scope, id);
    const name = place.names.of(Stack.ofConstruct(this), this.node.path, workloadName(this));
    this.name = name;
    const container = runContainer(this, {
      place,
      container: task,
      label: 'task',
      name,
      workload: name,
      kind: 'task',
      aliases: [name],
      seconds: task.timeoutSeconds ?? DEFAULT_TASK_SECONDS,
      config: { mustRun: false, restart: 'no' },
      dependsOn: [],
    });
    place.stack.addTask(container);
  }
}
