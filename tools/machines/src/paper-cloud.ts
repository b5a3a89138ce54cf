import { exportOutputs } from '@mlterra/core';
import type { MachineCloud } from '@mlterra/machines';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';

/** Name of the output with the user data. */
const USER_DATA_OUTPUT = 'user_data';

/** User data as a machine gets it: a cloud that takes base64 decodes it, and leaves the rest to cloud-init. */
export function userDataIn(outputs: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(outputs[USER_DATA_OUTPUT]!, 'base64');
}

/**
 * A cloud on paper: Terraform makes everything but the machine, whose user data is an output. The test bed gives the machine.
 */
export function paperCloud(): MachineCloud {
  return {
    clients: ['10.0.0.0/8'],
    keepsMachines: true,
    encoding: 'gzip-base64',
    // As AWS: 16 KiB before it is written in base64.
    maxBytes: 21_845,
    addGroup(scope, id, { userData }) {
      const group = new Construct(scope, id);
      const { address } = exportOutputs(group, { address: '10.0.0.2' });
      new TerraformOutput(group, 'UserData', { value: userData, sensitive: true }).overrideLogicalId(
        USER_DATA_OUTPUT,
      );
      return {
        address,
        // The test bed gives each machine an address of its own choice.
        hostNames: ['10.*'],
        identity: { scope: group, name: 'machines' },
        openPort: () => undefined,
      };
    },
  };
}
