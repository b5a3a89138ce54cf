import { Gateway, Traefik, type GatewayProps } from './index';
import { objects, synth, type DemoProps, type Found } from './testing/synth';

const build = (props: Partial<GatewayProps> = {}, demo: DemoProps = {}) =>
  synth(({ platform, stack }) => {
    new Gateway(stack('gateway'), 'gateway', {
      platform,
      controller: new Traefik(),
      hostnames: ['example.org'],
      ...props,
    });
  }, demo).gateway!;

const pod = (stack: ReturnType<typeof build>): Found => objects(stack, 'Deployment')[0].spec.template.spec;

describe('Traefik', () => {
  it('keeps the shape of its stack', () => {
    expect(
      build({ tls: { secretName: 'own' }, loadBalancer: { annotations: { internal: 'true' } } }),
    ).toMatchSnapshot();
  });

  it('looks at the class of its gateway only', () => {
    const stack = build();
    const [{ metadata, spec }] = objects(stack, 'GatewayClass');
    expect(spec).toEqual({ controllerName: 'traefik.io/gateway-controller' });
    expect(metadata.labels).toMatchObject({ 'mlterra.dev/gateway-class': metadata.name });
    expect(pod(stack).containers[0].command).toContain(
      `--providers.kubernetesgateway.labelselector=mlterra.dev/gateway-class=${metadata.name}`,
    );
  });

  it('tells nobody that it runs, and has no dashboard', () => {
    const command: string[] = pod(build()).containers[0].command;
    expect(command).toContain('--global.sendanonymoususage=false');
    expect(command).toContain('--global.checknewversion=false');
    expect(command.filter((argument) => argument.startsWith('--api'))).toEqual([]);
  });

  it('may read what it needs, and change nothing but statuses', () => {
    const [{ rules }] = objects(build(), 'ClusterRole');
    const writes = rules.filter(({ verbs }: Found) =>
      verbs.some((verb: string) => !['get', 'list', 'watch'].includes(verb)),
    );
    expect(writes).toEqual([
      {
        apiGroups: ['gateway.networking.k8s.io'],
        resources: ['gatewayclasses/status', 'gateways/status', 'httproutes/status', 'grpcroutes/status'],
        verbs: ['update'],
      },
    ]);
    expect(pod(build()).automountServiceAccountToken).toBe(true);
  });

  it('speaks no older TLS than is wanted', () => {
    const options = (props: Partial<GatewayProps>): string =>
      Object.values<string>(objects(build(props), 'ConfigMap')[0].data).join('');
    expect(options({ tls: { secretName: 'own' } })).toContain('minVersion: VersionTLS12');
    expect(options({ tls: { secretName: 'own', minVersion: '1.3' } })).toContain('minVersion: VersionTLS13');
  });

  it('is published by ports of this machine', () => {
    const stack = build({}, { publish: { 'gateway.http': 30_080 } });
    expect(objects(stack, 'Service').map(({ spec }) => spec.type)).toEqual(['ClusterIP', 'NodePort']);
  });

  it('is behind a load balancer that is told what it is', () => {
    const stack = build({
      tls: { secretName: 'own' },
      loadBalancer: { annotations: { internal: 'true' }, sourceRanges: ['10.0.0.0/8'] },
    });
    const service = objects(stack, 'Service').find(({ spec }) => spec.type === 'LoadBalancer');
    expect(service.metadata).toMatchObject({ name: 'gateway-public', annotations: { internal: 'true' } });
    expect(service.spec).toMatchObject({
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      ports: [
        { name: 'http', port: 80, targetPort: 8000 },
        { name: 'https', port: 443, targetPort: 8443 },
      ],
    });
  });

  it('has replicas in production', () => {
    expect(objects(build({}, { profile: 'production' }), 'Deployment')[0].spec.replicas).toBe(3);
  });
});
