import type { ChartReference } from '@mlterra/core';

/** One release of one tool, and what is known of where it comes from. */
export interface CatalogueEntry {
  /** What people call it. */
  readonly title: string;
  /** Version of the program itself, as upstream writes it without a leading `v`. */
  readonly version: string;
  /** Chart by which it is installed on Kubernetes. @default - none is used */
  readonly chart?: ChartReference;
  /** Images that workloads run, by what they are for. Charts name their own. @default - none */
  readonly images?: Readonly<Record<string, CatalogueImage>>;
  /** SPDX expression of the program. */
  readonly licence: string;
  readonly upstream: UpstreamStatus;
  /** What one has to know before one takes it. @default - nothing */
  readonly caution?: string;
  /** Why a newer release is not taken; what a check finds then counts as known. @default - the newest is wanted */
  readonly heldAt?: string;
  /** Page that shows releases. */
  readonly source: string;
  /** Day on which the above was looked up, `YYYY-MM-DD`. */
  readonly checked: string;
}

export interface CatalogueImage {
  /** With registry, without tag, e.g. `ghcr.io/mlflow/mlflow`. */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` of the index of all architectures. @default - not known: the tag alone names it */
  readonly digest?: string;
}

/**
 * `healthy`: released regularly; `caution`: works, but read `caution`; `archived`: upstream has given it up, so that it
 * is used only by whoever asks for it.
 */
export type UpstreamStatus = 'healthy' | 'caution' | 'archived';

/** Name under which an image is pulled: `<repository>:<tag>`, with its digest where it is known. */
export function imageName({ repository, tag, digest }: CatalogueImage): string {
  return `${repository}:${tag}${digest === undefined ? '' : `@${digest}`}`;
}
