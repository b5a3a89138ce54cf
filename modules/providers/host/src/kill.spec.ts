import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildEnvironment, clearForBuild } from './runtime/build';
import { markedProcesses } from './runtime/marked-processes';
import { isSupervisorUp } from './runtime/supervisor';
import { findTools } from './runtime/tools';
import { askWeb, Bench, freePort, until, webProcess } from './testing/bench';

jest.setTimeout(300_000);

/** Moments of a kill, in milliseconds after the start: in the environment, the files, the start, the wait. */
const ALL = [40, 70, 90, 120, 160, 220, 300, 400, 550, 700, 900, 1100, 1400, 1800];
const seed = Number(process.env.MLTERRA_TEST_SEED ?? Math.abs(jest.getSeed()));

it.concurrent('a supervisor whose starter was killed is waited for, not started twice', () =>
  Bench.with(async (bench) => {
    const port = await freePort();
    const desired = { processes: [webProcess('server', port, 'x')] };
    await bench.reconcile('web', desired);
    bench.supervisorctl('shutdown');
    await until('the supervisor is gone', async () => !(await isSupervisorUp(bench.data)));
    // As a reconciler starts it, killed before it has seen it answer.
    const supervisord = join(findTools(bench.data)!.bin, 'supervisord');
    const config = bench.data.path('supervisor', 'supervisord.conf');
    const slow = `sleep 2; exec ${supervisord} --nodaemon --configuration ${config}`;
    const { uid, gid } = statSync(bench.data.root);
    const starter = spawn('/bin/sh', ['-c', slow], {
      env: { PATH: process.env.PATH, MLTERRA_SUPERVISES: bench.data.root },
      cwd: '/',
      stdio: 'ignore',
      detached: true,
      uid,
      gid,
    });
    expect(await bench.reconcile('web', desired)).toMatchObject({ code: 0 });
    expect(readFileSync(bench.data.pidFile, 'utf8').trim()).toBe(String(starter.pid));
    expect(await bench.release('web')).toMatchObject({ left: [] });
  }),
);

it.concurrent('installers of a killed run are ended before their folder is built anew', () =>
  Bench.with(async (bench) => {
    const folder = join(bench.root, 'folder');
    mkdirSync(join(folder, 'half'), { recursive: true });
    const installer = spawn('/bin/sleep', ['600'], { env: buildEnvironment(folder, {}), stdio: 'ignore' });
    const ended = once(installer, 'exit');
    await clearForBuild(folder);
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(existsSync(folder)).toBe(false);
  }),
);

it.concurrent.each(process.env.MLTERRA_TEST_FULL ? ALL : [ALL[seed % ALL.length]!])(
  'a reconciler killed after %i ms leaves what the next one finishes, and a release removes',
  (moment) =>
    Bench.with(async (bench) => {
      const [port, port2] = [await freePort(), await freePort()];
      const processes = [webProcess('server', port, 'x'), webProcess('second', port2, 'y')];
      const desired = { processes, secrets: [{ reference: 'secrets/dev/web/key', length: 32 }] };
      for (const finish of [true, false]) {
        const child = bench.startReconciler('web', desired);
        const ended = once(child, 'exit');
        await new Promise((done) => setTimeout(done, moment));
        child.kill('SIGKILL');
        await ended;
        if (finish) {
          expect(await bench.reconcile('web', desired)).toMatchObject({ code: 0 });
          expect(await askWeb(port)).toMatchObject({ says: 'x' });
          expect(await askWeb(port2)).toMatchObject({ says: 'y' });
          expect(await bench.probe('web', ['server', 'second'])).toEqual([]);
        }
        expect((await bench.release('web', !finish)).left).toEqual([]);
        expect(markedProcesses(bench.data, { environment: 'bench', stage: 'dev', stack: 'web' })).toEqual([]);
        expect(await isSupervisorUp(bench.data)).toBe(false);
      }
    }),
);
