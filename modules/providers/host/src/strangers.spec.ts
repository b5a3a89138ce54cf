/** @long */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Client } from 'pg';
import { isInThisRun, sampleOf } from '@mlterra/testing';
import { Bench, freePort, shellProcess, until, webProcess } from './testing/bench';

jest.setTimeout(180_000);

const longTest = (name: string, test: () => Promise<void>): void => {
  if (isInThisRun(name, 4)) it.concurrent(name, test);
};

const started: ChildProcess[] = [];
afterAll(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});

/** A server of somebody else, which answers 200 to everything and notes who asked. */
async function stranger(address: string, port: number, options: { reusePort?: boolean } = {}) {
  const program = [
    'import socket, sys',
    `six = ":" in "${address}"`,
    's = socket.socket(socket.AF_INET6 if six else socket.AF_INET)',
    's.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)',
    ...(options.reusePort ? ['s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)'] : []),
    'if six: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)',
    `s.bind(("${address}", ${port})); s.listen(); print("ready", flush=True)`,
    'while True:',
    '  c, _ = s.accept()',
    '  print("asked " + c.recv(999).decode("latin1").replace("\\r\\n", "|"), flush=True)',
    '  c.sendall(b"HTTP/1.1 200 OK\\r\\ncontent-length: 1\\r\\n\\r\\nx"); c.close()',
  ].join('\n');
  const child = spawn('python3', ['-c', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const said: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  await until('the stranger listens', () => said.join('').includes('ready'));
  return { pid: child.pid!, asked: () => said.join('').split('asked ').slice(1) };
}

/** Whether a port is free is seen by a connection without a word; the supervisor's check of every minute asks for a page. */
const askedByUs = ({ asked }: { asked: () => string[] }): string[] =>
  asked().filter((line) => line.trim() !== '' && !line.includes('httpok'));

/** A process that lives, but does not get the port it wants. */
const withoutPort = (name: string, port: number) =>
  webProcess(name, port, 'ours', { command: [['python'], ['-c'], ['import time; time.sleep(1000)']] });

describe('a server of somebody else on the port of a process', () => {
  it.concurrent.each(sampleOf(['127.0.0.1', '0.0.0.0', '::', '::ffff:127.0.0.1'], 1))(
    'at %s is neither taken for the process nor asked anything',
    (address) =>
      Bench.with(async (bench) => {
        const [port, healthy] = [await freePort(), await freePort()];
        const processes = [webProcess('first', healthy, 'x'), webProcess('server', port, 'ours')];
        expect(await bench.reconcile('web', { processes })).toMatchObject({ code: 0 });
        expect(await bench.probe('web', ['first', 'server'])).toEqual([]);

        // As after a crash: somebody was quicker than its next start.
        bench.supervisorctl('stop', 'bench.dev.web.server');
        const other = await stranger(address, port);
        bench.supervisorctl('start', 'bench.dev.web.server');
        const problems = await bench.probe('web', ['first', 'server']);
        expect(problems).toHaveLength(1);
        expect(problems[0]).toMatch(
          /^terraform_data\.processes: process server (does not have port|ends again|is )/,
        );

        const run = await bench.reconcile('web', { processes });
        expect(run.error).toContain(
          `Port ${port} on 127.0.0.1, wanted by the process bench/dev/web/server, is in use by python3`,
        );
        expect(run.error).toContain(`(process ${other.pid})`);
        expect(askedByUs(other)).toEqual([]);
      }),
  );

  it.concurrent('is not taken for a process that lives without listening', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      const processes = [withoutPort('server', port)];
      const run = bench.reconcile('web', { processes });
      await until('it runs', () => /web\.server +RUNNING/.test(bench.supervisorctl('status')));
      const other = await stranger('127.0.0.1', port);
      // Root sees whose it is, the account of the processes only that it is not its own.
      const holder = `(python3 \\(process ${other.pid}\\)|a process of another account)`;
      expect((await run).error).toMatch(new RegExp(`is in use by ${holder}`));
      expect((await bench.probe('web', ['server'])).join()).toMatch(
        new RegExp(`process server does not have port ${port} to itself: ${holder} listens on it`),
      );
      expect(askedByUs(other)).toEqual([]);
    }),
  );

  it.concurrent.each(sampleOf(['127.0.0.1', '0.0.0.0'], 1))('that shares it at %s is found', (address) =>
    Bench.with(async (bench) => {
      const port = await freePort();
      const web = webProcess('server', port, 'ours');
      const shared = (web.command[2]![0] as string)
        .replace('http.server\n', 'http.server, socket\n')
        .replace(/http\.server\.HTTPServer\((.*)\)\.serve_forever\(\)/, (_, args: string) =>
          [
            'class Server(http.server.HTTPServer):',
            '  def server_bind(self):',
            '    self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1); super().server_bind()',
            `Server(${args}).serve_forever()`,
          ].join('\n'),
        );
      const processes = [{ ...web, command: [['python'], ['-c'], [shared]] }];
      expect(await bench.reconcile('web', { processes })).toMatchObject({ code: 0 });
      // Only the same account may share a port.
      const other = shellProcess('intruder', '', {
        command: [
          ['python'],
          ['-c'],
          [
            `import socket, time; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1); s.bind(("${address}", ${port})); s.listen(); time.sleep(1000)`,
          ],
        ],
      });
      await bench.reconcile('other', { processes: [other] });
      await until('it is found', async () => (await bench.probe('web', ['server'])).length > 0);
      expect((await bench.probe('web', ['server'])).join()).toContain(
        `does not have port ${port} to itself: the process bench/dev/other/intruder`,
      );
    }),
  );

  longTest('at another address of the machine does not matter', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      await stranger('127.0.0.2', port);
      expect(await bench.reconcile('web', { processes: [webProcess('server', port, 'x')] })).toMatchObject({
        code: 0,
      });
      expect(await bench.probe('web', ['server'])).toEqual([]);
    }),
  );
});

longTest('a process whose child listens is well', () =>
  Bench.with(async (bench) => {
    const port = await freePort();
    const web = webProcess('server', port, 'x');
    const forking = `import os, time\nif os.fork(): time.sleep(1000)\n${web.command[2]![0] as string}`;
    const processes = [{ ...web, command: [['python'], ['-c'], [forking]] }];
    expect(await bench.reconcile('web', { processes })).toMatchObject({ code: 0 });
    expect(await bench.probe('web', ['server'])).toEqual([]);
  }),
);

it.concurrent('a process that ends again and again is not well, whatever it does at the moment', () =>
  Bench.with(async (bench) => {
    const port = await freePort();
    const web = webProcess('server', port, 'x');
    const mortal = `import threading, os\nthreading.Timer(2.5, lambda: os._exit(1)).start()\n${web.command[2]![0] as string}`;
    const processes = [
      { ...web, command: [['python'], ['-c'], [mortal]] },
      webProcess('steady', await freePort(), 'y'),
    ];
    await bench.reconcile('web', { processes });
    const problem = 'process server ends again and again';
    await until('it is found', async () =>
      (await bench.probe('web', ['steady', 'server'])).join().includes(problem),
    );
    expect((await bench.probe('web', ['steady', 'server'])).join()).not.toContain('process steady');
  }),
);

describe('a server of somebody else on the port of a database', () => {
  const SUPERUSER = 'secrets/dev/db/superuser';
  let server: Server;
  let got: string[];
  let port: number;

  /** Asks everyone who comes for his password. */
  beforeEach(async () => {
    got = [];
    server = createServer((socket: Socket) => {
      socket.on('data', (chunk) => {
        got.push(chunk.toString('latin1'));
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => new Promise((done) => server.close(done)));

  it('would get the password of any client that asks it', async () => {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password: 'hunter2', ssl: false });
    client.on('error', () => undefined);
    void client.connect().catch(() => undefined);
    await until('it has the password', () => got.join('').includes('hunter2'));
    void client.end();
  });

  it('gets no password of a stack that wants a database', () =>
    Bench.with(async (bench) => {
      const run = await bench.reconcile('mlflow', {
        databases: ['first', 'second'].map((name) => ({
          name,
          password: `secrets/dev/mlflow/${name}`,
          host: '127.0.0.1',
          port: String(port),
          superuser: 'postgres',
          superuserPassword: SUPERUSER,
        })),
        secrets: [SUPERUSER, 'secrets/dev/mlflow/first', 'secrets/dev/mlflow/second'].map((reference) => ({
          reference,
          length: 32,
        })),
      });
      expect(run.error).toContain(
        `The PostgreSQL server on 127.0.0.1:${port} does not let the database "first" be made: ` +
          `it is no server of this environment`,
      );
      expect(got).toEqual([]);
    }));
});
