import { defineEnvironment, localState } from '@mlterra/core';
import { MinikubeCluster } from '@mlterra/minikube';
import { Mlflow } from '@mlterra/mlflow';
import { Postgresql } from '@mlterra/postgresql';
import { Versitygw } from '@mlterra/versitygw';

/** MLflow on PostgreSQL and an S3-compatible store, on minikube. */
export default defineEnvironment({
  name: 'minikube',
  backend: localState(),
  stages: {
    // `npx nx apply minikube` brings this one up; `mlflow` is its port on this machine.
    dev: { profile: 'development', settings: { mlflow: 30530 } },
    // A production stage is applied only when it is named: `npx nx apply minikube -c prod`.
    prod: { profile: 'production', settings: { mlflow: 30531 } },
  },
  build(stage) {
    // A profile for each stage: `minikube-dev` and `minikube-prod`.
    const platform = new MinikubeCluster(stage.stack('cluster'), 'cluster', {
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
