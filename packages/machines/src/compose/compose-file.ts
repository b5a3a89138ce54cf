/** A file beside the Compose file, which a container has mounted. */
export interface ComposeFile {
  /** Relative to the folder of the Compose file. */
  readonly path: string;
  /** Written by the `ValueResolver`. */
  readonly content: string;
  /** User and group of the container; nobody else needs to read it. */
  readonly userId: number;
  /** Whether there is a secret in it. */
  readonly secret: boolean;
}
