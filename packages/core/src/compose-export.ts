import type { IConstruct } from 'constructs';

const COMPOSE_EXPORT = Symbol.for('mlterra/composeExport');

/** Where a service of a project answers. */
export interface ComposeEntry {
  readonly name: string;
  /** On this machine, or within the network of the project. */
  readonly url: string;
  /** Whether this machine reaches it. */
  readonly isPublished: boolean;
  /** User to log in as, and the variable of `.env` with the password. @default - no login is needed */
  readonly login?: { readonly username: string; readonly variable: string };
}

/** A project of Compose, for people without Terraform. */
export interface ComposeExport {
  /** What goes into `compose.yaml`. */
  readonly document: object;
  /** Files beside it. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Variables of `.env`: secrets of the document, and those that only files have. */
  readonly variables: Readonly<Record<string, string>>;
  readonly entries: readonly ComposeEntry[];
}

/**
 * Gives what runs on a platform as a project of Compose.
 * @param known variables of an earlier export: its secrets stay as they are
 */
export type ComposeExporter = (known: Readonly<Record<string, string>>) => ComposeExport;

/** Says that what runs on the platform can be had as a project of Compose. */
export function addComposeExport(platform: IConstruct, exporter: ComposeExporter): void {
  Object.defineProperty(platform, COMPOSE_EXPORT, { value: exporter });
}

/** The exporter of a platform, of whatever copy of this package; undefined where it has none. */
export function composeExportOf(construct: IConstruct): ComposeExporter | undefined {
  return (construct as { readonly [COMPOSE_EXPORT]?: ComposeExporter })[COMPOSE_EXPORT];
}
