import { defineEnvironment, localState } from '@mlterra/core';

/** MLflow on GKE. */
export default defineEnvironment({
  name: 'gcp',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: {} } },
  build() {},
});
