import {
  defineEnvironment,
  exportOutputs,
  localState,
  type Environment,
  type OpenPortProps,
  type ProfileName,
  type Stack,
} from '@mlterra/core';
import { DataResource, TerraformOutput } from 'cdktf';
import type { MachineCloud } from '../index';
import { MachineRenderer } from '../index';

/** A port that an example group was told to open. */
export interface OpenedPort extends OpenPortProps {
  readonly path: string;
}

export interface ExampleCloud extends MachineCloud {
  readonly opened: readonly OpenedPort[];
}

/** Machines on paper: a group is an output with its user data. */
export function exampleCloud(props: Partial<MachineCloud> = {}): ExampleCloud {
  const opened: OpenedPort[] = [];
  return {
    clients: ['10.0.0.0/16'],
    keepsMachines: true,
    ...props,
    opened,
    addGroup(scope, id, { userData, machines, healthCheck }) {
      const group = new DataResource(scope, id, { input: { machines, healthCheck } });
      new TerraformOutput(group, 'UserData', { value: userData, sensitive: true }).overrideLogicalId(
        'user_data',
      );
      const { address } = exportOutputs(group, { address: '192.0.2.10' });
      return {
        address,
        hostNames: ['192.0.2.10'],
        identity: { scope: group, name: 'machines' },
        openPort: (owner, portId, port) => opened.push({ path: `${owner.node.path}/${portId}`, ...port }),
      };
    },
  };
}

/** The environment `demo` with the stage `dev`: what `build` makes in the stack `tool`, and in `other`. */
export function exampleEnvironment(
  build: (stack: Stack, renderer: MachineRenderer, other: Stack) => void,
  profile: ProfileName = 'development',
  cloud: MachineCloud = exampleCloud(),
): Environment {
  return defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build: (stage) => build(stage.stack('tool'), new MachineRenderer(cloud), stage.stack('other')),
  });
}
