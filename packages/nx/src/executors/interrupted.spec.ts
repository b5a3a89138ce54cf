/** @long */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNx, TemporaryWorkspace, type RunningNx } from '../testing/temporary-workspace';

const workspace = new TemporaryWorkspace();
afterAll(() => workspace.remove());

/** How long Nx is given to end its task before the engine is seen to live on. */
const NX_SECONDS = 15;

/** An environment whose second resource takes some seconds, and what its resources have written. */
function define(name: string): () => readonly string[] {
  const ledger = path.join(workspace.root, `${name}.ledger`);
  workspace.write(
    `environments/${name}/environment.ts`,
    `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource } from 'cdktf';
export default defineEnvironment({
  name: '${name}',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const stack = stage.stack('a');
    const provisioner = (command: string) => ({ type: 'local-exec' as const, command });
    new DataResource(stack, 'Quick', { provisioners: [provisioner('echo quick >> ${ledger}')] });
    new DataResource(stack, 'Slow', {
      provisioners: [provisioner('echo begin >> ${ledger}; sleep 3; echo end >> ${ledger}')],
    });
  },
});`,
  );
  workspace.write(`environments/${name}/package.json`, JSON.stringify({ name }));
  return () => (existsSync(ledger) ? readFileSync(ledger, 'utf8').trim().split('\n') : []);
}

/** Interrupts an apply while its second resource is being created; `before` gets the process of its engine. */
async function interrupt(
  name: string,
  lines: () => readonly string[],
  terminal: boolean,
  before: (engine: number) => void = () => undefined,
): Promise<RunningNx> {
  const nx = startNx(workspace.root, ['apply', name], { terminal });
  while (!lines().includes('begin') || !lines().includes('quick')) await sleep(20);
  const journal = workspace.read(`environments/${name}/.mlterra/stacks/dev-a/journal.json`);
  before((JSON.parse(journal) as { engine: { pid: number } }).engine.pid);
  nx.interrupt();
  return nx;
}

async function expectFinished(name: string, lines: () => readonly string[]): Promise<void> {
  const next = await workspace.nx('apply', name);
  expect(next.text).toMatch(
    new RegExp(
      `an earlier apply lost whoever .*${name}/dev/a interrupted|the apply that began at .* was cut off`,
    ),
  );
  expect(next.code).toBe(0);
  expect(lines().filter((line) => line === 'quick')).toHaveLength(1);
  expect((await workspace.nx('apply', name)).text).toMatch(/unchanged/);
}

/** Nx ends its tasks in one way where it has a terminal, and in another where it has none. */
const WAYS = [
  ['prompt', 'without a terminal'],
  ['long', 'in a terminal'],
  ['long', 'without a terminal'],
] as const;
const seed = Number(process.env['MLTERRA_TEST_SEED'] ?? Math.abs(jest.getSeed()));
const tried = process.env['MLTERRA_TEST_FULL'] === '1' ? WAYS : [WAYS[seed % WAYS.length]!];

describe('Ctrl-C in an apply by Nx, which prints nothing from then on', () => {
  it.each(tried)(
    'loses nothing and is reported by the next run: a %s stop %s',
    async (stop, where) => {
      const name = `${stop}-${where.split(' ')[0]}`;
      const lines = define(name);
      let engine: number | undefined;
      // As one that waits for a cloud, longer than Nx waits.
      const halt = (pid: number): void => void process.kill((engine = pid), 'SIGSTOP');
      const nx = await interrupt(name, lines, where === 'in a terminal', stop === 'long' ? halt : undefined);
      if (engine !== undefined) {
        await Promise.race([nx.ended, sleep(NX_SECONDS * 1000)]);
        process.kill(engine, 'SIGCONT');
      }
      await nx.ended;
      if (stop === 'prompt') expect(lines()).not.toContain('end');
      // Nx may have ended before its task.
      await expectFinished(name, lines);
    },
    180_000,
  );
});
