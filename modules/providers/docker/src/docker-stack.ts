import { Image } from '@cdktf/provider-docker/lib/image';
import { DockerProvider } from '@cdktf/provider-docker/lib/provider';
import { imageToPull, renderLiteral, Stack, stackProvider, type StackOutput } from '@mlterra/core';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { enginesMixed } from './errors';
import { logicalId } from './names';
import type { HookContainer, HookData } from './spec';

const HOOKS_MODULE = '@mlterra/docker/hooks';

/** The provider is written against this release; the arguments used are also those of the bindings. */
const PROVIDER_VERSION = '~> 4.5';

/** They differ after every restart of a container, and once a task has ended. */
const VOLATILE = ['docker_container.network_data', 'docker_container.exit_code'];

/** Where an engine is, and which state its things belong to. */
export interface EngineConnection {
  /** @default - `DOCKER_HOST` of whoever applies */
  readonly host?: string;
  /** Stack of the engine. */
  readonly stack: Stack;
  /** Marks what belongs to the state of that stack. */
  readonly instance: StackOutput;
}

/** What one stack has on an engine: the provider, images, and what the hooks must know. */
export class DockerStack extends Construct {
  private readonly containers: HookContainer[] = [];
  private readonly networks: string[] = [];
  private readonly volumes: string[] = [];
  private readonly images = new Map<string, Image>();
  private readonly ownTasks: ITerraformDependable[] = [];

  private constructor(
    private readonly stack: Stack,
    private readonly connection: EngineConnection,
  ) {
    super(stack, 'Docker');
    stackProvider(
      this,
      'docker',
      (owner) =>
        new DockerProvider(owner, 'docker', {
          ...(connection.host === undefined ? {} : { host: renderLiteral(connection.host) }),
        }),
    );
    stack.addOverride('terraform.required_providers.docker.version', PROVIDER_VERSION);
    this.announce();
  }

  /** The one of the stack that `scope` is in. */
  public static of(scope: Construct, connection: EngineConnection): DockerStack {
    const stack = Stack.ofConstruct(scope);
    const existing = stack.node.tryFindChild('Docker') as DockerStack | undefined;
    if (existing && existing.connection !== connection) throw enginesMixed(scope.node.path);
    return existing ?? new DockerStack(stack, connection);
  }

  public get host(): string | undefined {
    return this.connection.host;
  }

  public addContainer(container: HookContainer): void {
    this.containers.push(container);
    this.announce();
  }

  /** A task that the workloads which are declared after it have to wait for. */
  public addTask(task: ITerraformDependable): void {
    this.ownTasks.push(task);
  }

  /** Tasks declared so far. */
  public get tasks(): readonly ITerraformDependable[] {
    return [...this.ownTasks];
  }

  public addNetwork(name: string): void {
    this.networks.push(name);
    this.announce();
  }

  public addVolume(name: string): void {
    if (!this.volumes.includes(name)) this.volumes.push(name);
    this.announce();
  }

  /** Id of an image that is pulled; it stays on the engine when the stack goes. */
  public pulledImage(image: string): string {
    const name = imageToPull(image);
    const known = this.images.get(name);
    if (known !== undefined) return known.imageId;
    const made = new Image(this, `Image-${name}`, { name: renderLiteral(name), keepLocally: true });
    made.overrideLogicalId(logicalId('image', name));
    this.images.set(name, made);
    this.announce();
    return made.imageId;
  }

  private announce(): void {
    const { host, instance, stack } = this.connection;
    const data: HookData = {
      ...(host === undefined ? {} : { host }),
      instance: { stack: stack.key, output: instance.name },
      containers: this.containers,
      images: [...this.images.keys()],
      networks: this.networks,
      volumes: this.volumes,
    };
    this.stack.addHooks({ module: HOOKS_MODULE, data, volatile: VOLATILE });
  }
}
