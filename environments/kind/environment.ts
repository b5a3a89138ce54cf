import { defineEnvironment, localState } from '@mlterra/core';
import { KindCluster } from '@mlterra/kind';
import { Lakefs } from '@mlterra/lakefs';
import { Mlflow } from '@mlterra/mlflow';
import { Postgresql } from '@mlterra/postgresql';
import { Versitygw } from '@mlterra/versitygw';

interface Settings {
  /** Port of this machine. */
  readonly mlflow: number;
  /** Port of this machine for lakeFS, e.g. 30522. @default - no lakeFS */
  readonly lakefs?: number;
}

/** MLflow on PostgreSQL and an S3-compatible store, on Kubernetes in containers. */
export default defineEnvironment<Settings>({
  name: 'kind',
  backend: localState(),
  stages: {
    // `npx nx apply kind` brings this one up.
    dev: { profile: 'development', settings: { mlflow: 30520 } },
    // A production stage is applied only when it is named: `npx nx apply kind -c prod`.
    prod: { profile: 'production', settings: { mlflow: 30521 } },
  },
  build(stage) {
    const { mlflow, lakefs } = stage.settings;
    // A cluster for each stage: `kind-dev` and `kind-prod`.
    const platform = new KindCluster(stage.stack('cluster'), 'cluster', {
      // Nothing else can be reached from outside of the cluster.
      publish: { 'mlflow.http': mlflow, ...(lakefs && { 'lakefs.http': lakefs }) },
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

    if (lakefs !== undefined) {
      const lake = stage.stack('lakefs');
      new Lakefs(lake, 'lakefs', { platform, database, objects: objects.addObjectStore(lake, 'objects') });
    }
  },
});
