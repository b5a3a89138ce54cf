import type { PlatformHooks } from '@mlterra/core';

/** What the engine can ask of workloads on Kubernetes. */
export const hooks: PlatformHooks = {
  /** A command line that prints the secret. */
  locateSecret(_context, reference) {
    const [namespace, name, key] = reference.split('/');
    const path = `{.data.${key}}`;
    return Promise.resolve(
      `kubectl --namespace ${namespace} get secret ${name} --output jsonpath='${path}' | base64 --decode`,
    );
  },
};
