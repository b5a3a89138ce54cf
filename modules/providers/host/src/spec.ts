/**
 * What a stack wants of the host, as plain data: it travels from the synthesised stack to the reconciler.
 * Lists, not maps, so that nothing a person wrote becomes a key that Terraform would have to carry.
 */
export interface DesiredStack {
  readonly processes: readonly DesiredProcess[];
  readonly secrets: readonly DesiredSecret[];
  /** Folders relative to the data folder. */
  readonly folders: readonly string[];
  readonly databases: readonly DesiredDatabase[];
}

export interface DesiredProcess {
  /** Name, unique in the stack. */
  readonly name: string;
  readonly program: DesiredProgram;
  /** Program and arguments. */
  readonly command: readonly DesiredText[];
  readonly variables: readonly { readonly name: string; readonly value: DesiredText }[];
  /** Files by the path they have inside a container. */
  readonly files: readonly { readonly path: string; readonly content: DesiredText }[];
  /** Folders relative to the data folder, by the path they have inside a container. */
  readonly volumes: readonly { readonly path: string; readonly folder: string }[];
  readonly ports: readonly DesiredPort[];
  readonly probe: DesiredProbe;
  readonly stopGraceSeconds: number;
  /** How many rotated log files are kept. */
  readonly logBackups: number;
}

export type DesiredProgram =
  | { readonly kind: 'python'; readonly requirements: readonly string[] }
  | {
      readonly kind: 'postgres';
      readonly majorVersion: number;
      readonly superuser: string;
      /** Reference of the secret with the superuser's password. */
      readonly password: string;
      /** Folder of the data directory, relative to the data folder. */
      readonly folder: string;
      readonly port: number;
    };

export interface DesiredPort {
  readonly name: string;
  readonly port: number;
}

export interface DesiredProbe {
  /** `none`: ready as soon as it runs. */
  readonly kind: 'none' | 'tcp' | 'http';
  /** 0 for `none`. */
  readonly port: number;
  /** Empty unless `http`. */
  readonly httpPath: string;
  readonly startSeconds: number;
}

export interface DesiredSecret {
  /** Path relative to the data folder: the reference of the secret. */
  readonly reference: string;
  readonly length: number;
}

export interface DesiredDatabase {
  readonly name: string;
  /** Reference of the secret with the owner's password. */
  readonly password: string;
  readonly host: string;
  readonly port: string;
  readonly superuser: string;
  /** Reference of the secret with the superuser's password. */
  readonly superuserPassword: string;
}

/** A text with references in it that only the machine can resolve. */
export type DesiredText = readonly DesiredPart[];

export type DesiredPart =
  | string
  /** The value of a secret. */
  | { readonly secret: string }
  /** The absolute path of a folder of the data folder. */
  | { readonly folder: string }
  /** The place of a file or volume of the same process. */
  | { readonly mount: string };

/** What the hooks are told about a stack. */
export interface HookData {
  /** Names of the stack's processes. */
  readonly processes: readonly string[];
}
