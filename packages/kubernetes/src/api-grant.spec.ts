import { synthEnvironment } from '@mlterra/testing';
import type { KubernetesRenderer } from './index';
import { exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';
import type { Stack, Identity } from '@mlterra/core';

const rules = [{ apiGroups: [''], resources: ['services'], verbs: ['list'] }];
const containers = { server: { image: 'registry.example.org/demo:v1', command: ['demo'] } };

function synth(build: (stack: Stack, renderer: KubernetesRenderer, identity: Identity) => void) {
  const environment = exampleEnvironment((stack, renderer) =>
    build(stack, renderer, renderer.addIdentity(stack, 'Reader')),
  );
  return synthEnvironment(environment)['dev/tool']!;
}

describe('grantApi', () => {
  it('binds the service account to a role of its own, and gives its pods a token', () => {
    const stack = synth((scope, renderer, identity) => {
      expect(renderer.grantApi(identity, rules)).toEqual([{ kind: 'api-server' }]);
      renderer.run(scope, 'Demo', { identity, containers });
      renderer.run(scope, 'Other', { containers });
    });
    const [role] = objects(stack, 'ClusterRole');
    expect(role).toMatchObject({ metadata: { name: 'dev-tool-reader' }, rules });
    expect(objects(stack, 'ClusterRoleBinding')).toMatchObject([
      {
        roleRef: { kind: 'ClusterRole', name: 'dev-tool-reader' },
        subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace: 'dev-tool' }],
      },
    ]);
    const tokens = objects(stack, 'Deployment').map(({ spec }) => [
      spec.template.spec.serviceAccountName,
      spec.template.spec.automountServiceAccountToken,
    ]);
    expect(tokens).toEqual([
      ['reader', true],
      ['other', false],
    ]);
  });

  it('comes before what runs as the identity', () => {
    expect(() =>
      synth((scope, renderer, identity) => {
        renderer.run(scope, 'Demo', { identity, containers });
        renderer.grantApi(identity, rules);
      }),
    ).toThrow(/something runs as "tool-reader" already/);
  });

  it('is for identities of the cluster', () => {
    expect(() =>
      synth((scope, renderer) => void renderer.grantApi({ scope, name: 'stranger' }, rules)),
    ).toThrow(/cannot run as "stranger"/);
  });

  it('gives an identity all rules, and another identity of the stack none of them', () => {
    const more = [
      ...rules,
      { apiGroups: ['apps', 'batch'], resources: ['jobs', 'deployments'], verbs: ['get', 'list'] },
    ];
    const stack = synth((scope, renderer, identity) => {
      const other = renderer.addIdentity(scope, 'Writer');
      renderer.grantApi(identity, more);
      renderer.run(scope, 'Demo', { identity: other, containers });
    });
    expect(objects(stack, 'ClusterRole')).toMatchObject([
      { metadata: { name: 'dev-tool-reader', labels: { 'mlterra.dev/stack': 'tool' } }, rules: more },
    ]);
    const [{ spec }] = objects(stack, 'Deployment') as [ReturnType<typeof objects>[0]];
    expect(spec.template.spec.automountServiceAccountToken).toBe(false);
  });
});
