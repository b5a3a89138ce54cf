import { join } from 'node:path';
import { HelmProvider, type HelmProviderKubernetes } from '@cdktf/provider-helm/lib/provider';
import { Release, type ReleaseSetSensitive } from '@cdktf/provider-helm/lib/release';
import {
  stackProvider,
  renderLiteral,
  Stack,
  type ChartProps,
  type ClusterSecretProps,
  type KubernetesAccess,
  type Publisher,
} from '@mlterra/core';
import { DataResource, Fn, Lazy, TerraformAsset, TerraformLocal, type ITerraformDependable } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { clustersMixed } from './errors';
import { stackLabels, stageLabels } from './labels';
import { hookDataOf, type Kubeconfig } from './hook-data';
import { namespaceOf, releaseName } from './names';
import { KEEP, namespaceObjects } from './namespace-objects';
import type { KubernetesObject } from './object';
import { StackObjects, type ClusterScopedNames } from './stack-objects';

const HOOKS_MODULE = '@mlterra/kubernetes/hooks';

/** Versions of the Helm provider whose arguments are those used here. */
const HELM_PROVIDER = '~> 3.0';

/** Beside `src` and `dist`. */
const CHART = join(__dirname, '..', 'chart');

/** Where Helm keeps its records: a namespace that is always there, so that the release can make its own. */
const RELEASE_NAMESPACE = 'default';

/** Releases that can be rolled back to. */
const MAX_HISTORY = 10;

/** Name of the resource in Terraform that a repair replaces, and of the release of the stack. */
const NAME = 'kubernetes';

const VALUES = 'kubernetes_values';
const SECRETS = 'kubernetes_secrets';

type PodSecurity = NonNullable<ChartProps['podSecurity']>;

/** From strict to loose. */
const POD_SECURITY: readonly PodSecurity[] = ['restricted', 'baseline', 'privileged'];

export interface ClusterConnection {
  readonly access: KubernetesAccess;
  readonly dependsOn: readonly ITerraformDependable[];
  /** Whether no other environment is on the cluster. */
  readonly exclusive: boolean;
  readonly publisher?: Publisher;
  readonly storageClass?: string;
  /** How long the first start may take beside the start of the programs: nodes that come up, images that are pulled. */
  readonly schedulingSeconds: number;
  readonly kubeconfig?: Kubeconfig;
  /** Filled by the stacks that are on the cluster. */
  readonly clusterScoped: ClusterScopedNames;
}

/**
 * What one stack has on a cluster: a namespace of its own and one `helm_release.kubernetes` that holds all objects,
 * of a local chart that only prints them. Values are built in `locals`, where Terraform templates are plain JSON
 * strings and need no second escaping.
 */
export class KubernetesStack extends Construct {
  /** Namespace that everything of the stack is in. */
  public readonly namespace: string;
  private readonly contents: StackObjects;
  private startSeconds = 0;
  private admitted: PodSecurity = 'restricted';
  /** The release with all objects of the stack; charts come after it. */
  public readonly release: Release;
  /**
   * Description of all releases of the stack. Where it is another one, Helm upgrades a release in its place, and what is
   * missing of it is made again; a release that were replaced would take custom resources, and their data, with it.
   */
  public readonly repairs: string;

  private constructor(
    private readonly stack: Stack,
    /** What is the same for all stacks on the cluster. */
    public readonly cluster: ClusterConnection,
  ) {
    super(stack, 'Kubernetes');
    this.namespace = namespaceOf(stack, cluster.exclusive);
    this.contents = new StackObjects(this.namespace, cluster.clusterScoped);
    for (const object of this.namespaceObjects()) this.contents.reserve(object);
    this.configureProvider();
    const values = new TerraformLocal(this, 'Values', Lazy.anyValue({ produce: () => this.values() }));
    values.overrideLogicalId(VALUES);
    const secrets = new TerraformLocal(this, 'Secrets', Lazy.anyValue({ produce: () => this.secretTexts() }));
    secrets.overrideLogicalId(SECRETS);
    const repairs = new DataResource(this, 'Repairs', {});
    repairs.overrideLogicalId(NAME);
    this.repairs = repairs.id;
    const chart = new TerraformAsset(this, 'Chart', { path: CHART });
    this.release = new Release(this, 'Resource', {
      name: releaseName(this.namespace),
      namespace: RELEASE_NAMESPACE,
      chart: `./${chart.path}`,
      values: [`\${jsonencode(local.${VALUES})}`],
      description: this.repairs,
      setSensitive: Lazy.anyValue({ produce: () => this.sensitiveValues() }),
      atomic: true,
      cleanupOnFail: true,
      maxHistory: MAX_HISTORY,
      timeout: Lazy.numberValue({ produce: () => cluster.schedulingSeconds + this.startSeconds }),
      // A run that was killed after Helm had finished left a release that the state knows nothing of.
      upgradeInstall: true,
      wait: true,
      waitForJobs: true,
      dependsOn: cluster.dependsOn.filter((each) => isIn(stack, each)),
    });
    this.release.overrideLogicalId(NAME);
    this.announce();
  }

  /** The one of the stack that `scope` is in. */
  public static of(scope: Construct, cluster: ClusterConnection): KubernetesStack {
    const stack = Stack.ofConstruct(scope);
    const existing = stack.node.tryFindChild('Kubernetes') as KubernetesStack | undefined;
    if (existing && existing.cluster.access !== cluster.access) {
      throw clustersMixed(scope.node.path);
    }
    return existing ?? new KubernetesStack(stack, cluster);
  }

  public get labels(): Record<string, string> {
    return stackLabels(this.stack);
  }

  /** Labels that namespaces have from which clients of the same stage come; of a shared stack, of any stage. */
  public get stageLabels(): Readonly<Record<string, string>> {
    return stageLabels(this.stack);
  }

  /** Whether pods reach only what is declared. */
  public get isStrict(): boolean {
    return this.stack.profile.networkPolicy === 'strict';
  }

  /** The namespace admits pods of this Pod Security Standard too. */
  public admit(podSecurity: PodSecurity): void {
    const looser = POD_SECURITY.indexOf(podSecurity) > POD_SECURITY.indexOf(this.admitted);
    if (looser) this.admitted = podSecurity;
  }

  /** @param path of the construct that wants the object, for messages */
  public addObject(path: string, object: KubernetesObject): void {
    this.contents.add(path, object);
    this.announce();
  }

  /** @param texts Terraform templates by key; they may hold sensitive references */
  public addSecret(
    path: string,
    name: string,
    texts: Readonly<Record<string, string>>,
    { type, labels }: Pick<ClusterSecretProps, 'type' | 'labels'> = {},
  ): void {
    this.contents.addSecret(path, name, { texts, type, labels });
  }

  /** Keeps the name of the release of a chart in the namespace. */
  public addRelease(path: string, name: string): void {
    this.contents.addRelease(path, name);
    this.announce();
  }

  /** The release waits that much longer for its objects. */
  public allowStart(seconds: number): void {
    this.startSeconds = Math.max(this.startSeconds, seconds);
  }

  /** Tells the engine what it may look for on the cluster. */
  private announce(): void {
    const names = {
      namespace: this.namespace,
      release: releaseName(this.namespace),
      charts: this.contents.releases,
    };
    const data = hookDataOf(names, this.contents.all, this.cluster.kubeconfig);
    this.stack.addHooks({ module: HOOKS_MODULE, data });
  }

  private configureProvider(): void {
    stackProvider(
      this,
      'helm',
      (stack) => new HelmProvider(stack, 'helm', { kubernetes: connect(stack, this.cluster.access) }),
    );
    this.stack.addOverride('terraform.required_providers.helm.version', HELM_PROVIDER);
  }

  private values(): object {
    return {
      namespace: this.namespace,
      labels: this.labels,
      ...this.secretKinds(),
      objects: [...this.namespaceObjects(), ...this.contents.all],
    };
  }

  private namespaceObjects(): readonly KubernetesObject[] {
    return namespaceObjects({
      stack: this.stack,
      namespace: this.namespace,
      keep: this.mayHaveVolumes(),
      podSecurity: this.admitted,
      strict: this.isStrict,
    });
  }

  /**
   * Whether there may be data in the namespace that has to outlive the release: what is kept itself would go with it, and
   * what claims a chart makes nobody knows.
   */
  private mayHaveVolumes(): boolean {
    return this.contents.releases.length > 0 || this.contents.all.some(isKept);
  }

  private secretTexts(): object {
    return Object.fromEntries([...this.contents.secrets].map(([name, { texts }]) => [name, { ...texts }]));
  }

  /** Types and labels of Secrets that are not like the others. */
  private secretKinds(): object {
    const special = [...this.contents.secrets].flatMap(([name, { type, labels }]) =>
      (type ?? labels) === undefined ? [] : [[name, { type, labels }] as const],
    );
    return special.length === 0 ? {} : { secretKinds: Object.fromEntries(special) };
  }

  /**
   * Helm reads a dot in a name, and a comma, a backslash and a brace at the beginning of a value as its own; a backslash
   * makes them plain.
   */
  private sensitiveValues(): ReleaseSetSensitive[] {
    return [...this.contents.secrets].flatMap(([name, { texts }]) =>
      Object.keys(texts).map((key) => ({
        name: ['secrets', name, key].map((part) => part.replaceAll('.', '\\.')).join('.'),
        type: 'string',
        value: `\${replace(local.${SECRETS}["${name}"]["${key}"], "/[\\\\\\\\,{]/", "\\\\$0")}`,
      })),
    );
  }
}

function isKept({ metadata }: KubernetesObject): boolean {
  return Object.entries(KEEP).every(([name, value]) => metadata.annotations?.[name] === value);
}

function isIn(stack: Stack, dependable: ITerraformDependable): boolean {
  return 'node' in dependable && (dependable as unknown as IConstruct).node.scopes.includes(stack);
}

function connect(stack: Stack, access: KubernetesAccess): HelmProviderKubernetes {
  if ('kubeconfig' in access) {
    return { configPath: renderLiteral(access.kubeconfig), configContext: access.context.at(stack) };
  }
  const { endpoint, caCertificate, exec } = access;
  return {
    host: endpoint.at(stack),
    clusterCaCertificate: Fn.base64decode(caCertificate.at(stack)),
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: renderLiteral(exec.command),
      args: exec.args.map(renderLiteral),
    },
  };
}
