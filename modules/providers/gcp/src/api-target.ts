import type { Targets } from '@mlterra/core';
import { withoutUserInfo } from '@mlterra/core/address';

/** Variables by which Terraform's provider finds an API elsewhere, e.g. `GOOGLE_COMPUTE_CUSTOM_ENDPOINT`. */
const ENDPOINT = /^GOOGLE_\w+_CUSTOM_ENDPOINT$/;

/**
 * Which Google Cloud the variables of the caller lead to. Project and region are set in every stack, so no variable replaces
 * them; who acts is no target.
 */
export function apiTargets(variables: NodeJS.ProcessEnv = process.env): Targets {
  const endpoints = Object.entries(variables)
    .filter(([name, value]) => ENDPOINT.test(name) && value)
    .map(([name, value]) => `${name}=${withoutUserInfo(value!)}`)
    .sort();
  const given = endpoints.join(' ');
  return {
    'Google Cloud API':
      endpoints.length === 0
        ? { value: 'googleapis.com', from: 'the environment, without GOOGLE_…_CUSTOM_ENDPOINT,' }
        : { value: `googleapis.com with ${given}`, from: given },
  };
}
