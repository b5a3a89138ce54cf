import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { sumTallies, tallyCheck, tallyJest, type AllowedSkip, type JestReport, type Tally } from './tally';

/** One command of a run. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Where the command, a run of Jest, writes its report. @default - the command is one test as a whole */
  readonly jestReport?: string;
  /** File that takes the output. @default - it goes to ours */
  readonly log?: string;
}

export interface StepOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly allowedSkips: readonly AllowedSkip[];
  /** After how long a command that hangs is ended and counted as failed. */
  readonly limitMinutes: number;
}

/** Runs a step and counts it. */
export async function runStep(step: Step, options: StepOptions): Promise<Tally> {
  if (step.jestReport !== undefined) rmSync(step.jestReport, { force: true });
  const problem = await run(step, options);
  if (step.jestReport === undefined) {
    return tallyCheck(problem === undefined ? step.name : `${step.name}: ${problem}`, problem === undefined);
  }
  if (!existsSync(step.jestReport)) {
    return tallyCheck(`${step.name}: ${problem ?? 'ended well'}, but left no report`, false);
  }
  const tests = tallyJest(
    JSON.parse(readFileSync(step.jestReport, 'utf8')) as JestReport,
    options.allowedSkips,
  );
  if (tests.passed + tests.failed === 0) return tallyCheck(`${step.name}: found no test`, false);
  if (problem === undefined || tests.failed > 0) return tests;
  return sumTallies([tests, tallyCheck(`${step.name}: every test passed, but ${problem}`, false)]);
}

/** Resolves to what went wrong. */
function run(step: Step, { cwd, env, limitMinutes }: StepOptions): Promise<string | undefined> {
  const [command, ...args] = step.command;
  return new Promise((resolve) => {
    const output = step.log === undefined ? 'inherit' : openSync(step.log, 'w');
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output] });
    if (typeof output === 'number') closeSync(output);
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMinutes * 60_000);
    const end = (problem: string | undefined): void => {
      clearTimeout(limit);
      resolve(problem);
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => {
      if (signal !== null) end(`it was ended by ${signal}`);
      else end(code === 0 ? undefined : `it ended with exit code ${code}`);
    });
  });
}
