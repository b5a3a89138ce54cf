import type { DatabaseUrlExpectation, ToolRecipe } from '@mlterra/testing/contracts';
import { AUTH_CONFIG_PATH, Mlflow } from './mlflow';

const DATABASE_SCHEME = 'postgresql+psycopg2';

const trackingDatabase: DatabaseUrlExpectation = {
  from: { variable: 'MLFLOW_BACKEND_STORE_URI' },
  scheme: DATABASE_SCHEME,
};

const userDatabase: DatabaseUrlExpectation = {
  from: { file: AUTH_CONFIG_PATH, pattern: /^database_uri = (.*)$/m },
  scheme: DATABASE_SCHEME,
};

/** MLflow for the contract suites. */
export const mlflowRecipe: ToolRecipe = {
  tool: 'mlflow',
  runsOn: ['host', 'docker', 'kubernetes', 'machines'],
  needs: ['database', 'objectStore'],
  build(stack, services) {
    const { platform, port, database } = services;
    const artifacts = services.addObjectStore(stack, 'artifacts');
    new Mlflow(stack, 'mlflow', { platform, database, artifacts, port });
  },
  expectations: {
    workloads: [
      {
        container: 'server',
        image: 'ghcr.io/mlflow/mlflow',
        databaseUrls: [trackingDatabase, userDatabase],
        objectStores: [{ argument: '--artifacts-destination' }],
        secrets: [
          { file: AUTH_CONFIG_PATH, pattern: /^admin_password = (.*)$/m },
          { variable: 'MLFLOW_FLASK_SERVER_SECRET_KEY' },
          { variable: 'MLFLOW_CRYPTO_KEK_PASSPHRASE' },
        ],
        ports: ['http'],
        probe: { port: 'http', path: '/health' },
      },
    ],
    services: ['mlflow'],
  },
};
