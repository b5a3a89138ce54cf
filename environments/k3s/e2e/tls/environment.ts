import { CaIssuer, CertManager } from '@mlterra/cert-manager';
import { defineEnvironment, localState } from '@mlterra/core';
import { Gateway, GatewayCrds, Traefik } from '@mlterra/gateway';
import { K3sCluster } from '@mlterra/k3s';

/** A server behind a gateway with a certificate; see `../tls.e2e.ts`. */
export default defineEnvironment({
  name: 'tls',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const platform = K3sCluster.fromExisting(stage.stack('cluster'), 'cluster', {
      kubeconfig: process.env.K3S_KUBECONFIG,
      context: process.env.K3S_CONTEXT,
      publish: { 'gateway.http': 31_520, 'gateway.https': 31_521 },
    });
    const crds = new GatewayCrds(stage.stack('gateway-api'), 'crds', { platform });
    const certManager = new CertManager(stage.stack('cert-manager'), 'cert-manager', { platform });

    const door = stage.stack('gateway');
    const gateway = new Gateway(door, 'gateway', {
      platform,
      controller: new Traefik({ crds }),
      hostnames: ['localhost'],
      tls: { issuer: new CaIssuer(door, 'authority', { certManager }), minVersion: '1.3' },
    });

    const stack = stage.stack('tool');
    const { endpoints } = platform.run(stack, 'server', {
      containers: {
        web: {
          image: 'docker.io/library/python:3.11-slim-bookworm',
          command: ['python3', '-m', 'http.server', '8080', '--directory', '/tmp'],
          ports: { http: { port: 8080, protocol: 'http' } },
          probe: { port: 'http', httpPath: '/', startSeconds: 60 },
          stopGraceSeconds: 1,
        },
      },
    });
    gateway.addRoute(stack, 'route', { hostname: 'localhost', endpoint: endpoints['web.http']! });
  },
});
