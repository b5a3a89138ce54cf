import type { CertificateIssuer, CertificateProps, TlsCertificate } from '@mlterra/core';
import { Construct } from 'constructs';
import type { CertManager } from './cert-manager';
import { Certificate, CERT_MANAGER_API, comeAfter } from './certificate';
import { addClusterIssuer, clusterIssuerName } from './cluster-issuer';

export interface CaIssuerProps {
  readonly certManager: CertManager;
  /** Name of the authority, as browsers show it. @default - that of the issuer on the cluster */
  readonly commonName?: string;
}

/** How long the authority is valid. */
const AUTHORITY_HOURS = 10 * 365 * 24;

/**
 * An authority of one's own, for clusters that no public one can look at. Its key stays on the cluster; clients have to be given
 * its certificate: `ca.crt` of the Secret {@link secretName}.
 */
export class CaIssuer extends Construct implements CertificateIssuer {
  /** Namespace of the Secret with the authority's certificate. */
  public readonly secretNamespace: string;
  /** Name of the Secret with the authority's certificate and key. */
  public readonly secretName: string;
  private readonly certManager: CertManager;
  private readonly name: string;

  public constructor(scope: Construct, id: string, { certManager, commonName }: CaIssuerProps) {
    super(scope, id);
    const { platform, namespace } = certManager;
    this.certManager = certManager;
    this.name = clusterIssuerName(this, certManager);
    this.secretNamespace = namespace;
    this.secretName = this.name;
    const root = `${this.name}-root`;
    addClusterIssuer(this, 'Root', { certManager, name: root, spec: { selfSigned: {} } });
    platform.addObjects(this, 'Authority', [
      {
        apiVersion: CERT_MANAGER_API,
        kind: 'Certificate',
        metadata: { name: this.name, namespace },
        content: {
          spec: {
            isCA: true,
            commonName: commonName ?? this.name,
            secretName: this.secretName,
            duration: `${AUTHORITY_HOURS}h`,
            privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' },
            issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: root },
          },
        },
      },
    ]);
    addClusterIssuer(this, 'Resource', {
      certManager,
      name: this.name,
      spec: { ca: { secretName: this.secretName } },
    });
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
