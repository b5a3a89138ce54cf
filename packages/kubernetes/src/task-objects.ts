import type { Task } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import { WORKLOAD_LABEL } from './labels';
import type { KubernetesObject } from './object';
import { podAnnotations, podSpec } from './pod-spec';
import { programPolicy } from './program-policy';
import type { WorkloadData } from './workload-data';

/** How often a task that fails is tried again, with longer and longer pauses. */
const RETRIES = 5;

export interface TaskObjectsProps {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the stack. */
  readonly labels: Readonly<Record<string, string>>;
  readonly task: Task;
  readonly podContainers: readonly k8s.Container[];
  readonly data: WorkloadData;
  /** When it is given up, counted from the making of the Job: the pull of its image is in it. */
  readonly deadlineSeconds: number;
  /** Whether pods reach only what is declared. */
  readonly strict: boolean;
  /** Labels of the namespaces of the same stage. */
  readonly stageLabels: Readonly<Record<string, string>>;
}

/**
 * The objects of a task but its Secret. Kubernetes lets nobody change a Job: the chart adds a checksum of all of it,
 * and of the texts it reads, to its name, so that a changed task is another Job.
 */
export function taskObjects(props: TaskObjectsProps): readonly KubernetesObject[] {
  const { name, namespace, data } = props;
  const labels = { ...props.labels, [WORKLOAD_LABEL]: name };
  const metadata = { name, namespace, labels };
  const job: unknown = k8s.KubeJob.manifest({
    metadata,
    spec: {
      backoffLimit: RETRIES,
      activeDeadlineSeconds: props.deadlineSeconds,
      template: {
        metadata: { labels, ...podAnnotations(props) },
        spec: {
          ...podSpec({
            ...props,
            // A namespace always has this account; it may do nothing.
            serviceAccount: 'default',
            containers: [props.task],
            claimName: ({ name: volume }) => volume,
          }),
          // The pods that failed stay, with what they printed.
          restartPolicy: 'Never',
        },
      },
    },
  });
  const config: unknown[] =
    Object.keys(data.config).length > 0 ? [k8s.KubeConfigMap.manifest({ metadata, data: data.config })] : [];
  const { connectsTo = [] } = props.task;
  const policies: readonly unknown[] = programPolicy({ ...props, ports: [], published: [], connectsTo });
  return [...config, ...policies, job] as KubernetesObject[];
}
