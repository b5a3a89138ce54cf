import type { CertificateIssuer, CertificateProps, TlsCertificate } from '@mlterra/core';
import { Construct } from 'constructs';
import type { CertManager } from './cert-manager';
import { Certificate, comeAfter } from './certificate';
import { addClusterIssuer, clusterIssuerName } from './cluster-issuer';

export interface SelfSignedIssuerProps {
  readonly certManager: CertManager;
}

/** Certificates that sign themselves: traffic is encrypted, and nobody can tell the server from another. */
export class SelfSignedIssuer extends Construct implements CertificateIssuer {
  private readonly certManager: CertManager;
  private readonly name: string;

  public constructor(scope: Construct, id: string, { certManager }: SelfSignedIssuerProps) {
    super(scope, id);
    this.certManager = certManager;
    this.name = clusterIssuerName(this, certManager);
    addClusterIssuer(this, 'Resource', { certManager, name: this.name, spec: { selfSigned: {} } });
  }

  public addCertificate(scope: Construct, id: string, props: CertificateProps): TlsCertificate {
    comeAfter(scope, this);
    return new Certificate(
      scope,
      id,
      this.certManager.platform,
      { kind: 'ClusterIssuer', name: this.name },
      props,
    );
  }
}
