import type { StackJson } from './synth';

/** Drops what CDKTF notes for itself: the key `//` of the file and of every block in it. */
export function withoutMetadata(file: SynthesizedFile): StackJson {
  const stack = { ...file };
  delete stack['//'];
  for (const section of ['resource', 'data'] as const) {
    for (const byId of Object.values(stack[section] ?? {})) {
      for (const block of Object.values(byId)) delete block['//'];
    }
  }
  return stack;
}

/** What CDKTF writes for one stack. */
interface SynthesizedFile extends StackJson {
  '//'?: unknown;
  readonly resource?: Record<string, Record<string, Record<string, unknown>>>;
  readonly data?: Record<string, Record<string, Record<string, unknown>>>;
}
