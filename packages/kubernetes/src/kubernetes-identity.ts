import { Stack, type Identity, type Principal, workloadName } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import type { KubernetesStack } from './kubernetes-stack';
import type { KubernetesObject } from './object';

/** A service account. Pods that run as it get no token of the cluster's API, unless it is granted. */
export class KubernetesIdentity extends Construct implements Identity {
  public readonly scope = this;
  public readonly name: string;
  public readonly principal?: Principal;
  /** Name in the namespace of its stack. */
  public readonly serviceAccount: string;
  /** Whether pods that run as it get a token of the cluster's API. */
  public usesApi = false;
  /** Whether something runs as it. */
  public isUsed = false;

  public constructor(
    scope: Construct,
    id: string,
    public readonly stack: KubernetesStack,
    memberOf: (namespace: string, serviceAccount: string) => Principal | undefined,
    /** Name of a service account that an operator makes. @default - it is made here */
    operated?: string,
  ) {
    super(scope, id);
    this.serviceAccount = operated ?? workloadName(this);
    this.name = `${Stack.ofConstruct(this).stackKey.stack}-${this.serviceAccount}`;
    this.principal = memberOf(stack.namespace, this.serviceAccount);
    if (operated !== undefined) return;
    stack.addObject(
      this.node.path,
      k8s.KubeServiceAccount.manifest({
        metadata: { name: this.serviceAccount, namespace: stack.namespace, labels: stack.labels },
        automountServiceAccountToken: false,
      }) as KubernetesObject,
    );
  }
}
