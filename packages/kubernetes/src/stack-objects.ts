import type { ClusterSecretProps } from '@mlterra/core';
import { clusterNameTaken, nameTaken, releaseTaken, secretKeyInvalid } from './errors';
import type { KubernetesObject } from './object';

/** Kubernetes' rule for keys of Secrets. */
const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** Names of cluster-scoped objects that stacks of one cluster have, with the path of the construct that wants them. */
export type ClusterScopedNames = Map<string, string>;

export interface StackSecret extends Pick<ClusterSecretProps, 'type' | 'labels'> {
  /** Terraform templates by key; they may hold sensitive references. */
  readonly texts: Readonly<Record<string, string>>;
}

/** All that one stack wants on the cluster. Each thing is there once. */
export class StackObjects {
  public readonly secrets = new Map<string, StackSecret>();
  private readonly objects: KubernetesObject[] = [];
  private readonly chartReleases: string[] = [];
  private readonly claimed = new Set<string>();

  /** @param namespace of the stack */
  public constructor(
    private readonly namespace: string,
    private readonly clusterScoped: ClusterScopedNames,
  ) {}

  /** Objects but Secrets, in the order in which they were added. */
  public get all(): readonly KubernetesObject[] {
    return this.objects;
  }

  /** Names of the releases of charts. */
  public get releases(): readonly string[] {
    return this.chartReleases;
  }

  public add(path: string, object: KubernetesObject): void {
    this.claim(path, object);
    this.objects.push(object);
  }

  /** Keeps the name of an object that the stack always has. */
  public reserve(object: KubernetesObject): void {
    this.claimed.add(keyOf(object));
  }

  public addSecret(path: string, name: string, secret: StackSecret): void {
    for (const key of Object.keys(secret.texts)) {
      if (!SECRET_KEY.test(key)) throw secretKeyInvalid(path, name, key);
    }
    this.claim(path, { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: this.namespace } });
    this.secrets.set(name, secret);
  }

  public addRelease(path: string, name: string): void {
    if (this.chartReleases.includes(name)) throw releaseTaken(path, name);
    this.chartReleases.push(name);
  }

  private claim(path: string, object: KubernetesObject): void {
    const { kind, metadata } = object;
    const key = keyOf(object);
    if (this.claimed.has(key)) throw nameTaken(path, kind, metadata.name);
    this.claimed.add(key);
    if (metadata.namespace !== undefined) return;
    const other = this.clusterScoped.get(key);
    if (other !== undefined) throw clusterNameTaken(path, kind, metadata.name, other);
    this.clusterScoped.set(key, path);
  }
}

/** Versions of one API have the same objects. */
function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return JSON.stringify([group, kind, metadata.namespace ?? null, metadata.name]);
}
