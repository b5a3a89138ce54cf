import {
  Stack,
  workloadName,
  type CertificateProps,
  type KubernetesCluster,
  type TlsCertificate,
} from '@mlterra/core';
import { Construct } from 'constructs';

export interface IssuerReference {
  readonly name: string;
  readonly kind: 'ClusterIssuer' | 'Issuer';
}

const GROUP = 'cert-manager.io';
export const CERT_MANAGER_API = `${GROUP}/v1`;

/** A certificate for a server; its key is made anew with each renewal. */
export class Certificate extends Construct implements TlsCertificate {
  public readonly secretName: string;

  public constructor(
    scope: Construct,
    id: string,
    platform: KubernetesCluster,
    issuer: IssuerReference,
    { dnsNames }: Pick<CertificateProps, 'dnsNames'>,
  ) {
    super(scope, id);
    const name = workloadName(this);
    this.secretName = name;
    platform.addObjects(this, 'Resource', [
      {
        apiVersion: CERT_MANAGER_API,
        kind: 'Certificate',
        metadata: { name },
        content: {
          spec: {
            secretName: name,
            dnsNames,
            issuerRef: { group: GROUP, ...issuer },
            privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
            usages: ['digital signature', 'server auth'],
          },
        },
      },
    ]);
  }
}

/** Puts the stack of a certificate after that of its issuer. */
export function comeAfter(scope: Construct, earlier: Construct): void {
  const [stack, before] = [Stack.ofConstruct(scope), Stack.ofConstruct(earlier)];
  if (stack !== before) stack.addDependency(before);
}
