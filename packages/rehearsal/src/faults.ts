/**
 * Something that goes wrong in a rehearsal because it was asked for. Counts begin at 1 and run over the whole
 * environment, so `nth: 2` fails the second resource of the type that is created, in whichever stack.
 */
export type Fault =
  /** The n-th create of a type fails; the next attempt succeeds. */
  | { readonly kind: 'fail-create'; readonly type: string; readonly nth: number }
  /** The n-th create of a type takes longer than its time-out: fails, and the resource is tainted. */
  | { readonly kind: 'time-out'; readonly type: string; readonly nth: number }
  /** From the second read on, an attribute of a resource has another value: somebody changed it. */
  | DriftFault
  /** A destroy of a type is refused, as by a deletion protection; `times` times, then it works. */
  | { readonly kind: 'refuse-destroy'; readonly type: string; readonly times: number }
  /** A change of this attribute of a type forces a replacement, which no binding says. */
  | { readonly kind: 'replace-on-change'; readonly type: string; readonly attribute: string };

/** `stack` is needed where several stacks have the address. */
export interface DriftFault {
  readonly kind: 'drift';
  /** Key of the stack, e.g. `gcp/dev/cluster`. @default - the one that has the address */
  readonly stack?: string;
  readonly address: string;
  /** May lead into blocks, e.g. `settings.0.tier`. */
  readonly attribute: string;
  readonly value: unknown;
}
