/** @long */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleOf } from '@mlterra/testing';
import { processesWith } from './runtime/marked-processes';
import type { DesiredProcess } from './spec';
import { askWeb, Bench, freePort, shellProcess, until, webProcess } from './testing/bench';

jest.setTimeout(300_000);

/** Milliseconds after the start of a change. */
const MOMENTS = [250, 500, 750, 1000, 1300, 1600, 2000, 2500, 3000, 3500, 4000, 5000, 6000];

/** A server that takes some seconds to stop. */
function slowToStop(port: number, says: string, seconds: number): DesiredProcess {
  const web = webProcess('server', port, says);
  const program = [
    'import signal, sys, time',
    `def stop(*_): time.sleep(${seconds}); sys.exit(0)`,
    'signal.signal(signal.SIGTERM, stop)',
    web.command[2]![0] as string,
  ].join('\n');
  return { ...web, command: [['python'], ['-c'], [program]], stopGraceSeconds: 60 };
}

/** Starts a change, and ends it by a signal to it alone, as Terraform does with a provisioner. */
async function interrupted(
  bench: Bench,
  processes: DesiredProcess[],
  signal: NodeJS.Signals,
  moment: () => Promise<void>,
): Promise<void> {
  const child = bench.startReconciler('web', { processes });
  const ended = once(child, 'exit');
  await moment();
  child.kill(signal);
  await ended;
}

describe('an apply that was interrupted', () => {
  it.concurrent.each(sampleOf(['SIGKILL', 'SIGINT'] as const, 1))(
    'is finished by the next one, when %s came while a process was being stopped',
    (signal) =>
      Bench.with(async (bench) => {
        const [before, after] = [await freePort(), await freePort()];
        await bench.reconcile('web', { processes: [slowToStop(before, 'old', 12)] });
        const stopping = () =>
          until('the process is being stopped', () => /STOPPING/.test(bench.supervisorctl('status')));
        await interrupted(bench, [slowToStop(after, 'new', 0)], signal, stopping);

        const run = await bench.reconcile('web', { processes: [slowToStop(after, 'new', 0)] });
        expect(run.error ?? run.code).toBe(0);
        expect(await askWeb(after)).toMatchObject({ says: 'new' });
        expect(await askWeb(before)).toBeUndefined();
        expect(await bench.probe('web', ['server'])).toEqual([]);
        expect(processesWith(`MLTERRA_CONTROLS=${bench.data.root}`)).toEqual([]);
      }),
  );

  it.concurrent('is finished by the next one on the port that the old process still holds', () =>
    Bench.with(async (bench) => {
      const port = await freePort();
      await bench.reconcile('web', { processes: [slowToStop(port, 'old', 8)] });
      const stopping = () =>
        until('the process is being stopped', () => /STOPPING/.test(bench.supervisorctl('status')));
      await interrupted(bench, [slowToStop(port, 'new', 0)], 'SIGINT', stopping);
      const run = await bench.reconcile('web', { processes: [slowToStop(port, 'newer', 0)] });
      expect(run.error ?? run.code).toBe(0);
      expect(await askWeb(port)).toMatchObject({ says: 'newer' });
    }),
  );

  it.each(sampleOf(MOMENTS, 1))('is finished by the next one, when it was killed after %i ms', (moment) =>
    Bench.with(async (bench) => {
      const [before, after] = [await freePort(), await freePort()];
      await bench.reconcile('web', { processes: [slowToStop(before, 'old', 3)] });
      await interrupted(bench, [slowToStop(after, 'new', 3)], 'SIGKILL', () => sleep(moment));
      const run = await bench.reconcile('web', { processes: [slowToStop(after, 'new', 3)] });
      expect(run.error ?? run.code).toBe(0);
      expect(await askWeb(after)).toMatchObject({ says: 'new' });
      expect(await askWeb(before)).toBeUndefined();
      expect(await bench.probe('web', ['server'])).toEqual([]);
    }),
  );
});

it.concurrent('shows what a process has said since this apply started it, and nothing from before', () =>
  Bench.with(async (bench) => {
    const said = bench.data.path('said');
    const server = (text: string, then: string) =>
      shellProcess('server', `echo ${text}; touch ${said}; ${then}`);
    await bench.reconcile('web', { processes: [server('OLD', 'exec sleep 1000')] });
    await until('the old one has spoken', () => existsSync(said));
    const run = await bench.reconcile('web', { processes: [server('NEW', 'exit 3')] });
    expect(run.error).toMatch(/ends again and again \(started \d times\)\.\n {2}its last words:\n {4}NEW\n/);
    expect(run.error).not.toContain('OLD');

    const again = await bench.reconcile('web', { processes: [server('NEWER', 'exit 3')] });
    expect(again.error).toContain('    NEWER\n');
    expect(again.error).not.toMatch(/NEW$/m);
    // Nothing was changed: the words are those since the supervisor was told to start it again.
    bench.supervisorctl('stop', 'bench.dev.web.server');
    const same = await bench.reconcile('web', { processes: [server('NEWER', 'exit 3')] });
    const [, starts] = /started (\d+) times/.exec(same.error!)!;
    expect(same.error!.match(/NEWER/g)!.length).toBeLessThanOrEqual(Number(starts) + 1);
  }),
);
