import { checkTask, DEFAULT_TASK_SECONDS, workloadName, type Task } from '@mlterra/core';
import { Construct } from 'constructs';
import type { KubernetesStack } from './kubernetes-stack';
import { podContainer } from './pod-container';
import { taskObjects } from './task-objects';
import { WorkloadData } from './workload-data';

/** Name of the one container. */
const CONTAINER = 'task';

/** A task as a Job beside the workloads of its stack. */
export class KubernetesTask extends Construct {
  public constructor(scope: Construct, id: string, stack: KubernetesStack, task: Task) {
    super(scope, id);
    const { path } = this.node;
    checkTask(path, task);
    const name = workloadName(this);
    const data = new WorkloadData(this);
    const podContainers = [podContainer(this, { name: CONTAINER, container: task, secretName: name, data })];
    const timeoutSeconds = task.timeoutSeconds ?? DEFAULT_TASK_SECONDS;
    const { namespace, labels, cluster } = stack;
    const deadlineSeconds = cluster.schedulingSeconds + timeoutSeconds;
    for (const object of taskObjects({
      name,
      namespace,
      labels,
      task,
      podContainers,
      data,
      deadlineSeconds,
      strict: stack.isStrict,
      stageLabels: stack.stageLabels,
    })) {
      stack.addObject(path, object);
    }
    if (Object.keys(data.secrets).length > 0) stack.addSecret(path, name, data.secrets);
    stack.allowStart(timeoutSeconds);
  }
}
