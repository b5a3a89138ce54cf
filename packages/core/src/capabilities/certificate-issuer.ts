import type { Construct } from 'constructs';

/** Issues certificates to servers on a Kubernetes cluster, and renews them. */
export interface CertificateIssuer {
  /** Keeps a certificate in a Secret of the type `kubernetes.io/tls`, in the namespace of the stack of `scope`. */
  addCertificate(scope: Construct, id: string, props: CertificateProps): TlsCertificate;
}

export interface CertificateProps {
  /** Names of the server; `*.example.org` stands for all names one level below. */
  readonly dnsNames: readonly string[];
  /** Where the server can answer a challenge over HTTP. @default - it cannot */
  readonly challengeRoute?: ChallengeRoute;
}

/** Listeners of a Gateway for plain HTTP on port 80 of the names. */
export interface ChallengeRoute {
  /** Name of the Gateway, in the namespace of the stack of the certificate. */
  readonly gateway: string;
  /** Names of its listeners. */
  readonly sections: readonly string[];
  /** Labels of the pods that bring requests. */
  readonly podLabels: Readonly<Record<string, string>>;
}

export interface TlsCertificate {
  /** Name of the Secret; it may come some time after the apply. */
  readonly secretName: string;
}
