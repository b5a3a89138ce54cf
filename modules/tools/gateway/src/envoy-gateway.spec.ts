import { EnvoyGateway, Gateway, GatewayCrds, type GatewayProps } from './index';
import { objects, synth, type DemoProps, type Found } from './testing/synth';

const build = (props: Partial<GatewayProps> = {}, demo: DemoProps = {}) =>
  synth(({ platform, stack }) => {
    const controller = new EnvoyGateway(stack('envoy-gateway'), 'envoy-gateway', { platform });
    const gateway = stack('gateway');
    new Gateway(gateway, 'gateway', { platform, controller, hostnames: ['example.org'], ...props });
    expect(gateway.dependencies.map(({ node }) => node.id)).toContain('dev-envoy-gateway');
  }, demo);

describe('EnvoyGateway', () => {
  it('keeps the shape of its stacks', () => {
    const stacks = build({ tls: { secretName: 'own' }, loadBalancer: { annotations: { internal: 'true' } } });
    expect({ operator: stacks['envoy-gateway'], gateway: stacks.gateway }).toMatchSnapshot();
  });

  it('lets proxies ask the controller, and nobody else', () => {
    const stacks = build({}, { profile: 'production' });
    const control = objects(stacks.gateway, 'NetworkPolicy').find(
      ({ metadata }: Found) => metadata.name === 'gateway-control',
    );
    expect(control.spec.podSelector.matchLabels).toEqual({
      'gateway.envoyproxy.io/owning-gateway-name': 'gateway',
      'gateway.envoyproxy.io/owning-gateway-namespace': 'dev-gateway',
    });
    expect(
      control.spec.egress.slice(1).flatMap(({ ports }: Found) => ports.map(({ port }: Found) => port)),
    ).toEqual([18_000, 18_002]);
  });

  it('speaks no older TLS than is wanted', () => {
    const policies = (props: Partial<GatewayProps>): Found[] => [
      ...objects(build(props).gateway, 'ClientTrafficPolicy'),
    ];
    expect(policies({})).toEqual([]);
    expect(policies({ tls: { secretName: 'own', minVersion: '1.3' } })[0].spec).toEqual({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gateway' }],
      tls: { minVersion: '1.3' },
    });
  });

  it('makes proxies in the namespace of the gateway, with ports of this machine where there are any', () => {
    const { gateway } = build({}, { publish: { 'gateway.http': 30_080 } });
    const [{ spec }] = objects(gateway, 'EnvoyProxy');
    expect(spec.provider.kubernetes.envoyService).toEqual({ type: 'ClusterIP' });
    expect(objects(gateway, 'Gateway')[0].spec.infrastructure).toEqual({
      parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name: 'gateway' },
    });
    expect(objects(gateway, 'Service')).toMatchObject([
      {
        metadata: { name: 'gateway-published' },
        spec: {
          type: 'NodePort',
          ports: [{ name: 'http', port: 80, targetPort: 10_080, nodePort: 30_080 }],
        },
      },
    ]);
  });

  it('comes after the kinds that it reads, which its gateways come after too', () => {
    synth(({ platform, stack }) => {
      const crds = new GatewayCrds(stack('gateway-api'), 'crds', { platform, envoyGateway: true });
      const operator = stack('envoy-gateway');
      new EnvoyGateway(operator, 'envoy-gateway', { platform, crds });
      expect(operator.dependencies.map(({ node }) => node.id)).toContain('dev-gateway-api');
    });
  });

  it('wants its own kinds', () => {
    expect(() =>
      synth(({ platform, stack }) => {
        const crds = new GatewayCrds(stack('gateway-api'), 'crds', { platform });
        new EnvoyGateway(stack('envoy-gateway'), 'envoy-gateway', { platform, crds });
      }),
    ).toThrow(/Envoy Gateway needs kinds of its own[^]*envoyGateway: true/);
  });
});
