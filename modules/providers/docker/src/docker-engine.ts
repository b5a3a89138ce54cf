import { Network } from '@cdktf/provider-docker/lib/network';
import { Id } from '@cdktf/provider-random/lib/id';
import {
  addComposeExport,
  checkTask,
  checkWorkload,
  childWorkloadName,
  exportOutputs,
  Publisher,
  renderLiteral,
  Stack,
  type ContainerPlatform,
  type GenerateSecretProps,
  type Identity,
  type PublishedPorts,
  type RunningWorkload,
  type Secret,
  type StackOutput,
  type Task,
  type Workload,
  type WorkloadPort,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { BuiltImages, type BuildImageProps } from './built-images';
import type { ContainerPlace } from './container-place';
import { DockerProject } from './docker-project';
import { DockerSecret, randomProvider } from './docker-secret';
import { DockerStack, type EngineConnection } from './docker-stack';
import { DockerTask } from './docker-task';
import { DockerWorkload } from './docker-workload';
import { identityForeign } from './errors';
import { stackLabels } from './labels';
import { stagePrefix } from './names';
import { StageNames } from './stage-names';

export type { BuildImageProps } from './built-images';

export interface DockerEngineProps {
  /**
   * Ports of 127.0.0.1 of the engine's machine by the ports of workloads that they lead to, e.g.
   * `{ 'mlflow.http': 5510 }`. What is not here can be reached by the workloads of the stage only. @default - none
   */
  readonly publish?: PublishedPorts;
  /**
   * Where the engine is: `unix://…`, `tcp://…` or `ssh://…`.
   * @default - the variable `DOCKER_CONTEXT` or `DOCKER_HOST` of whoever applies, else the engine of this machine; where a
   * stack was applied is kept, and runs that these variables lead elsewhere are refused
   */
  readonly host?: string;
}

/** A Docker engine. What runs on it in one stage shares a network, in which workloads have their names. */
export class DockerEngine extends Construct implements ContainerPlatform {
  public readonly platformKind = 'docker';
  public readonly listenAddress = '0.0.0.0';
  /** Name of the stage's network. */
  public readonly network: StackOutput;
  private readonly connection: EngineConnection;
  private readonly publisher: Publisher;
  private readonly project: DockerProject;
  private readonly images = new BuiltImages();
  private readonly names = new StageNames();
  private readonly identities = new Set<Identity>();

  public constructor(scope: Construct, id: string, props: DockerEngineProps = {}) {
    super(scope, id);
    this.publisher = new Publisher(this, props.publish ?? {});
    this.project = new DockerProject(this, props.publish ?? {});
    randomProvider(this);
    const instance = new Id(this, 'Instance', { byteLength: 8 });
    this.connection = {
      host: props.host,
      stack: Stack.ofConstruct(this),
      instance: exportOutputs(this, { instance: instance.hex }).instance,
    };
    const stack = DockerStack.of(this, this.connection);
    const name = stagePrefix(this);
    const network = new Network(this, 'Resource', {
      name: renderLiteral(name),
      driver: 'bridge',
      labels: stackLabels(this, instance.hex),
    });
    network.overrideLogicalId('network');
    stack.addNetwork(name);
    this.network = exportOutputs(this, { network: network.name }).network;
    addComposeExport(this, (known) => this.project.render(known));
  }

  /** No cloud knows the containers of an engine: an identity is a name only. */
  public addIdentity(scope: Construct, id: string): Identity {
    const part = new Construct(scope, id);
    const identity = { scope: part, name: `${Stack.ofConstruct(part).stackKey.stack}-${id.toLowerCase()}` };
    this.identities.add(identity);
    return identity;
  }

  public hostHeaders(scope: Construct, id: string, { name, port }: WorkloadPort): readonly string[] {
    const workload = this.names.of(
      Stack.ofConstruct(scope),
      `${scope.node.path}/${id}`,
      childWorkloadName(scope, id),
    );
    const published = this.publisher.peek(workload, name.slice(name.indexOf('.') + 1));
    return [
      `${workload}:${port}`,
      `${stagePrefix(scope)}-${workload}:${port}`,
      ...(published === undefined ? [] : [`localhost:${published}`, `127.0.0.1:${published}`]),
    ];
  }

  public run(scope: Construct, id: string, workload: Workload): RunningWorkload {
    const { identity } = workload;
    const path = `${scope.node.path}/${id}`;
    checkWorkload(path, workload);
    if (identity !== undefined && !this.identities.has(identity)) throw identityForeign(path, identity.name);
    const running = new DockerWorkload(scope, id, workload, this.place(scope));
    this.project.addWorkload(running.name, workload);
    return running;
  }

  public runTask(scope: Construct, id: string, task: Task): void {
    checkTask(`${scope.node.path}/${id}`, task);
    const { name } = new DockerTask(scope, id, task, this.place(scope));
    this.project.addTask(name, task);
  }

  public generateSecret(scope: Construct, id: string, props: GenerateSecretProps = {}): Secret {
    const made = new DockerSecret(scope, id, props);
    this.project.addSecret(made);
    return made.secret;
  }

  /** Builds an image on the engine, in the stack of `scope`; workloads that name it come after it. */
  public buildImage(scope: Construct, id: string, props: BuildImageProps): void {
    DockerStack.of(scope, this.connection);
    this.images.build(scope, id, props);
  }

  private place(scope: Construct): ContainerPlace {
    const stack = DockerStack.of(scope, this.connection);
    return {
      stack,
      network: this.network,
      instance: this.connection.instance,
      publisher: this.publisher,
      imageId: (user, image) => this.images.imageId(user, stack, image),
      names: this.names,
    };
  }
}
