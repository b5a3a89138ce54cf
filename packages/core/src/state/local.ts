import { DataTerraformRemoteStateLocal, LocalBackend, type TerraformStack } from 'cdktf';
import { renderLiteral } from '../literal';
import type { StateBackend, StateLocation } from './backend';

export interface LocalStateProps {
  /** Folder for the states, relative to the environment's folder. @default ".mlterra/state" */
  readonly directory?: string;
}

/** States in files beside the environment. For one person on one machine; share states by `s3State` or `pgState`. */
export function localState(props: LocalStateProps = {}): StateBackend {
  const directory = props.directory ?? '.mlterra/state';
  const path = (key: string): string => `../../../${directory}/${key}.tfstate`;
  return {
    type: 'local',
    location: (key): StateLocation => ({ type: 'local', path: path(key) }),
    configure: (stack: TerraformStack, key: string): void => {
      new LocalBackend(stack, { path: path(key) });
    },
    // Unlike the backend, which Terraform reads as it is written.
    remoteState: (consumer, id, key) =>
      new DataTerraformRemoteStateLocal(consumer, id, { path: renderLiteral(path(key)) }),
  };
}
