import { Listr, type DefaultRenderer, type ListrTaskWrapper, type SimpleRenderer } from 'listr2';
import { FAILED, type StackResult } from '../run/result';
import type { Progress } from './progress';

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** One live line per stack, for a terminal. */
export function liveProgress(): Progress {
  const finishers = new Map<string, (result: StackResult) => void>();
  const tasks = new Map<string, Task>();
  const notes: string[] = [];
  let run: Promise<unknown> | undefined;
  return {
    begin(keys) {
      const ends = new Map(
        keys.map((key) => [key, new Promise<StackResult>((resolve) => finishers.set(key, resolve))]),
      );
      const list = new Listr(
        keys.map((key) => ({
          title: key,
          task: async (_context: unknown, task: Task) => {
            tasks.set(key, task);
            const result = await ends.get(key)!;
            // The list shows a symbol of its own.
            task.title = `${result.key} ${result.status}  ${result.seconds.toFixed(1)} s`;
            if (FAILED.includes(result.status)) throw new Error(result.status);
          },
        })),
        {
          concurrent: true,
          exitOnError: false,
          // It would end the process.
          registerSignalListeners: false,
          rendererOptions: { showErrorMessage: false, collapseErrors: true },
        },
      );
      run = list.run().catch(() => undefined);
    },
    start: () => undefined,
    update(key, text) {
      const task = tasks.get(key);
      if (task !== undefined) task.output = text;
    },
    finish: (result) => finishers.get(result.key)?.(result),
    raw: () => undefined,
    note(text) {
      // The list redraws its lines: what is told meanwhile comes after it.
      if (run === undefined) process.stderr.write(`note: ${text}\n`);
      else notes.push(text);
    },
    async end() {
      // Stacks the command did not come to would keep the list alive.
      for (const [key, finish] of finishers) finish({ key, status: 'unchanged', reasons: [], seconds: 0 });
      await run;
      for (const text of notes.splice(0)) process.stderr.write(`note: ${text}\n`);
    },
  };
}
