/** @long */
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isInThisRun } from '@mlterra/testing';
import { hooks } from './hooks';
import { markedProcesses } from './runtime/marked-processes';
import { portState } from './runtime/ports';
import { startsFile, startsOf, type Start } from './runtime/starts';
import { isSupervisorUp } from './runtime/supervisor';
import { askWeb, Bench, freePort, shellProcess, until, webProcess } from './testing/bench';

jest.setTimeout(120_000);

/** What the end-to-end test of the quickstart sees as well, and what is rare. */
const longTest = (name: string, test: () => Promise<void>): void => {
  if (isInThisRun(name, 4)) it.concurrent(name, test);
};

describe('the reconciler', () => {
  it.concurrent('starts, adopts, changes and removes processes', () =>
    Bench.with(async (bench) => {
      const [a, b] = [await freePort(), await freePort()];
      const first = await bench.reconcile('web', {
        processes: [webProcess('a', a, 'one'), webProcess('b', b, 'one')],
      });
      expect(first).toMatchObject({ code: 0, output: expect.stringContaining('Running bench/dev/web/b') });
      const [a1, b1] = [await askWeb(a), await askWeb(b)];

      await bench.reconcile('web', { processes: [webProcess('a', a, 'two'), webProcess('b', b, 'one')] });
      const [a2, b2] = [await askWeb(a), await askWeb(b)];
      expect(a2).toMatchObject({ says: 'two' });
      expect(a2!.pid).not.toBe(a1!.pid);
      expect(b2).toEqual(b1);

      await bench.reconcile('web', { processes: [webProcess('b', b, 'one')] });
      expect(await askWeb(a)).toBeUndefined();
      expect(await askWeb(b)).toEqual(b1);
      expect(existsSync(join(bench.data.processesOf({ stage: 'dev', stack: 'web' }), 'a'))).toBe(false);

      await bench.reconcile('web', {});
      expect(await portState(b)).toBe('free');
      expect(await isSupervisorUp(bench.data)).toBe(false);
    }),
  );

  longTest('runs processes as an ordinary user, in folders of that user alone', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      expect(await bench.reconcile('web', { processes: [webProcess('server', port, 'x')] })).toMatchObject({
        code: 0,
      });
      const { uid } = (await askWeb(port))!;
      expect(uid).not.toBe(0);
      const folder = statSync(bench.data.root);
      expect(folder.uid).toBe(uid);
      expect(folder.mode & 0o777).toBe(0o700);
      const supervisor = Number(readFileSync(bench.data.pidFile, 'utf8'));
      expect(statSync(bench.data.pidFile).uid).toBe(uid);
      expect(supervisor).toBeGreaterThan(1);
    }),
  );

  it.concurrent(
    'gives a process its secrets, files and folders byte for byte, and keeps the values to itself',
    () =>
      Bench.with(async (bench) => {
        const literal = '${HOME} %{if} $$ "\'\\` é ÈÁ\n\ttwo  spaces; %(here)s #\n\n';
        const secret = 'secrets/dev/web/key';
        const desired = {
          secrets: [{ reference: secret, length: 40 }],
          processes: [
            shellProcess(
              'server',
              'printenv LITERAL; cat "$FILE"; printf "%s" "$KEY" >"$DATA/seen"; exec sleep 1000',
              {
                variables: [
                  { name: 'LITERAL', value: [literal] },
                  { name: 'KEY', value: ['<', { secret }, '>'] },
                  { name: 'FILE', value: [{ mount: "/etc/it's.ini" }] },
                  { name: 'DATA', value: [{ mount: '/data' }] },
                ],
                files: [{ path: "/etc/it's.ini", content: [literal, { secret }] }],
                volumes: [{ path: '/data', folder: 'volumes/dev/web/w/data' }],
              },
            ),
          ],
        };
        expect(await bench.reconcile('web', desired)).toMatchObject({ code: 0 });
        const value = readFileSync(bench.data.absolute(secret), 'utf8');
        expect(value).toMatch(/^[A-Za-z0-9]{40}$/);
        expect(statSync(bench.data.absolute(secret)).mode & 0o777).toBe(0o600);
        const seen = bench.data.path('volumes/dev/web/w/data/seen');
        await until('the process has written', () => existsSync(seen) && statSync(seen).size > 0);
        expect(readFileSync(seen, 'utf8')).toBe(`<${value}>`);
        expect(bench.log('web', 'server')).toBe(`${literal}\n${literal}${value}`);

        const config = readFileSync(join(bench.data.configFolder, 'bench.dev.web.server.conf'), 'utf8');
        const script = /sh (.*run\.sh)/.exec(config)![1]!;
        expect(config + readFileSync(script, 'utf8')).not.toContain(value);
        for (const pid of markedProcesses(bench.data, { environment: 'bench', stage: 'dev', stack: 'web' })) {
          expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(value);
        }
        await bench.reconcile('web', desired);
        expect(readFileSync(bench.data.absolute(secret), 'utf8')).toBe(value);
      }),
  );

  it.concurrent('restarts a process that dies, and one that was stopped by hand', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      const desired = { processes: [webProcess('server', port, 'x')] };
      await bench.reconcile('web', desired);
      const before = (await askWeb(port))!;
      process.kill(before.pid, 'SIGKILL');
      await until('it answers again', async () => ((await askWeb(port))?.pid ?? before.pid) !== before.pid);

      const { pid } = (await askWeb(port))!;
      const control = bench.supervisorctl('stop', 'bench.dev.web.server');
      expect(control).toContain('stopped');
      expect(await bench.probe('web', ['server'])).toEqual([
        'terraform_data.processes: process server is STOPPED',
      ]);
      await bench.reconcile('web', desired);
      expect(await bench.probe('web', ['server'])).toEqual([]);
      expect((await askWeb(port))!.pid).not.toBe(pid);
    }),
  );

  it.concurrent('finds processes that are missing, hung or without a supervisor', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      expect(await bench.probe('web', ['server'])).toEqual([
        'terraform_data.processes: process server is missing',
      ]);
      await bench.reconcile('web', { processes: [webProcess('server', port, 'x')] });
      const { pid } = (await askWeb(port))!;
      process.kill(pid, 'SIGSTOP');
      expect(await bench.probe('web', ['server', 'other'])).toEqual([
        // The supervisor's check of every minute may have come before.
        expect.stringMatching(
          new RegExp(
            `^terraform_data.processes: process server (does not answer on port ${port}/|is STOPPING)$`,
          ),
        ),
        'terraform_data.processes: process other is missing',
      ]);
      process.kill(pid, 'SIGCONT');
      process.kill(Number(readFileSync(bench.data.pidFile, 'utf8')), 'SIGKILL');
      await until('the supervisor is gone', async () => !(await isSupervisorUp(bench.data)));
      expect(await bench.probe('web', ['server'])).toEqual([
        'terraform_data.processes: process server is down: its supervisor does not run',
      ]);
    }),
  );

  longTest('takes over what a killed supervisor has left', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      const desired = { processes: [webProcess('server', port, 'x')] };
      await bench.reconcile('web', desired);
      const orphan = (await askWeb(port))!.pid;
      process.kill(Number(readFileSync(bench.data.pidFile, 'utf8')), 'SIGKILL');
      await until('the supervisor is gone', async () => !(await isSupervisorUp(bench.data)));
      expect((await askWeb(port))!.pid).toBe(orphan);
      expect(await bench.reconcile('web', desired)).toMatchObject({ code: 0 });
      expect((await askWeb(port))!.pid).not.toBe(orphan);
      process.kill(Number(readFileSync(bench.data.pidFile, 'utf8')), 'SIGKILL');
      await until('the supervisor is gone', async () => !(await isSupervisorUp(bench.data)));
      expect(await bench.release('web')).toMatchObject({
        released: ['process bench/dev/web/server'],
        left: [],
      });
      expect(await portState(port)).toBe('free');
    }),
  );

  it.concurrent('says who holds a port', () =>
    Bench.with(async (bench) => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as AddressInfo;
      const run = await bench.reconcile('web', { processes: [webProcess('server', port, 'x')] });
      await new Promise((done) => server.close(done));
      expect(run.code).toBe(1);
      expect(run.error).toBe(
        `Port ${port} on 127.0.0.1, wanted by the process bench/dev/web/server, is in use by ` +
          `${readFileSync('/proc/self/comm', 'utf8').trim()} (process ${process.pid}).\n` +
          '  to do:    stop what listens there, or give bench/dev/web/server another port',
      );
      expect(markedProcesses(bench.data, { environment: 'bench', stage: 'dev', stack: 'web' })).toEqual([]);
    }),
  );

  it.concurrent('refuses a port that another stack of the environment has', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      await bench.reconcile('web', { processes: [webProcess('server', port, 'x')] });
      const run = await bench.reconcile('other', { processes: [webProcess('server', port, 'y')] });
      expect(run.error).toContain(
        `Port ${port} is wanted by two processes of this environment: bench/dev/other/server and bench/dev/web/server.`,
      );
      expect(await askWeb(port)).toMatchObject({ says: 'x' });
    }),
  );

  it.concurrent(
    'reports a process that does not stay up, with the end of its log and without its secrets',
    () =>
      Bench.with(async (bench) => {
        const secret = 'secrets/dev/web/key';
        const run = await bench.reconcile('web', {
          secrets: [{ reference: secret, length: 32 }],
          processes: [
            shellProcess('server', 'echo "the key is $KEY"; exit 3', {
              variables: [{ name: 'KEY', value: [{ secret }] }],
            }),
          ],
        });
        expect(run.code).toBe(1);
        expect(run.error).toMatch(
          /The process bench\/dev\/web\/server ends again and again \(started \d times\)\./,
        );
        expect(run.error).toContain('    the key is ***\n');
        expect(run.error).toContain(
          `log:      ${bench.data.logFile({ stage: 'dev', stack: 'web' }, 'server')}`,
        );
        expect(run.output).not.toContain(readFileSync(bench.data.absolute(secret), 'utf8'));
        expect(await bench.release('web')).toMatchObject({ left: [] });
      }),
  );

  longTest('waits for a process that was started often before, and takes its time now', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      const web = webProcess('server', port, 'x');
      const slowly = ['import time; time.sleep(3)', web.command[2]![0] as string].join('\n');
      const wanted = { processes: [{ ...web, command: [['python'], ['-c'], [slowly]] }] };
      expect(await bench.reconcile('web', wanted)).toMatchObject({ code: 0 });

      const name = { environment: 'bench', stage: 'dev', stack: 'web' };
      const [{ version }] = startsOf(bench.data, name, 'server') as [Start];
      // Long ago: starts of the last minutes would speak against it.
      appendFileSync(startsFile(bench.data, name, 'server'), `${version} 1000000000 1 0\n`.repeat(5));
      const { pid } = (await askWeb(port))!;
      process.kill(pid, 'SIGKILL');
      await until('it is gone', async () => (await askWeb(port)) === undefined);
      expect(await bench.reconcile('web', wanted)).toMatchObject({ code: 0 });
      expect((await askWeb(port))!.pid).not.toBe(pid);
    }),
  );

  it.concurrent('reports a process that runs but does not get ready', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      const probe = { kind: 'http', port, httpPath: '/', startSeconds: 2 } as const;
      const run = await bench.reconcile('web', {
        processes: [shellProcess('server', 'exec sleep 1000', { probe })],
      });
      expect(run.error).toContain(
        `The process bench/dev/web/server does not listen on port ${port}, 2 s after its start.`,
      );
    }),
  );

  it.concurrent(
    'reports a program that the requirements do not install, and packages that do not exist',
    () =>
      Bench.with(async (bench) => {
        const run = await bench.reconcile('web', {
          processes: [shellProcess('server', '', { command: [['nosuch']] })],
        });
        expect(run.error).toContain(
          'The process bench/dev/web/server starts "nosuch", which its requirements do not install.',
        );
        const program = { kind: 'python', requirements: ['./nosuch-package'] } as const;
        const failed = await bench.reconcile('web', { processes: [shellProcess('server', '', { program })] });
        expect(failed.error).toContain('Installing ./nosuch-package failed:');
      }),
  );

  it.concurrent('does not start anything where no Python is usable', () =>
    Bench.with(async (bench) => {
      const desired = { processes: [shellProcess('server', 'exec sleep 1000')] };
      const variables = { MLTERRA_PYTHON: '/nosuch/python3', MLTERRA_TOOLS_DIR: join(bench.root, 'tools') };
      const run = await bench.reconcile('web', desired, variables);
      expect(run.error).toContain(
        'No usable Python was found.\n  tried:    /nosuch/python3: spawn /nosuch/python3 ENOENT',
      );
      expect(run.error).toContain('name an interpreter in MLTERRA_PYTHON');
    }),
  );

  longTest('keeps data on release and deletes it on purge', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      const web = webProcess('server', port, 'x', {
        volumes: [{ path: '/data', folder: 'volumes/dev/web/w/data' }],
      });
      await bench.reconcile('web', {
        processes: [web],
        secrets: [{ reference: 'secrets/dev/web/key', length: 8 }],
      });
      await bench.reconcile('other', { processes: [shellProcess('sleeper', 'exec sleep 1000')] });

      const report = await bench.release('web');
      expect(report.released).toEqual(['process bench/dev/web/server']);
      expect(report.kept).toContain(`${bench.data.path('volumes/dev/web')} (removed by destroy --purge)`);
      expect(report.left).toEqual([]);
      expect(await portState(port)).toBe('free');
      expect(await bench.probe('other', ['sleeper'])).toEqual([]);
      expect(existsSync(bench.data.absolute('secrets/dev/web/key'))).toBe(true);

      expect((await bench.release('web', true)).released).toContain(bench.data.path('secrets/dev/web'));
      expect(existsSync(bench.data.path('secrets/dev/web'))).toBe(false);
      expect(await bench.release('other', true)).toMatchObject({
        released: expect.arrayContaining(['process bench/dev/other/sleeper']),
      });
      expect(await isSupervisorUp(bench.data)).toBe(false);
      expect(existsSync(bench.data.root)).toBe(false);
    }),
  );

  longTest('counts stacks of which only data is left when asked for them', () =>
    Bench.with(async (bench) => {
      const inventory = (withData?: boolean) =>
        Promise.resolve(hooks.inventory!({ ...bench.context('any'), ...(withData && { withData }) }));
      expect(await inventory(true)).toEqual([]);
      const secret = { reference: 'secrets/dev/old/key', length: 8 };
      await bench.reconcile('old', { processes: [shellProcess('a', 'exec sleep 1000')], secrets: [secret] });
      await bench.reconcile('web', { processes: [shellProcess('b', 'exec sleep 1000')] });
      await bench.release('old');
      expect(await inventory()).toEqual(['web']);
      expect(await inventory(true)).toEqual(['old', 'web']);
      await bench.release('old', true);
      expect(await inventory(true)).toEqual(['web']);
    }),
  );

  it.concurrent('has nothing to release of a stack that never was', () =>
    Bench.with(async (bench) => {
      expect(await bench.release('never')).toEqual({ released: [], kept: [], left: [] });
      expect(existsSync(bench.data.root)).toBe(false);
    }),
  );

  it.concurrent('leaves no data folder after the purge of a stack whose first apply failed', () =>
    Bench.with(async (bench) => {
      const desired = { processes: [shellProcess('server', 'exec sleep 1000')] };
      const variables = { MLTERRA_PYTHON: '/nosuch/python3', MLTERRA_TOOLS_DIR: join(bench.root, 'tools') };
      expect(await bench.reconcile('web', desired, variables)).toMatchObject({ code: 1 });
      expect(existsSync(bench.data.root)).toBe(true);
      expect(await bench.release('web')).toEqual({ released: [], kept: [], left: [] });
      expect(existsSync(bench.data.root)).toBe(true);
      expect(await bench.release('web', true)).toEqual({ released: [], kept: [], left: [] });
      expect(existsSync(bench.data.root)).toBe(false);
    }),
  );

  longTest('brings two stacks up at the same time', () =>
    Bench.with(async (bench) => {
      const ports = [await freePort(), await freePort(), await freePort()];
      const runs = await Promise.all(
        ports.map((port, index) =>
          bench.reconcile(`web${index}`, { processes: [webProcess('server', port, 'x')] }),
        ),
      );
      expect(runs.map(({ code, error }) => error ?? code)).toEqual([0, 0, 0]);
      for (const port of ports) expect(await askWeb(port)).toMatchObject({ says: 'x' });
    }),
  );

  it.concurrent('refuses another data folder while the first one has processes', () =>
    Bench.with(async (bench) => {
      const desired = { processes: [shellProcess('sleeper', 'exec sleep 1000')] };
      await bench.reconcile('web', desired);
      const elsewhere = join(bench.root, 'elsewhere');
      const run = await bench.reconcile('web', desired, { MLTERRA_DATA_DIR: elsewhere });
      expect(run.error).toContain(`are kept in ${bench.data.root}, not in ${elsewhere}/bench.`);
      expect(await bench.release('web')).toMatchObject({ released: ['process bench/dev/web/sleeper'] });
    }),
  );

  longTest('has a socket within the limits of the system in a data folder with a long path', () =>
    Bench.with(async (bench) => {
      const desired = { processes: [shellProcess('sleeper', 'exec sleep 1000')] };
      const run = await bench.reconcile('web', desired, {
        MLTERRA_DATA_DIR: join(bench.root, 'x'.repeat(120)),
      });
      expect(run).toMatchObject({ code: 0 });
      expect(await bench.probe('web', ['sleeper'])).toEqual([]);
      expect(await bench.release('web', true)).toMatchObject({ left: [] });
    }),
  );
});
