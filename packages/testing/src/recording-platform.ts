import {
  checkTask,
  childWorkloadName,
  exportOutputs,
  text,
  workloadName,
  type ContainerPlatform,
  type ObjectStore,
  type ObjectStoreAccess,
  type Peer,
  type Task,
  type Workload,
  type WorkloadPort,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { record, Recording, renderProgram } from './recording';

/** A platform of containers on which nothing runs, see {@link Recording}; workloads find each other by name. */
export class RecordingPlatform extends Recording implements ContainerPlatform {
  public readonly listenAddress = '0.0.0.0';
  private readonly recordedTasks: Task[] = [];

  public constructor(public readonly platformKind: ContainerPlatform['platformKind'] = 'docker') {
    super();
  }

  /** The tasks that were given to {@link runTask}, in order. */
  public get tasks(): readonly Task[] {
    return this.recordedTasks;
  }

  public runTask(scope: Construct, id: string, task: Task): void {
    const run = new Construct(scope, id);
    checkTask(run.node.path, task);
    this.recordedTasks.push(task);
    record(run, 'Resource', {
      task: { name: workloadName(run), ...renderProgram(run, task) },
      ...this.taskDetails?.(run, task),
    });
  }

  /** What is recorded beside a task. */
  protected taskDetails?(run: Construct, task: Task): object;

  public hostHeaders(scope: Construct, id: string, { port }: WorkloadPort): readonly string[] {
    return [`${childWorkloadName(scope, id)}:${port}`, `localhost:${port}`];
  }

  /** As a server that speaks S3 would offer it. */
  public override addObjectStore(scope: Construct, id: string): ObjectStore {
    const store = new Construct(scope, id);
    const name = `objects-${workloadName(store)}`;
    const outputs = exportOutputs(store, { bucket: name, accessKeyId: name, uri: `s3://${name}` });
    const { bucket, accessKeyId } = outputs;
    const secretAccessKey = this.generateSecret(store, 'Key');
    const endpoint = text`http://objects.example.org:7070`;
    const access: ObjectStoreAccess = {
      uri: text`s3://${bucket}`,
      variables: {
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
      s3: { endpoint, region: 'us-east-1', bucket, accessKeyId, secretAccessKey },
      peers: this.storePeers(),
    };
    return { grantReadWrite: () => access };
  }

  /** What clients of the object stores connect to. */
  protected storePeers(): readonly Peer[] {
    return [];
  }

  protected hostOf(construct: Construct): string {
    return workloadName(construct);
  }

  protected override details(_run: Construct, { replicas = 1 }: Workload): object {
    return { platform: { kind: this.platformKind, replicas } };
  }
}
