import type { CertificateProps, HttpRouteProps, Stack } from '@mlterra/core';
import { Gateway, Traefik, type GatewayProps } from './index';
import { objects, synth, type Demo, type DemoProps } from './testing/synth';

const asked: CertificateProps[] = [];
const issuer = {
  addCertificate(_scope: unknown, _id: string, props: CertificateProps) {
    asked.push(props);
    return { secretName: 'gateway-certificate' };
  },
};

function gatewayIn({ platform, stack }: Demo, props: Partial<GatewayProps> = {}): Gateway {
  return new Gateway(stack('gateway'), 'gateway', {
    platform,
    controller: new Traefik(),
    hostnames: ['*.example.org', 'example.org'],
    ...props,
  });
}

function synthGateway(props: Partial<GatewayProps> = {}, demo: DemoProps = {}) {
  return synth((each) => void gatewayIn(each, props), demo).gateway;
}

function synthRoute(
  route: (gateway: Gateway, tool: Stack, props: HttpRouteProps) => void,
  props: Partial<GatewayProps> = {},
  demo: DemoProps = {},
) {
  return synth((each) => {
    const gateway = gatewayIn(each, props);
    const { stack, workload } = each.server();
    route(gateway, stack, { hostname: 'mlflow.example.org', endpoint: workload.endpoints['web.http']! });
  }, demo);
}

const SAME_STAGE = {
  namespaces: {
    from: 'Selector',
    selector: { matchLabels: { 'mlterra.dev/environment': 'demo', 'mlterra.dev/stage': 'dev' } },
  },
};

describe('Gateway', () => {
  it('has a listener for each host name, to which only namespaces of its stage add routes', () => {
    const [gateway] = objects(synthGateway(), 'Gateway');
    expect(gateway.metadata).toMatchObject({ name: 'gateway', namespace: 'dev-gateway' });
    expect(gateway.spec).toEqual({
      gatewayClassName: 'dev-gateway-gateway',
      listeners: [
        {
          name: 'http-any-example-org',
          hostname: '*.example.org',
          port: 8000,
          protocol: 'HTTP',
          allowedRoutes: SAME_STAGE,
        },
        {
          name: 'http-example-org',
          hostname: 'example.org',
          port: 8000,
          protocol: 'HTTP',
          allowedRoutes: SAME_STAGE,
        },
      ],
    });
  });

  it('leads plain HTTP to HTTPS when it has a certificate, and asks for one for all of its names', () => {
    asked.length = 0;
    const stack = synthGateway({ tls: { issuer } }, { publish: { 'gateway.https': 30_443 } });
    const [gateway] = objects(stack, 'Gateway');
    expect(gateway.spec.listeners.slice(2)).toMatchObject([
      {
        name: 'https-any-example-org',
        port: 8443,
        protocol: 'HTTPS',
        tls: {
          mode: 'Terminate',
          certificateRefs: [{ group: '', kind: 'Secret', name: 'gateway-certificate' }],
        },
      },
      { name: 'https-example-org' },
    ]);
    const [redirect] = objects(stack, 'HTTPRoute');
    expect(redirect.spec.parentRefs.map(({ sectionName }: { sectionName: string }) => sectionName)).toEqual([
      'http-any-example-org',
      'http-example-org',
    ]);
    expect(redirect.spec.rules[0].filters).toEqual([
      {
        type: 'RequestRedirect',
        requestRedirect: { scheme: 'https', statusCode: 301, port: 30_443 },
      },
    ]);
    expect(asked).toEqual([
      {
        dnsNames: ['*.example.org', 'example.org'],
        challengeRoute: {
          gateway: 'gateway',
          sections: ['http-any-example-org', 'http-example-org'],
          podLabels: { 'app.kubernetes.io/name': 'gateway' },
        },
      },
    ]);
  });

  it('lets in who comes from outside only where there is a way in', () => {
    const clients = (stack: ReturnType<typeof synthGateway>): unknown =>
      objects(stack, 'NetworkPolicy').find(({ metadata }) => metadata.name === 'gateway-policy').spec
        .ingress[0].from;
    expect(clients(synthGateway())).toEqual([{ namespaceSelector: SAME_STAGE.namespaces.selector }]);
    expect(clients(synthGateway({}, { publish: { 'gateway.http': 30_080 } }))).toBeUndefined();
    expect(clients(synthGateway({ loadBalancer: { annotations: {} } }))).toBeUndefined();
  });

  it('reaches all tools of its stage where policies are strict', () => {
    const policy = objects(synthGateway({}, { profile: 'production' }), 'NetworkPolicy').find(
      ({ metadata }) => metadata.name === 'gateway-policy',
    );
    expect(policy.spec.egress).toContainEqual({
      to: [{ namespaceSelector: SAME_STAGE.namespaces.selector }],
    });
  });

  it.each<[string, Partial<GatewayProps>, RegExp]>([
    ['no name', { hostnames: [] }, /serves no host name/],
    ['an address', { hostnames: ['192.0.2.1'] }, /"192\.0\.2\.1" is not a host name/],
    ['a name with a port', { hostnames: ['example.org:80'] }, /"example\.org:80" is not a host name/],
    [
      'TLS without a certificate',
      { tls: {} as GatewayProps['tls'] },
      /nobody says where the certificate[^]*issuer/,
    ],
  ])('refuses %s', (_, props, message) => {
    expect(() => synthGateway(props)).toThrow(message);
  });
});

describe('addRoute', () => {
  it('is in the stack of the tool, which comes after the gateway', () => {
    const stacks = synthRoute((gateway, tool, props) => {
      gateway.addRoute(tool, 'route', { ...props, pathPrefix: '/api' });
      expect(tool.dependencies.map(({ node }) => node.id)).toContain('dev-gateway');
    });
    const [route] = objects(stacks.tool, 'HTTPRoute');
    expect(route.metadata).toMatchObject({ name: 'route', namespace: 'dev-tool' });
    expect(route.spec).toEqual({
      parentRefs: [
        {
          group: 'gateway.networking.k8s.io',
          kind: 'Gateway',
          name: 'gateway',
          namespace: 'dev-gateway',
          sectionName: 'http-any-example-org',
        },
      ],
      hostnames: ['mlflow.example.org'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/api' } }],
          backendRefs: [{ group: '', kind: 'Service', name: 'server', port: 8080 }],
          timeouts: { request: '0s' },
        },
      ],
    });
  });

  it("lets the gateway's pods in, to this port only", () => {
    const stacks = synthRoute((gateway, tool, props) => void gateway.addRoute(tool, 'route', props));
    const policy = objects(stacks.tool, 'NetworkPolicy').find(
      ({ metadata }) => metadata.name === 'route-policy',
    );
    expect(policy.spec).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'server' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev-gateway' } },
              podSelector: { matchLabels: { 'app.kubernetes.io/name': 'gateway' } },
            },
          ],
          ports: [{ port: 8080, protocol: 'TCP' }],
        },
      ],
    });
  });

  it.each<[string, Partial<GatewayProps>, DemoProps, string, string]>([
    ['plain HTTP', {}, {}, 'http://mlflow.example.org', 'mlflow.example.org'],
    ['TLS', { tls: { issuer } }, {}, 'https://mlflow.example.org', 'mlflow.example.org'],
    [
      'a port of this machine',
      {},
      { publish: { 'gateway.http': 30_080 } },
      'http://mlflow.example.org:30080',
      'mlflow.example.org:30080',
    ],
  ])('says under which URL and names requests come with %s', (_, props, demo, url, header) => {
    synthRoute(
      (gateway, tool, route) => {
        expect(gateway.addRoute(tool, 'route', route).url.parts.join('')).toBe(url);
        expect(gateway.hostHeaders(route.hostname)).toEqual([header]);
      },
      props,
      demo,
    );
  });

  const refused: readonly [string, Partial<HttpRouteProps>, RegExp][] = [
    [
      'a name of another domain',
      { hostname: 'mlflow.example.com' },
      /tool\/route: the gateway does not serve "mlflow\.example\.com"[^]*\*\.example\.org or example\.org/,
    ],
    ['two labels for a wildcard', { hostname: 'a.b.example.org' }, /does not serve "a\.b\.example\.org"/],
    ['a wildcard', { hostname: '*.example.org' }, /"\*\.example\.org" is not a host name/],
    ['a path with a slash at its end', { pathPrefix: '/api/' }, /"\/api\/" is not a beginning of paths/],
  ];
  it.each(refused)('refuses %s', (_, change, message) => {
    expect(() =>
      synthRoute((gateway, tool, props) => void gateway.addRoute(tool, 'route', { ...props, ...change })),
    ).toThrow(message);
  });

  it('refuses what another route has', () => {
    expect(() =>
      synthRoute((gateway, tool, props) => {
        gateway.addRoute(tool, 'first', props);
        gateway.addRoute(tool, 'api', { ...props, pathPrefix: '/api' });
        gateway.addRoute(tool, 'second', props);
      }),
    ).toThrow(
      /tool\/second: requests for mlflow\.example\.org\/ already go to what dev-tool\/first leads to/,
    );
  });

  it('refuses an endpoint of another stack', () => {
    expect(() =>
      synth((demo) => {
        const gateway = gatewayIn(demo);
        const { workload } = demo.server('other');
        const endpoint = workload.endpoints['web.http']!;
        gateway.addRoute(demo.stack('tool'), 'route', { hostname: 'example.org', endpoint });
      }),
    ).toThrow(/its endpoint is not a Service in the namespace dev-tool/);
  });
});
