import { parseStackKey, type HookContext, type HooksReference } from '@mlterra/core';
import { toPlain } from '../state/lossless';
import type { EnvironmentRun } from './context';

/** What a hook of a platform is told about a stack. */
export function hookContext(run: EnvironmentRun, key: string, { data }: HooksReference): HookContext {
  return {
    ...parseStackKey(key)!,
    environmentDir: run.environment.dir,
    data,
    readOutput: async (stack, output) => {
      const location = run.stacks.get(stack)?.location;
      const read = location === undefined ? undefined : await run.reader.read(location);
      return read?.kind === 'state' ? toPlain(read.state.outputs[output]?.value) : undefined;
    },
  };
}
