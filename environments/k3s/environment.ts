import { defineEnvironment, localState } from '@mlterra/core';
import { Gateway, GatewayCrds, Traefik } from '@mlterra/gateway';
import { K3sCluster } from '@mlterra/k3s';
import { Lakefs } from '@mlterra/lakefs';
import { Mlflow } from '@mlterra/mlflow';
import { Postgresql } from '@mlterra/postgresql';
import { Versitygw } from '@mlterra/versitygw';

interface Settings {
  /** Port of this machine. */
  readonly mlflow: number;
  /** Port of this machine for lakeFS, e.g. 30512. @default - no lakeFS */
  readonly lakefs?: number;
  /** Port of this machine for a gateway, e.g. 30515, by which MLflow is reached then. @default - no gateway */
  readonly gateway?: number;
}

/** MLflow on PostgreSQL and an S3-compatible store, on k3s. */
export default defineEnvironment<Settings>({
  name: 'k3s',
  backend: localState(),
  stages: {
    // `npx nx apply k3s` brings this one up.
    dev: { profile: 'development', settings: { mlflow: 30510 } },
    // A production stage is applied only when it is named: `npx nx apply k3s -c prod`.
    prod: { profile: 'production', settings: { mlflow: 30511 } },
  },
  build(stage) {
    const { mlflow, lakefs, gateway } = stage.settings;
    // Namespaces keep the stages apart. For a k3s that mlterra installs, see the README of @mlterra/k3s.
    const platform = K3sCluster.fromExisting(stage.stack('cluster'), 'cluster', {
      // The k3s of this machine, unless these name another cluster.
      kubeconfig: process.env.K3S_KUBECONFIG || undefined,
      context: process.env.K3S_CONTEXT || undefined,
      hint: 'set K3S_KUBECONFIG and K3S_CONTEXT to those of another cluster',
      // Nothing else can be reached from outside of the cluster.
      publish: {
        ...(gateway ? { 'gateway.http': gateway } : { 'mlflow.http': mlflow }),
        ...(lakefs && { 'lakefs.http': lakefs }),
      },
    });

    // The kinds of the Gateway API are there once for the whole cluster: off unless a port is named.
    const door = (): Gateway => {
      const crds = new GatewayCrds(stage.stack('gateway-api'), 'crds', { platform });
      const controller = new Traefik({ crds });
      return new Gateway(stage.stack('gateway'), 'gateway', {
        platform,
        controller,
        hostnames: ['localhost'],
      });
    };

    // Each stack is one Terraform state, and is changed only when its own content changes.
    const database = new Postgresql(stage.stack('postgresql'), 'postgresql', { platform });
    const objects = new Versitygw(stage.stack('versitygw'), 'versitygw', { platform });

    const tracking = stage.stack('mlflow');
    new Mlflow(tracking, 'mlflow', {
      platform,
      database,
      artifacts: objects.addObjectStore(tracking, 'artifacts'),
      ...(gateway && { gateway: door(), hostname: 'localhost' }),
    });

    if (lakefs !== undefined) {
      const lake = stage.stack('lakefs');
      new Lakefs(lake, 'lakefs', { platform, database, objects: objects.addObjectStore(lake, 'objects') });
    }
  },
});
