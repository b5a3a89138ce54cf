import { AcmeIssuer, CertManager } from '@mlterra/cert-manager';
import { defineEnvironment, localState } from '@mlterra/core';
import { EnvoyGateway, Gateway, GatewayCrds } from '@mlterra/gateway';
import {
  CloudDnsZone,
  CloudSqlPostgres,
  GkeCluster,
  GoogleProject,
  KeyRing,
  ProjectServices,
  StorageBucket,
  Subnetwork,
  VpcNetwork,
} from '@mlterra/gcp';
import { Mlflow } from '@mlterra/mlflow';

/** Your project: a rehearsal takes any, an apply needs a real one. */
const project = new GoogleProject({
  projectId: 'your-project-id',
  projectNumber: '123456789012',
  region: 'europe-west3',
});

interface Shared {
  readonly network: VpcNetwork;
  readonly keyRing: KeyRing;
}

interface Settings {
  readonly machines: string;
  readonly services: string;
  readonly pods: string;
  /** Domain of yours for names of services. @default - they are reached inside of the cluster only */
  readonly domain?: string;
}

/** MLflow on GKE, with Cloud SQL and a bucket; in production behind a gateway with TLS. */
export default defineEnvironment<Settings, Shared>({
  name: 'gcp',
  // For one person on one machine. To share the states, take `s3State` or `pgState` of @mlterra/core instead.
  backend: localState(),
  stages: {
    dev: {
      profile: 'development',
      settings: { machines: '10.0.0.0/20', services: '10.0.16.0/20', pods: '10.16.0.0/16' },
    },
    // Like production, but smaller, and it may be destroyed.
    staging: {
      profile: 'production',
      overrides: { replicas: 2, retentionDays: 7, deletionProtection: false },
      settings: { machines: '10.1.0.0/20', services: '10.1.16.0/20', pods: '10.17.0.0/16' },
    },
    // A production stage is applied only when it is named: `npx nx apply gcp -c prod`.
    prod: {
      profile: 'production',
      settings: {
        machines: '10.2.0.0/20',
        services: '10.2.16.0/20',
        pods: '10.18.0.0/16',
        domain: 'ml.example.org',
      },
    },
  },
  shared(stage) {
    const services = stage.stack('services');
    new ProjectServices(services, 'services', { project });

    const foundation = stage.stack('foundation');
    foundation.addDependency(services);
    return {
      network: new VpcNetwork(foundation, 'network', { project }),
      keyRing: new KeyRing(foundation, 'keys', { project }),
    };
  },
  build(stage, { network, keyRing }) {
    const { machines, services, pods, domain } = stage.settings;
    const clusterStack = stage.stack('cluster');
    const subnetwork = new Subnetwork(clusterStack, 'subnetwork', {
      network,
      machinesCidr: machines,
      servicesCidr: services,
      podsCidr: pods,
    });
    // The API server answers inside the network only: name the ranges you come from in `authorizedNetworks`.
    const platform = new GkeCluster(clusterStack, 'cluster', { subnetwork, keyRing });

    const database = new CloudSqlPostgres(stage.stack('database'), 'postgres', { network, keyRing });

    /** Operators and kinds first, then what uses them: a stack each. */
    const door = (zoneDomain: string): Gateway => {
      const zone = new CloudDnsZone(stage.stack('dns'), 'zone', { project, domain: zoneDomain });
      const certManager = new CertManager(stage.stack('cert-manager'), 'cert-manager', {
        platform,
        zones: [zone],
      });
      const crds = new GatewayCrds(stage.stack('gateway-api'), 'crds', { platform, envoyGateway: true });
      const controller = new EnvoyGateway(stage.stack('envoy-gateway'), 'envoy-gateway', { platform, crds });

      const gateway = stage.stack('gateway');
      return new Gateway(gateway, 'gateway', {
        platform,
        controller,
        hostnames: [`*.${zoneDomain}`],
        // Let's Encrypt for real, as the stage is protected.
        tls: { issuer: new AcmeIssuer(gateway, 'issuer', { certManager, email: `admin@${zoneDomain}` }) },
        // Reached inside of the network; leave the annotation out for a public address.
        loadBalancer: { annotations: { 'networking.gke.io/load-balancer-type': 'Internal' } },
      });
    };

    const tracking = stage.stack('mlflow');
    new Mlflow(tracking, 'mlflow', {
      platform,
      database,
      artifacts: new StorageBucket(tracking, 'artifacts', { project, keyRing }),
      ...(domain && { gateway: door(domain), hostname: `mlflow.${domain}` }),
      // For single sign-on add `oidc`, and an image with the package for it: see the README of @mlterra/mlflow.
    });
  },
});
