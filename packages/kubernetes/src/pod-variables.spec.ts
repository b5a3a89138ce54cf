import {
  ClusterSecretKey,
  exportOutputs,
  text,
  type Container,
  type Secret,
  type Stack,
} from '@mlterra/core';
import { synthEnvironment } from '@mlterra/testing';
import { exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';

function held(stack: Stack, namespace = 'dev-tool'): Secret {
  const { reference } = exportOutputs(stack, { reference: `${namespace}/login/password` });
  return new ClusterSecretKey(reference, { namespace, name: 'login' }, 'password', 'v1');
}

function pod(changes: (secret: Secret, own: Secret) => Partial<Container>, namespace?: string) {
  const environment = exampleEnvironment((stack, renderer) => {
    const own = renderer.generateSecret(stack, 'Own');
    const container = { image: 'registry.example.org/demo:v1', command: ['demo'] };
    const secret = held(stack, namespace);
    renderer.run(stack, 'Demo', { containers: { server: { ...container, ...changes(secret, own) } } });
  });
  const { template } = objects(synthEnvironment(environment)['dev/tool']!, 'Deployment')[0]!.spec;
  return { env: template.spec.containers[0].env.slice(1), annotations: template.metadata.annotations };
}

const fromSecret = { secretKeyRef: { name: 'login', key: 'password' } };

describe('variables with a Secret that others fill', () => {
  it('are read from it, and another version of it makes new pods', () => {
    const { env, annotations } = pod((secret) => ({ variables: { PASSWORD: secret } }));
    expect(env).toEqual([{ name: 'PASSWORD', valueFrom: fromSecret }]);
    expect(annotations).toEqual({ 'secret.mlterra.dev/login': 'v1' });
  });

  it('are put together by Kubernetes where a text is around it, with other secrets, and a dollar in it stays one', () => {
    const { env } = pod((secret, own) => ({
      variables: { URL: text`db://$(A):${secret}@${own}` },
    }));
    expect(env).toEqual([
      { name: 'URL_SECRET_1', valueFrom: fromSecret },
      {
        name: 'URL_SECRET_2',
        valueFrom: {
          secretKeyRef: { name: 'demo', key: expect.stringContaining('server-variable-URL-SECRET-2-') },
        },
      },
      { name: 'URL', value: 'db://$$(A):$(URL_SECRET_1)@$(URL_SECRET_2)' },
    ]);
  });

  it('are refused where the pods cannot read the Secret', () => {
    expect(() => pod((secret) => ({ variables: { PASSWORD: secret } }), 'dev-other')).toThrow(
      'dev-tool/Demo: its pods are in the namespace "dev-tool" and cannot read the Secret key dev-other/login/password.',
    );
  });

  it('cannot be files, which Terraform writes', () => {
    expect(() => pod((secret) => ({ files: { '/etc/login': text`password=${secret}` } }))).toThrow(
      'dev-tool/Demo: the file /etc/login cannot hold the Secret key dev-tool/login/password',
    );
  });
});
