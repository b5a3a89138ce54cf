/** Where a port of a container can be reached from outside of the project. */
export interface PortBinding {
  readonly port: number;
  /** Address of the machine, e.g. `127.0.0.1`. @default - all addresses */
  readonly address?: string;
}
