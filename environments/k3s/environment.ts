import { defineEnvironment, localState } from '@mlterra/core';
import { K3sCluster } from '@mlterra/k3s';
import { Mlflow } from '@mlterra/mlflow';
import { Postgresql } from '@mlterra/postgresql';
import { Versitygw } from '@mlterra/versitygw';

/** MLflow on PostgreSQL and an S3-compatible store, on k3s. */
export default defineEnvironment({
  name: 'k3s',
  backend: localState(),
  stages: {
    // `npx nx apply k3s` brings this one up; `mlflow` is its port on this machine.
    dev: { profile: 'development', settings: { mlflow: 30510 } },
    // A production stage is applied only when it is named: `npx nx apply k3s -c prod`.
    prod: { profile: 'production', settings: { mlflow: 30511 } },
  },
  build(stage) {
    // Namespaces keep the stages apart. For a k3s that mlterra installs, see the README of @mlterra/k3s.
    const platform = K3sCluster.fromExisting(stage.stack('cluster'), 'cluster', {
      // The k3s of this machine, unless these name another cluster.
      kubeconfig: process.env.K3S_KUBECONFIG || undefined,
      context: process.env.K3S_CONTEXT || undefined,
      // Nothing else can be reached from outside of the cluster.
      publish: { 'mlflow.http': stage.settings.mlflow },
    });

    // Each stack is one Terraform state, and is changed only when its own content changes.
    const database = new Postgresql(stage.stack('postgresql'), 'postgresql', { platform });
    const objects = new Versitygw(stage.stack('versitygw'), 'versitygw', { platform });

    const tracking = stage.stack('mlflow');
    new Mlflow(tracking, 'mlflow', {
      platform,
      database,
      artifacts: objects.addObjectStore(tracking, 'artifacts'),
    });
  },
});
