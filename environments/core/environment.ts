import { CaIssuer, CertManager } from '@mlterra/cert-manager';
import { defineEnvironment, localState } from '@mlterra/core';
import { Gateway, GatewayCrds, Traefik } from '@mlterra/gateway';
import { K3sCluster } from '@mlterra/k3s';
import { Lakefs } from '@mlterra/lakefs';
import { Mlflow } from '@mlterra/mlflow';
import { NetworkPolicies } from '@mlterra/network-policies';
import { NfsDriver, NfsStorageClass } from '@mlterra/nfs-storage';
import { CloudNativePgCluster, CloudNativePgOperator } from '@mlterra/postgresql';
import { Redis } from '@mlterra/redis';
import { SealedSecrets } from '@mlterra/sealed-secrets';
import { Seaweedfs } from '@mlterra/seaweedfs';

/** The core tools on one Kubernetes cluster, with the operators that they need. */
export default defineEnvironment({
  name: 'core',
  backend: localState(),
  stages: {
    // Tools are names below the domain. Let them lead to the cluster, e.g. by /etc/hosts.
    dev: { profile: 'development', settings: { domain: 'dev.ml.example.org' } },
  },
  // Once for the cluster: kinds of objects, and the operators that look after them.
  shared(stage) {
    const platform = K3sCluster.fromExisting(stage.stack('cluster'), 'cluster', {
      // The k3s of this machine, unless these name another cluster.
      kubeconfig: process.env.K3S_KUBECONFIG || undefined,
      context: process.env.K3S_CONTEXT || undefined,
      hint: 'set K3S_KUBECONFIG and K3S_CONTEXT to those of another cluster',
      publish: { 'gateway.http': 30580, 'gateway.https': 30543 },
    });
    const crds = new GatewayCrds(stage.stack('gateway-crds'), 'crds', { platform });
    const certManager = new CertManager(stage.stack('cert-manager'), 'cert-manager', { platform });
    return {
      platform,
      controller: new Traefik({ crds }),
      issuer: new CaIssuer(stage.stack('issuers'), 'ca', { certManager }),
      postgres: new CloudNativePgOperator(stage.stack('cloudnative-pg'), 'operator', { platform }),
      sealedSecrets: new SealedSecrets(stage.stack('sealed-secrets'), 'sealed-secrets', { platform }),
      nfs: new NfsDriver(stage.stack('nfs-driver'), 'nfs-driver', { platform }),
    };
  },
  build(stage, { platform, controller, issuer, postgres, nfs }) {
    const { domain } = stage.settings;
    const gateway = new Gateway(stage.stack('gateway'), 'gateway', {
      platform,
      controller,
      hostnames: [`*.${domain}`],
      tls: { issuer },
    });
    new NfsStorageClass(stage.stack('storage'), 'nfs', {
      driver: nfs,
      server: 'nfs.example.org',
      share: '/exports/ml',
    });
    const objects = new Seaweedfs(stage.stack('seaweedfs'), 'seaweedfs', { platform });
    const databases = stage.stack('databases');
    const database = new CloudNativePgCluster(databases, 'databases', {
      operator: postgres,
      backups: { store: objects.addObjectStore(databases, 'backups'), method: 'in-tree' },
    });
    const cache = new Redis(stage.stack('redis'), 'redis', { platform });

    const tracking = stage.stack('mlflow');
    new Mlflow(tracking, 'mlflow', {
      platform,
      database,
      artifacts: objects.addObjectStore(tracking, 'artifacts'),
      gateway,
      hostname: `mlflow.${domain}`,
    });
    const lake = stage.stack('lakefs');
    new Lakefs(lake, 'lakefs', {
      platform,
      database,
      objects: objects.addObjectStore(lake, 'objects'),
      gateway,
      hostname: `lakefs.${domain}`,
    });

    // What people start in the namespace `default` may use the cache, and reaches nothing else.
    new NetworkPolicies(stage.stack('policies'), 'policies', {
      platform,
      namespaces: { default: {} },
      rules: { cache: { namespace: 'default', connectsTo: cache.peers } },
    });
  },
});
