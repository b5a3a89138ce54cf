import { invalidName } from './errors';

const NAME = /^[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?$/;

/** Throws unless `name` can name an environment, a stage, a stack or a process. */
export function assertName(what: string, name: string, path?: string): void {
  if (!NAME.test(name)) throw invalidName(what, name, path);
}

/** Where a stack stands: `<environment>/<stage>/<stack>`. Also the key of its state. */
export interface StackKey {
  readonly environment: string;
  readonly stage: string;
  readonly stack: string;
}

export function formatStackKey(key: StackKey): string {
  return `${key.environment}/${key.stage}/${key.stack}`;
}

/** The inverse of {@link formatStackKey}; undefined where the text is no stack key. */
export function parseStackKey(text: string): StackKey | undefined {
  const [environment, stage, stack, ...rest] = text.split('/');
  if (!environment || !stage || !stack || rest.length > 0) return undefined;
  return { environment, stage, stack };
}

/** The stage of the stacks that all stages of an environment share. */
export const SHARED_STAGE = 'shared';
