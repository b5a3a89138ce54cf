/** What the hooks are told about a stack. */
export interface HookData {
  /** Address of the engine. @default - that of the environment, as `DOCKER_HOST` */
  readonly host?: string;
  /** Output that says which state the things on the engine belong to. */
  readonly instance: { readonly stack: string; readonly output: string };
  readonly containers: readonly HookContainer[];
  /** Names of images that are pulled. */
  readonly images: readonly string[];
  /** Names of networks. */
  readonly networks: readonly string[];
  /** Names of volumes with data. */
  readonly volumes: readonly string[];
}

export interface HookContainer {
  readonly name: string;
  /** Terraform address. */
  readonly address: string;
  /** `workload` runs all the time, `task` to its end, `files` never: it holds files and hands over volumes. */
  readonly kind: 'workload' | 'task' | 'files';
  /** Ports of the machine that it is published on. */
  readonly ports: readonly number[];
}

/** What is done once a container has been made, by a provisioner of it. */
export type Provision =
  | {
      /** Waits until it is healthy, or until it has ended with 0. */
      readonly kind: 'healthy' | 'ended';
      readonly name: string;
      readonly seconds: number;
      /** Names of variables, and paths of files, that hold secrets: what they hold is not shown. */
      readonly secretVariables: readonly string[];
      readonly secretFiles: readonly string[];
      readonly host?: string;
    }
  | {
      /** Gives the roots of its volumes to the user. */
      readonly kind: 'own';
      readonly name: string;
      readonly folders: readonly string[];
      readonly userId: number;
      readonly host?: string;
    };
