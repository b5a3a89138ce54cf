import {
  Stack,
  workloadName,
  type CertificateIssuer,
  type CertificateProps,
  type ChallengeRoute,
  type TlsCertificate,
  type ValueTree,
} from '@mlterra/core';
import { Construct } from 'constructs';
import type { CertManager } from './cert-manager';
import { Certificate, CERT_MANAGER_API, comeAfter } from './certificate';
import { addClusterIssuer, clusterIssuerName } from './cluster-issuer';
import { emailInvalid, nameNotPublic, namesNotProvable, serverInvalid } from './errors';

export interface AcmeIssuerProps {
  readonly certManager: CertManager;
  /** Address of who looks after the certificates; the authority keeps it. */
  readonly email: string;
  /**
   * `letsencrypt`, `letsencrypt-staging` (trusted by nobody, with generous limits), or the URL of another directory.
   * @default - letsencrypt where the stage is protected from deletion, else letsencrypt-staging
   */
  readonly server?: string;
}

const DIRECTORIES: Readonly<Record<string, string>> = {
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/** Pods that cert-manager makes to answer a challenge. */
const SOLVER = { labels: { 'acme.cert-manager.io/http01-solver': 'true' }, port: 8089 };

/**
 * Certificates of a public authority that speaks ACME, e.g. Let's Encrypt. Names in a zone of cert-manager are proved by a
 * record in it, others by an answer over HTTP, for which a gateway has to be reached from the internet on port 80.
 */
export class AcmeIssuer extends Construct implements CertificateIssuer {
  /** Directory of the authority. */
  public readonly server: string;
  private readonly certManager: CertManager;
  private readonly email: string;
  private readonly name: string;

  public constructor(scope: Construct, id: string, props: AcmeIssuerProps) {
    super(scope, id);
    const { certManager, email } = props;
    const { deletionProtection } = Stack.ofConstruct(this).profile;
    const server = props.server ?? (deletionProtection ? 'letsencrypt' : 'letsencrypt-staging');
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw emailInvalid(this.node.path, email);
    this.server = DIRECTORIES[server] ?? server;
    if (!/^https:\/\/\S+$/.test(this.server)) throw serverInvalid(this.node.path, server);
    this.certManager = certManager;
    this.email = email;
    this.name = clusterIssuerName(this, certManager);
    comeAfter(this, certManager);
    if (certManager.solvers.length === 0) return;
    const solvers = certManager.solvers.map(({ zone, dns01 }) => ({
      selector: { dnsZones: [zone.domain] },
      dns01,
    }));
    addClusterIssuer(this, 'Resource', { certManager, name: this.name, spec: this.spec(this.name, solvers) });
  }

  public addCertificate(scope: Construct, id: string, props: CertificateProps): TlsCertificate {
    const { path } = scope.node;
    const { dnsNames, challengeRoute } = props;
    const { platform, solvers, usesGatewayApi } = this.certManager;
    for (const name of dnsNames) if (!isPublic(name)) throw nameNotPublic(`${path}/${id}`, name);
    comeAfter(scope, this);
    const domains = solvers.map(({ zone }) => zone.domain);
    const outside = dnsNames.filter((name) => !domains.some((domain) => isIn(name, domain)));
    if (outside.length === 0) {
      return new Certificate(scope, id, platform, { kind: 'ClusterIssuer', name: this.name }, props);
    }
    const overHttp =
      challengeRoute !== undefined &&
      usesGatewayApi &&
      outside.length === dnsNames.length &&
      !outside.some((name) => name.startsWith('*'));
    if (!overHttp) throw namesNotProvable(`${path}/${id}`, outside, domains);
    const issuer = new Construct(scope, `${id}Issuer`);
    const name = workloadName(issuer);
    platform.addObjects(issuer, 'Resource', [
      {
        apiVersion: CERT_MANAGER_API,
        kind: 'Issuer',
        metadata: { name },
        content: { spec: this.spec(name, [httpSolver(platform.namespaceOf(scope), challengeRoute)]) },
      },
    ]);
    platform.addPodPolicy(issuer, 'Solver', {
      labels: SOLVER.labels,
      ports: [
        {
          port: SOLVER.port,
          from: { namespace: platform.namespaceOf(scope), labels: challengeRoute.podLabels },
        },
      ],
    });
    return new Certificate(scope, id, platform, { kind: 'Issuer', name }, props);
  }

  private spec(name: string, solvers: ValueTree): ValueTree {
    return {
      acme: {
        server: this.server,
        email: this.email,
        privateKeySecretRef: { name: `${name}-account` },
        solvers,
      },
    };
  }
}

function httpSolver(namespace: string, { gateway, sections }: ChallengeRoute): ValueTree {
  return {
    http01: {
      gatewayHTTPRoute: {
        parentRefs: sections.map((sectionName) => ({
          group: 'gateway.networking.k8s.io',
          kind: 'Gateway',
          name: gateway,
          namespace,
          sectionName,
        })),
      },
    },
  };
}

function isIn(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** Public authorities sign names of registered domains only. */
function isPublic(name: string): boolean {
  return (
    /\.[a-z][a-z0-9-]*[a-z0-9]$/.test(name) && !/\.(?:local|localhost|internal|test|invalid|svc)$/.test(name)
  );
}
