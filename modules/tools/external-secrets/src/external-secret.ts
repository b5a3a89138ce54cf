import { ClusterSecretKey, exportOutputs, Stack, workloadName, type Secret } from '@mlterra/core';
import { Construct } from 'constructs';
import { keyInvalid, keyUnknown, noKeys, refreshInvalid, storeElsewhere } from './errors';
import { API_VERSION, type ExternalSecretStore } from './external-secret-store';

const KEY = /^[A-Za-z0-9._-]{1,253}$/;
const DEFAULT_REFRESH_MINUTES = 60;

/** A value in a store. */
export interface RemoteKey {
  /** Name of the secret in the store. */
  readonly name: string;
  /** Field of it, where it is JSON. @default - all of it */
  readonly property?: string;
  /** One version of it. @default - the newest */
  readonly version?: string;
}

export interface ExternalSecretProps {
  /** A store in the same stack. */
  readonly store: ExternalSecretStore;
  /** Which values, by their key in the Secret: the name of a secret in the store, or more about it. */
  readonly keys: Readonly<Record<string, string | RemoteKey>>;
  /** How often it is read again, in minutes; 0: once. Programs see new values when they are started again. @default 60 */
  readonly refreshMinutes?: number;
  /** Name of the Secret. @default - that of the construct */
  readonly name?: string;
}

/** A Secret in the namespace of its stack that is kept like secrets of a store. */
export class ExternalSecret extends Construct {
  /** Name of the Secret, for charts and objects that want one. */
  public readonly name: string;
  public readonly namespace: string;
  private readonly keys: readonly string[];
  private readonly known = new Map<string, Secret>();

  public constructor(scope: Construct, id: string, props: ExternalSecretProps) {
    super(scope, id);
    const { store, keys, refreshMinutes = DEFAULT_REFRESH_MINUTES } = props;
    const { path } = this.node;
    const { platform } = store.operator;
    this.keys = Object.keys(keys);
    check(this, props, refreshMinutes);
    this.name = props.name ?? workloadName(this);
    this.namespace = platform.namespaceOf(this);
    for (const key of this.keys) if (!KEY.test(key)) throw keyInvalid(path, key);
    platform.addObjects(this, 'Resource', [
      {
        apiVersion: API_VERSION,
        kind: 'ExternalSecret',
        metadata: { name: this.name },
        content: {
          spec: {
            refreshInterval: `${refreshMinutes}m`,
            secretStoreRef: { kind: 'SecretStore', name: store.name },
            target: { name: this.name, creationPolicy: 'Owner' },
            data: Object.entries(keys).map(([secretKey, remote]) => ({
              secretKey,
              remoteRef: remoteRef(remote),
            })),
          },
        },
      },
    ]);
  }

  /** A value of it, for variables of workloads of the same stack. */
  public secret(key: string): Secret {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (!this.keys.includes(key)) throw keyUnknown(this.node.path, key, this.keys);
    const part = new Construct(this, `Key-${key}`);
    const { reference } = exportOutputs(part, { reference: `${this.namespace}/${this.name}/${key}` });
    const secret = new ClusterSecretKey(reference, this, key);
    this.known.set(key, secret);
    return secret;
  }
}

function check(
  construct: ExternalSecret,
  { store, keys }: ExternalSecretProps,
  refreshMinutes: number,
): void {
  const { path } = construct.node;
  if (Stack.ofConstruct(store) !== Stack.ofConstruct(construct)) throw storeElsewhere(path, store.node.path);
  if (Object.keys(keys).length === 0) throw noKeys(path);
  if (!Number.isInteger(refreshMinutes) || refreshMinutes < 0) throw refreshInvalid(path, refreshMinutes);
}

function remoteRef(remote: string | RemoteKey) {
  if (typeof remote === 'string') return { key: remote };
  const { name, property, version } = remote;
  return { key: name, property, version };
}
