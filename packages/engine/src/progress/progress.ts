import type { StackResult } from '../run/result';

/** Tells people what is going on. Programs read the result instead. */
export interface Progress {
  /** Called once, before any work on the stacks of an environment. */
  begin(keys: readonly string[]): void;
  start(key: string): void;
  /** A short text on what is done to a stack right now. */
  update(key: string, text: string): void;
  finish(result: StackResult): void;
  /** A line of the raw engine log. */
  raw(key: string, line: string): void;
  /** Something worth knowing that belongs to no stack. */
  note(text: string): void;
  /** Ends the display; nothing is called afterwards. */
  end(): Promise<void>;
}
