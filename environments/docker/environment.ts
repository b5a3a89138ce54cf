import { defineEnvironment, localState } from '@mlterra/core';
import { DockerEngine } from '@mlterra/docker';
import { Lakefs } from '@mlterra/lakefs';
import { Mlflow } from '@mlterra/mlflow';
import { Postgresql } from '@mlterra/postgresql';
import { Versitygw } from '@mlterra/versitygw';

interface Settings {
  /** Port of this machine. */
  readonly mlflowPort: number;
  /** Port of this machine for lakeFS, e.g. 5512. @default - no lakeFS */
  readonly lakefsPort?: number;
}

/** MLflow on PostgreSQL and an S3-compatible store, as containers of the Docker engine of this machine. */
export default defineEnvironment<Settings>({
  name: 'docker',
  backend: localState(),
  stages: {
    // `npx nx apply docker` brings this one up.
    dev: { profile: 'development', settings: { mlflowPort: 5510 } },
    // A production stage is applied only when it is named: `npx nx apply docker -c prod`.
    prod: { profile: 'production', settings: { mlflowPort: 5511 } },
  },
  build(stage) {
    const { mlflowPort, lakefsPort } = stage.settings;
    // Each stack is one Terraform state, and is changed only when its own content changes.
    const platform = new DockerEngine(stage.stack('engine'), 'engine', {
      // Nothing else can be reached from outside of the stage's own network.
      publish: { 'mlflow.http': mlflowPort, ...(lakefsPort && { 'lakefs.http': lakefsPort }) },
    });
    const database = new Postgresql(stage.stack('postgresql'), 'postgresql', { platform });
    const objects = new Versitygw(stage.stack('versitygw'), 'versitygw', { platform });

    const tracking = stage.stack('mlflow');
    new Mlflow(tracking, 'mlflow', {
      platform,
      database,
      artifacts: objects.addObjectStore(tracking, 'artifacts'),
    });

    if (lakefsPort !== undefined) {
      const lake = stage.stack('lakefs');
      new Lakefs(lake, 'lakefs', { platform, database, objects: objects.addObjectStore(lake, 'objects') });
    }
  },
});
