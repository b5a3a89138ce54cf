import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { lifeOf, type Life } from './engine-processes';

const who = `ann@${hostname()}`;
const APPLY = 'OperationTypeApply';
const MOVE = 'migration destination state';

let folder: string;
let started: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mlterra-engines-'));
  started = [];
});
afterEach(async () => {
  for (const engine of started) {
    engine.kill('SIGKILL');
    await once(engine, 'exit');
  }
  rmSync(folder, { recursive: true });
});

/** A process that looks like an engine at work on the command, in a folder. */
async function engine(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(process.execPath, ['--eval=console.log(); setInterval(() => {}, 1e6)', '--', ...args], {
    argv0: '/usr/bin/terraform',
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  await once(child.stdout, 'data');
  return child.pid!;
}

/** A folder that was initialised with a backend of this key. */
function initialised(name: string, key: string, dataDir = '.terraform'): string {
  const made = path.join(folder, name);
  mkdirSync(path.join(made, dataDir), { recursive: true });
  writeFileSync(
    path.join(made, dataDir, 'terraform.tfstate'),
    JSON.stringify({ backend: { type: 's3', config: { bucket: 'b', key } } }),
  );
  return made;
}

/** A folder with a configuration and nothing else. */
function bare(name: string, configuration: string): string {
  const made = path.join(folder, name);
  mkdirSync(made);
  writeFileSync(path.join(made, 'main.tf'), configuration);
  return made;
}

const KEY = 'the key of this spec';
const life = (owner: Partial<Parameters<typeof lifeOf>[0]> = {}): Life =>
  lifeOf({ who, operation: APPLY, ...owner }, ({ key }) => key === KEY);
/** Other programs of this machine may run engines of their own. */
const names = (pid: number, { evidence }: Life): boolean => new RegExp(`\\b${pid}\\b`).test(evidence);

it.each([
  ['another machine', 'ann@elsewhere', 'it runs, or ran, on elsewhere'],
  ['nobody', undefined, 'it does not say where it runs'],
])('a lock of %s says nothing of a process', (_, other, evidence) => {
  expect(life({ who: other })).toEqual({
    process: 'unknown',
    evidence: `${evidence}; whether it lives cannot be told from here`,
  });
});

it('an engine that works on the state is alive, wherever it keeps its data', async () => {
  const pid = await engine(['apply', '-auto-approve'], initialised('own', KEY));
  expect(life()).toEqual({ process: 'alive', evidence: `process ${pid} on this machine works on the state` });
  started[0]!.kill('SIGKILL');
  await once(started.shift()!, 'exit');
  expect(life().process).not.toBe('alive');
  const elsewhere = path.join(folder, 'data');
  const other = await engine(['-chdir=.', 'plan'], initialised('moved', KEY, elsewhere.slice(1)), {
    TF_DATA_DIR: path.join(folder, 'moved', elsewhere),
  });
  expect(life()).toMatchObject({ process: 'alive', evidence: expect.stringContaining(`${other}`) });
});

it.each([
  ['apply', 'works on another state', () => initialised('other', 'another key')],
  ['apply', 'has no backend but the default one', () => bare('default', 'resource "terraform_data" "a" {}')],
  ['version', 'locks nothing', () => bare('versions', 'terraform { backend "s3" {} }')],
  ['init', 'moves no state', () => bare('fresh', 'terraform { backend "s3" {} }')],
])('an engine (%s) that %s is not held to have the lock', async (command, _, make) => {
  const pid = await engine([command], make());
  expect(names(pid, life())).toBe(false);
});

it('nothing is called dead while an engine may hold the lock', async () => {
  const applying = await engine(['apply'], bare('deleted', 'terraform {\n  backend "s3" {}\n}'));
  expect(life()).toMatchObject({ process: 'unknown', evidence: expect.stringContaining(`${applying}`) });
  const moving = await engine(['init', '-migrate-state'], bare('moving', 'terraform { cloud {} }'));
  expect(names(moving, life({ operation: MOVE }))).toBe(true);
  expect(names(moving, life({ operation: undefined }))).toBe(true);
});
