import { catalogue } from '@mlterra/catalogue';
import { isKubernetes } from '@mlterra/core';
import type { ToolRecipe } from '@mlterra/testing/contracts';
import { EnvoyGateway } from './envoy-gateway';
import { Gateway } from './gateway';
import { Traefik } from './traefik';

const API = 'gateway.networking.k8s.io/v1';

/** A gateway by each of the controllers, for the contract suites; the cluster has the kinds. */
export const gatewayRecipe: ToolRecipe = {
  tool: 'gateway',
  runsOn: ['kubernetes'],
  build(stack, { platform, before }) {
    if (!isKubernetes(platform)) throw new TypeError('a gateway runs on Kubernetes');
    const envoy = before(
      'envoy-gateway',
      (operator) => new EnvoyGateway(operator, 'envoy-gateway', { platform }),
    );
    new Gateway(stack, 'gateway', { platform, controller: envoy, hostnames: ['*.example.org'] });
    new Gateway(stack, 'light', { platform, controller: new Traefik(), hostnames: ['*.example.net'] });
  },
  expectations: {
    workloads: [
      {
        container: 'traefik',
        image: 'docker.io/library/traefik',
        ports: ['http'],
        probe: { port: 'ping', path: '/ping' },
        usesClusterApi: true,
      },
    ],
    charts: [
      {
        chart: catalogue.envoyGateway.chart.name,
        repository: catalogue.envoyGateway.chart.repository,
        off: ['crds.enabled', 'topologyInjector.enabled'],
      },
    ],
    objects: [
      { apiVersion: API, kind: 'Gateway' },
      { apiVersion: API, kind: 'GatewayClass' },
      { apiVersion: 'gateway.envoyproxy.io/v1alpha1', kind: 'EnvoyProxy' },
    ],
  },
};
