import { renderLiteral } from '@mlterra/core';
import type { LocalExecProvisioner } from 'cdktf';
import type { Provision } from './spec';

/** Resolved from the stack's working folder upwards, so that no path of a machine gets into the stack. */
const PROVISION = "require('@mlterra/docker/provision').main()";

/** What is done once a container has been made. When it fails, Terraform makes the container anew at the next apply. */
export function provisioner(provision: Provision): LocalExecProvisioner {
  return {
    type: 'local-exec',
    interpreter: ['node', '--eval'],
    command: PROVISION,
    environment: {
      // A module that the caller has Node load may be out of reach from the stack's folder.
      NODE_OPTIONS: '',
      MLTERRA_DOCKER_PROVISION: renderLiteral(JSON.stringify(provision)),
    },
  };
}
