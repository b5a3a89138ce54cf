import type { Settled } from './settled';

/** What is kept beside a resource in its state, by Terraform. */
export interface Private {
  /** Tells it from every other, as its `id` need not; empty where another program wrote the state. */
  readonly instance: string;
  readonly settled: Settled;
  /** Its configuration has not been seen yet: it was imported. */
  readonly imported?: boolean;
}

export function readPrivate(bytes: Uint8Array | undefined): Private {
  const nothing: Private = { instance: '', settled: {} };
  if (!bytes || bytes.length === 0) return nothing;
  try {
    return { ...nothing, ...(JSON.parse(Buffer.from(bytes).toString()) as Partial<Private>) };
  } catch {
    return nothing;
  }
}
