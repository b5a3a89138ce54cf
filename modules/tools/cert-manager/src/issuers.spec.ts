import type { CertificateProps } from '@mlterra/core';
import { RecordingDnsZone } from '@mlterra/testing';
import { AcmeIssuer, CaIssuer, SelfSignedIssuer, type AcmeIssuerProps } from './index';
import { objects, synthExample, zone, type Json } from './testing/example';

const challengeRoute = {
  gateway: 'gateway',
  sections: ['http-mlflow-example-com'],
  podLabels: { 'app.kubernetes.io/name': 'gateway' },
};

interface Changes {
  readonly issuer?: Partial<AcmeIssuerProps>;
  readonly operator?: Parameters<typeof synthExample>[1];
}

function certificate(props: CertificateProps, { issuer = {}, operator = {} }: Changes = {}) {
  return synthExample(({ certManager, stack }) => {
    const acme = new AcmeIssuer(stack, 'acme', { certManager, email: 'admin@example.org', ...issuer });
    acme.addCertificate(stack, 'certificate', props);
    expect(stack.dependencies.map(({ node }) => node.id)).toContain('dev-cert-manager');
  }, operator)['dev/tool'];
}

const IN_ZONE: CertificateProps = { dnsNames: ['*.example.org', 'example.org'] };
const ELSEWHERE: CertificateProps = { dnsNames: ['mlflow.example.com'], challengeRoute };

describe('AcmeIssuer', () => {
  it('proves names of a zone by records in it', () => {
    const stack = certificate(IN_ZONE, { operator: { zones: [zone] } });
    const [issuer] = objects(stack, 'ClusterIssuer');
    expect(issuer.spec.acme.solvers).toEqual([
      {
        selector: { dnsZones: ['example.org'] },
        dns01: { webhook: { solverName: 'sky', groupName: 'dns.example.org' } },
      },
    ]);
    expect(objects(stack, 'Certificate')[0].spec).toMatchObject({
      secretName: 'certificate',
      dnsNames: ['*.example.org', 'example.org'],
      issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: issuer.metadata.name },
      privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Always' },
    });
  });

  it('proves other names by answers through the gateway, whose pods reach what answers', () => {
    const stack = certificate(ELSEWHERE, { operator: { zones: [zone], gatewayApi: true } });
    const [issuer] = objects(stack, 'Issuer');
    expect(issuer.spec.acme.solvers).toEqual([
      {
        http01: {
          gatewayHTTPRoute: {
            parentRefs: [
              {
                group: 'gateway.networking.k8s.io',
                kind: 'Gateway',
                name: 'gateway',
                namespace: 'dev-tool',
                sectionName: 'http-mlflow-example-com',
              },
            ],
          },
        },
      },
    ]);
    expect(objects(stack, 'Certificate')[0].spec.issuerRef).toMatchObject({
      kind: 'Issuer',
      name: issuer.metadata.name,
    });
    const policy = objects(stack, 'NetworkPolicy').find(({ spec }) => spec.podSelector.matchLabels);
    expect(policy.spec).toMatchObject({
      podSelector: { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } },
      ingress: [
        {
          from: [{ podSelector: { matchLabels: challengeRoute.podLabels } }],
          ports: [{ port: 8089 }],
        },
      ],
    });
  });

  it('proves names by records where each is in one of several zones', () => {
    const zones = [zone, new RecordingDnsZone('ml.example.net')];
    const dnsNames = ['a.b.example.org', 'ml.example.net', '*.ml.example.net'];
    const stack = certificate({ dnsNames }, { operator: { zones } });
    expect(objects(stack, 'ClusterIssuer')[0].spec.acme.solvers).toEqual([
      {
        selector: { dnsZones: ['example.org'] },
        dns01: { webhook: { solverName: 'sky', groupName: 'dns.example.org' } },
      },
      { selector: { dnsZones: ['ml.example.net'] }, dns01: { recording: { zone: 'ml.example.net' } } },
    ]);
    expect(objects(stack, 'Certificate')[0].spec.dnsNames).toEqual(dnsNames);
  });

  it.each(['notexample.org', 'example.org.uk', 'x.org'])(
    'does not take %s for a name of the zone',
    (name) => {
      const names = { dnsNames: ['example.org', name] };
      expect(() => certificate(names, { operator: { zones: [zone] } })).toThrow(
        `nobody can prove that ${name} is yours`,
      );
    },
  );

  it.each([
    'a.local',
    'a.b.svc',
    'a.internal',
    'a.test',
    'a.invalid',
    'a.localhost',
    '192.0.2.1',
    'a.example.o',
    'a.org.',
  ])('refuses %s among names of the zone, which no authority signs', (name) => {
    expect(() => certificate({ dnsNames: ['example.org', name] }, { operator: { zones: [zone] } })).toThrow(
      `tool/certificate: no public authority signs a certificate for "${name}".`,
    );
  });

  it('refuses a wildcard among other names over HTTP', () => {
    const names = { ...ELSEWHERE, dnsNames: ['a.example.com', '*.example.com'] };
    expect(() => certificate(names, { operator: { gatewayApi: true } })).toThrow(
      'nobody can prove that a.example.com, *.example.com are yours',
    );
  });

  it('answers at each of the listeners, for each of the names', () => {
    const dnsNames = ['a.example.com', 'b.example.com'];
    const route = { ...challengeRoute, sections: ['http-a', 'http-b'] };
    const stack = certificate({ dnsNames, challengeRoute: route }, { operator: { gatewayApi: true } });
    const [{ spec }] = objects(stack, 'Issuer');
    const { parentRefs } = spec.acme.solvers[0].http01.gatewayHTTPRoute;
    expect(parentRefs.map(({ sectionName }: Json) => sectionName)).toEqual(['http-a', 'http-b']);
    expect(objects(stack, 'Certificate')[0].spec.dnsNames).toEqual(dnsNames);
    expect(objects(stack, 'ClusterIssuer')).toEqual([]);
  });

  it.each<[string, Changes, string]>([
    ['development', {}, 'https://acme-staging-v02.api.letsencrypt.org/directory'],
    ['production', { operator: { profile: 'production' } }, 'https://acme-v02.api.letsencrypt.org/directory'],
    [
      'another authority',
      { issuer: { server: 'https://ca.example.net/acme' } },
      'https://ca.example.net/acme',
    ],
  ])('asks Let’s Encrypt, the staging one unless the stage is protected: %s', (_, changes, server) => {
    const operator = { zones: [zone], ...changes.operator };
    const [{ spec }] = objects(certificate(IN_ZONE, { ...changes, operator }), 'ClusterIssuer');
    expect(spec.acme.server).toBe(server);
  });

  it.each<[string, CertificateProps, Changes, RegExp]>([
    [
      'without a zone and a gateway',
      IN_ZONE,
      {},
      /tool\/certificate: nobody can prove that \*\.example\.org, example\.org are yours/,
    ],
    [
      'of another domain, without a gateway',
      { dnsNames: ['mlflow.example.com'] },
      { operator: { zones: [zone], gatewayApi: true } },
      /nobody can prove that mlflow\.example\.com is yours[^]*names in example\.org/,
    ],
    [
      'of another domain, when cert-manager knows no gateways',
      ELSEWHERE,
      { operator: { zones: [zone] } },
      /set its `gatewayApi`/,
    ],
    [
      'with a wildcard over HTTP',
      { ...ELSEWHERE, dnsNames: ['*.example.com'] },
      { operator: { gatewayApi: true } },
      /nobody can prove that \*\.example\.com is yours/,
    ],
    [
      'partly of the zone',
      { ...ELSEWHERE, dnsNames: ['example.org', 'example.com'] },
      { operator: { zones: [zone], gatewayApi: true } },
      /nobody can prove that example\.com is yours/,
    ],
    [
      'that no authority knows',
      { dnsNames: ['localhost'] },
      {},
      /no public authority signs a certificate for "localhost"/,
    ],
  ])('refuses names %s', (_, props, changes, message) => {
    expect(() => certificate(props, changes)).toThrow(message);
  });

  it.each<[Partial<AcmeIssuerProps>, RegExp]>([
    ...[
      'admin',
      'admin@',
      '@example.org',
      'admin@org',
      'a b@example.org',
      'a@b@example.org',
      'admin@example.org ',
    ].map((email): [Partial<AcmeIssuerProps>, RegExp] => [
      { email },
      new RegExp(`"${email}" is not an e-mail address`),
    ]),
    [{ server: 'http://ca.example.net' }, /"http:\/\/ca\.example\.net" is not an ACME server/],
    [{ server: 'https://' }, /"https:\/\/" is not an ACME server/],
    [{ server: 'https://a b' }, /"https:\/\/a b" is not an ACME server/],
    [{ server: 'xhttps://ca' }, /"xhttps:\/\/ca" is not an ACME server/],
    [{ server: 'zerossl' }, /"zerossl" is not an ACME server/],
  ])('refuses %j', (issuer, message) => {
    expect(() => certificate(IN_ZONE, { issuer, operator: { zones: [zone] } })).toThrow(message);
  });
});

describe('issuers of one’s own', () => {
  it('sign with an authority that stays on the cluster', () => {
    const stack = synthExample(({ certManager, stack: tool }) => {
      const issuer = new CaIssuer(tool, 'ca', { certManager, commonName: 'Demo' });
      expect([issuer.secretNamespace, issuer.secretName]).toEqual(['dev-cert-manager', 'dev-tool-ca']);
      issuer.addCertificate(tool, 'certificate', { dnsNames: ['localhost'] });
    })['dev/tool'];
    const [authority, server] = objects(stack, 'Certificate');
    expect(authority).toMatchObject({
      metadata: { namespace: 'dev-cert-manager' },
      spec: {
        isCA: true,
        commonName: 'Demo',
        secretName: 'dev-tool-ca',
        privateKey: { rotationPolicy: 'Never' },
      },
    });
    expect(objects(stack, 'ClusterIssuer').map(({ metadata, spec }: Json) => [metadata.name, spec])).toEqual([
      ['dev-tool-ca-root', { selfSigned: {} }],
      ['dev-tool-ca', { ca: { secretName: 'dev-tool-ca' } }],
    ]);
    expect(server.spec.issuerRef.name).toBe('dev-tool-ca');
  });

  it('sign themselves', () => {
    const stack = synthExample(({ certManager, stack: tool }) => {
      const issuer = new SelfSignedIssuer(tool, 'self', { certManager });
      issuer.addCertificate(tool, 'certificate', { dnsNames: ['localhost'] });
    })['dev/tool'];
    expect(objects(stack, 'ClusterIssuer')[0].spec).toEqual({ selfSigned: {} });
    expect(objects(stack, 'Certificate')[0].spec.issuerRef.name).toBe('dev-tool-self');
  });
});
