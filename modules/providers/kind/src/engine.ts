import { runCommand, type CommandResult } from '@mlterra/kubernetes/local-runtime';

/** The container engine that kind uses: it reads the same variable. */
export function engineName(): string {
  return process.env.KIND_EXPERIMENTAL_PROVIDER || 'docker';
}

export const ENGINE = engineName();

/** The image of the registry may have to be pulled. */
const PULL_SECONDS = 300;

/** Runs the command of the container engine. */
export function runEngine(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(ENGINE, args, { timeoutSeconds: PULL_SECONDS });
}

/** Runs a shell command in a container, with a text as its input. */
export function runInContainer(container: string, script: string, input: string): Promise<CommandResult> {
  return runCommand(ENGINE, ['exec', '--interactive', container, 'sh', '-c', script], { input });
}
