/** @long */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInThisRun, sampleOf } from '@mlterra/testing';
import { isAlive, processesWith } from './runtime/marked-processes';
import { portState } from './runtime/ports';
import { isSupervisorUp } from './runtime/supervisor';
import { supervisorPids } from './runtime/supervisor-process';
import { askWeb, Bench, freePort, shellProcess, until, webProcess } from './testing/bench';

jest.setTimeout(180_000);

const longTest = (name: string, test: () => Promise<void>): void => {
  if (isInThisRun(name, 4)) it.concurrent(name, test);
};

const STACKS = ['web', 'other'] as const;

/** What a cleaner of temporary folders, or a person, deletes while the supervisor runs. */
const LOSSES: Readonly<Record<string, (bench: Bench) => void>> = {
  'its socket': ({ data }) => rmSync(data.socket),
  'its pid file': ({ data }) => rmSync(data.pidFile),
  'its socket and its pid file': ({ data }) => [data.socket, data.pidFile].forEach((path) => rmSync(path)),
  'the configuration of all programs': ({ data }) => rmSync(data.configFolder, { recursive: true }),
  'its whole folder': ({ data }) => rmSync(data.path('supervisor'), { recursive: true }),
};

async function withTwoStacks(test: (bench: Bench, ports: Record<'web' | 'other', number>) => Promise<void>) {
  await Bench.with(async (bench) => {
    const ports = { web: await freePort(), other: await freePort() };
    for (const stack of STACKS) {
      const run = await bench.reconcile(stack, { processes: [webProcess('server', ports[stack], stack)] });
      expect(run).toMatchObject({ code: 0 });
    }
    await test(bench, ports);
  });
}

const everything = (bench: Bench): number[] => [
  ...supervisorPids(bench.data),
  ...processesWith(`MLTERRA_PROCESS_DATA=${bench.data.root}`),
];

describe('a supervisor that has lost', () => {
  it.concurrent.each(sampleOf(Object.keys(LOSSES), 1))('%s is never joined by a second one', (loss) =>
    withTwoStacks(async (bench, ports) => {
      const [before] = supervisorPids(bench.data);
      LOSSES[loss]!(bench);
      for (const stack of STACKS) {
        const run = await bench.reconcile(stack, { processes: [webProcess('server', ports[stack], 'new')] });
        expect(run.error ?? run.code).toBe(0);
      }
      const after = supervisorPids(bench.data);
      expect(after).toHaveLength(1);
      if (loss === 'its pid file') expect(after).toEqual([before]);
      for (const stack of STACKS) {
        expect(await askWeb(ports[stack])).toMatchObject({ says: 'new' });
        expect(await bench.probe(stack, ['server'])).toEqual([]);
      }
    }),
  );

  it.concurrent.each(sampleOf(Object.keys(LOSSES), 1))('%s is ended with the last stack', (loss) =>
    withTwoStacks(async (bench, ports) => {
      LOSSES[loss]!(bench);
      expect(await bench.release('web', true)).toMatchObject({ left: [] });
      expect(await portState(ports.web)).toBe('free');
      // Without its configuration nobody knows how to start the other one again.
      if (existsSync(bench.data.configFolder)) {
        await until('the other one answers', async () => (await askWeb(ports.other))?.says === 'other');
      }
      expect(supervisorPids(bench.data).length).toBeLessThanOrEqual(1);
      expect(await bench.release('other', true)).toMatchObject({ left: [] });
      expect(everything(bench)).toEqual([]);
      expect(existsSync(bench.data.root)).toBe(false);
    }),
  );

  it.concurrent('its socket cannot say how its processes are, and is named', () =>
    withTwoStacks(async (bench) => {
      rmSync(bench.data.socket);
      expect(await bench.probe('web', ['server'])).toEqual([
        `terraform_data.processes: process server cannot be checked: its supervisor (process ${supervisorPids(bench.data).join()}) does not answer on ${bench.data.socket}`,
      ]);
    }),
  );

  longTest('its tools is not said to be missing', () =>
    Bench.with(async (bench) => {
      await bench.reconcile('web', { processes: [shellProcess('server', 'exec sleep 1000')] });
      const tools = process.env.MLTERRA_TOOLS_DIR;
      process.env.MLTERRA_TOOLS_DIR = join(bench.root, 'nosuch');
      try {
        expect((await bench.probe('web', ['server'])).join()).toContain('process server cannot be checked: ');
      } finally {
        process.env.MLTERRA_TOOLS_DIR = tools;
      }
    }),
  );

  longTest('everything is found when its data folder was deleted', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      const desired = { processes: [webProcess('server', port, 'x')] };
      await bench.reconcile('web', desired);
      rmSync(bench.data.root, { recursive: true });
      expect(await bench.reconcile('web', desired)).toMatchObject({ code: 0 });
      expect(supervisorPids(bench.data)).toHaveLength(1);
      rmSync(bench.data.root, { recursive: true });
      expect(await bench.release('web', true)).toMatchObject({ left: [] });
      expect(everything(bench)).toEqual([]);
    }),
  );

  it.concurrent('its life to another process leaves that alone', () =>
    Bench.with(async (bench) => {
      const desired = { processes: [shellProcess('server', 'exec sleep 1000')] };
      await bench.reconcile('web', desired);
      for (const pid of supervisorPids(bench.data)) process.kill(pid, 'SIGKILL');
      // The number of the supervisor is given to a process that has nothing to do with it.
      const bystander = spawn('/bin/sleep', ['600'], { stdio: 'ignore' });
      const ended = once(bystander, 'exit');
      bystander.unref();
      writeFileSync(bench.data.pidFile, `${bystander.pid}\n`);
      expect(await bench.probe('web', ['server'])).toEqual([
        'terraform_data.processes: process server is down: its supervisor does not run',
      ]);
      expect(await bench.reconcile('web', desired)).toMatchObject({ code: 0 });
      for (const pid of supervisorPids(bench.data)) process.kill(pid, 'SIGKILL');
      writeFileSync(bench.data.pidFile, `${bystander.pid}\n`);
      expect(await bench.release('web', true)).toMatchObject({ left: [] });
      expect(isAlive(bystander.pid!)).toBe(true);
      bystander.kill();
      await ended;
    }),
  );

  it.concurrent('its place to a second one is found, and the second one ended', () =>
    withTwoStacks(async (bench, ports) => {
      // As it came to be before supervisors were looked for by their mark.
      const [first] = supervisorPids(bench.data);
      const { uid, gid } = statSync(bench.data.root);
      const second = spawn('/bin/sleep', ['600'], {
        uid,
        gid,
        env: { MLTERRA_SUPERVISES: bench.data.root },
        stdio: 'ignore',
      });
      const ended = once(second, 'exit');
      second.unref();
      expect((await bench.probe('web', ['server'])).join()).toContain('is run by several supervisors');
      await bench.reconcile('web', { processes: [webProcess('server', ports.web, 'web')] });
      await ended;
      expect(supervisorPids(bench.data)).toEqual([first]);
      expect(await bench.probe('web', ['server'])).toEqual([]);
    }),
  );
});

longTest('two applies at once on a machine without a supervisor start one', () =>
  Bench.with(async (bench) => {
    const ports = [await freePort(), await freePort(), await freePort()];
    const runs = await Promise.all(
      ports.map((port, index) =>
        bench.reconcile(`web${index}`, { processes: [webProcess('server', port, 'x')] }),
      ),
    );
    expect(runs.map(({ code, error }) => error ?? code)).toEqual([0, 0, 0]);
    expect(supervisorPids(bench.data)).toHaveLength(1);
    expect(await isSupervisorUp(bench.data)).toBe(true);
  }),
);
