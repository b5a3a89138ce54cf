import type { Secret, StackOutput } from '@mlterra/core';
import type { ComposeFile } from './compose-file';

/**
 * How values become the strings of a Compose project: Terraform templates, for a machine that Terraform makes, or plain
 * text, for a folder on a developer's own.
 */
export interface ValueResolver {
  /** Text that is known at synth. It may hold references of CDKTF. */
  literal(text: string): string;
  /** What an output holds. */
  output(output: StackOutput): string;
  /** A secret itself, for a file that only its reader can open. */
  secret(secret: Secret): string;
  /** Doubles every `$` in what `output` gave, as Compose wants it. */
  doubleDollars(output: string): string;
  /** A short text that changes with any of the files. It does not tell what they hold. */
  digest(files: readonly ComposeFile[]): string;
}
