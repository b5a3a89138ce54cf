import type { Writable } from 'node:stream';
import type { Progress } from './progress';
import { resultLine } from './wording';

/** Plain lines, for logs; with the raw engine log when `verbose`. */
export function lineProgress(out: Writable, options: { readonly verbose: boolean }): Progress {
  const print = (text: string): void => void out.write(`${text}\n`);
  return {
    begin: () => undefined,
    start: () => undefined,
    update: (key, text) => {
      if (!options.verbose) print(`  ${key}: ${text}`);
    },
    finish: (result) => print(resultLine(result)),
    raw: (key, line) => {
      if (options.verbose) print(`  ${key} | ${line}`);
    },
    note: (text) => print(`note: ${text}`),
    end: () => Promise.resolve(),
  };
}
