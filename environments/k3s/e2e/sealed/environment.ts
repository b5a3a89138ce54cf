import { defineEnvironment, localState, text } from '@mlterra/core';
import { K3sCluster } from '@mlterra/k3s';
import { SealedSecret, SealedSecrets } from '@mlterra/sealed-secrets';

/** A program with a sealed login; see `../sealed-secrets.e2e.ts`. */
export default defineEnvironment({
  name: 'sealed',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const platform = K3sCluster.fromExisting(stage.stack('cluster'), 'cluster', {
      kubeconfig: process.env.K3S_KUBECONFIG,
      context: process.env.K3S_CONTEXT,
      schedulingSeconds: 60,
    });
    const operator = new SealedSecrets(stage.stack('sealed-secrets'), 'sealed-secrets', {
      platform,
      values: {},
    });
    const stack = stage.stack('tool');
    const login = new SealedSecret(stack, 'login', { operator, folder: __dirname });
    const [user, password] = [login.secret('user'), login.secret('password')];
    platform.run(stack, 'server', {
      containers: {
        server: {
          image: 'docker.io/library/python:3.11-slim-bookworm',
          command: ['python3', '-m', 'http.server', '8080', '--directory', '/tmp'],
          variables: { PASSWORD: password, URL: text`db://${user}:${password}@db.example.org/$(HOME)` },
          ports: { http: { port: 8080, protocol: 'http' } },
          probe: { port: 'http', httpPath: '/', startSeconds: 30 },
          stopGraceSeconds: 1,
        },
      },
    });
  },
});
