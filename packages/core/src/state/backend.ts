import type { TerraformRemoteState, TerraformStack } from 'cdktf';

/** Where one state lies: plain data, enough to read it without Terraform. Never holds a credential. */
export type StateLocation =
  | {
      readonly type: 'local';
      /** Relative to the stack's working folder, `<environment folder>/<any>/stacks/<stack id>`. */
      readonly path: string;
    }
  | {
      readonly type: 's3';
      readonly bucket: string;
      readonly key: string;
      readonly region: string;
      readonly endpoint?: string;
      readonly usePathStyle: boolean;
    }
  | { readonly type: 'pg'; readonly schema: string };

/** Keeps Terraform states. One per environment; every stack has its own state in it. */
export interface StateBackend {
  readonly type: StateLocation['type'];
  /** Oldest Terraform that locks states here, e.g. `1.10`. @default - any that mlterra supports */
  readonly minimumTerraform?: string;
  /** Where the state with this key (`<environment>/<stage>/<stack>`) lies. */
  location(key: string): StateLocation;
  /** Makes this the backend of a stack. */
  configure(stack: TerraformStack, key: string): void;
  /** A data source in `consumer` that reads the outputs of the state with this key. */
  remoteState(consumer: TerraformStack, id: string, key: string): TerraformRemoteState;
}
