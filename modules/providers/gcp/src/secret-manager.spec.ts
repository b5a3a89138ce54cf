import type { Identity } from '@mlterra/core';
import { SecretManager } from './secret-manager';
import { project } from './testing/demo';
import { every, only, synth } from './testing/synth';

const GRANT = 'google_project_iam_member';

describe('SecretManager', () => {
  it('lets a service account read the secrets of its stage alone', () => {
    const stacks = synth((demo) => {
      const store = new SecretManager(demo.stack('secrets'), 'secrets', { project });
      const identity = demo.cluster().addIdentity(demo.stack('tool'), 'Identity');
      store.grantRead(identity);
      expect(store.grantRead(identity).provider).toEqual({
        gcpsm: {
          projectID: 'demo-project',
          auth: { workloadIdentity: { serviceAccountRef: { name: 'identity' } } },
        },
      });
    });
    expect(every(stacks['dev/secrets'], GRANT)).toEqual([]);
    expect(only(stacks['dev/tool'], GRANT)).toEqual({
      project: 'demo-project',
      role: 'roles/secretmanager.secretAccessor',
      member:
        'principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/demo-project.svc.id.goog/subject/ns/dev-tool/sa/identity',
      condition: {
        title: 'secrets-demo-dev-',
        expression: 'resource.name.startsWith("projects/123456789012/secrets/demo-dev-")',
      },
    });
  });

  it('reads others by their prefix', () => {
    const stacks = synth((demo) => {
      const store = new SecretManager(demo.stack('secrets'), 'secrets', { project, prefix: 'team_a-' });
      store.grantRead(demo.cluster().addIdentity(demo.stack('tool'), 'Identity'));
    });
    expect(only(stacks['dev/tool'], GRANT).condition).toMatchObject({
      expression: expect.stringContaining('/secrets/team_a-")'),
    });
  });

  it.each(['', 'a"b', 'a/b', '${x}'])('refuses the prefix "%s"', (prefix) => {
    expect(() =>
      synth((demo) => void new SecretManager(demo.stack('secrets'), 'secrets', { project, prefix })),
    ).toThrow(`dev-secrets/secrets: "${prefix}" cannot begin the names of secrets.`);
  });

  it.each<[string, Identity['principal'], string]>([
    ['nobody', undefined, 'no cloud knows who that is.'],
    ['another cloud', { cloud: 'aws', member: 'arn' }, 'it is an identity of aws, not of gcp.'],
    ['a machine', { cloud: 'gcp', member: 'serviceAccount:m' }, 'it is no service account of a cluster.'],
  ])('refuses an identity of %s', (_, principal, message) => {
    expect(() =>
      synth((demo) => {
        const scope = demo.stack('secrets');
        new SecretManager(scope, 'secrets', { project }).grantRead({ scope, name: 'web', principal });
      }),
    ).toThrow(message);
  });
});
