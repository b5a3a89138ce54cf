import { defineEnvironment, localState } from '@mlterra/core';
import { LocalHost } from '@mlterra/host';
import { Mlflow } from '@mlterra/mlflow';
import { Postgresql } from '@mlterra/postgresql';

/** MLflow on PostgreSQL, as plain processes on this machine. */
export default defineEnvironment({
  name: 'quickstart',
  backend: localState(),
  stages: {
    // `npx nx apply quickstart` brings this one up.
    dev: { profile: 'development', settings: { postgresPort: 55432, mlflowPort: 5500 } },
    // A production stage is applied only when it is named: `npx nx apply quickstart -c prod`.
    prod: { profile: 'production', settings: { postgresPort: 55433, mlflowPort: 5501 } },
  },
  build(stage) {
    const platform = new LocalHost();

    // Each stack is one Terraform state, and is changed only when its own content changes.
    const database = new Postgresql(stage.stack('postgresql'), 'postgresql', {
      platform,
      port: stage.settings.postgresPort,
    });

    const tracking = stage.stack('mlflow');
    new Mlflow(tracking, 'mlflow', {
      platform,
      database,
      artifacts: platform.addObjectStore(tracking, 'artifacts'),
      port: stage.settings.mlflowPort,
    });
  },
});
