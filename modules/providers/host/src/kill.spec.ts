import { once } from 'node:events';
import { markedProcesses } from './runtime/marked-processes';
import { isSupervisorUp } from './runtime/supervisor';
import { askWeb, Bench, freePort, webProcess } from './testing/bench';

jest.setTimeout(300_000);

/** Moments of a kill, in milliseconds after the start: in the environment, the files, the start, the wait. */
const SAMPLE = [90, 400, 1100];
const ALL = [40, 70, 90, 120, 160, 220, 300, 400, 550, 700, 900, 1100, 1400, 1800];

it.concurrent.each(process.env.MLTERRA_TEST_FULL ? ALL : SAMPLE)(
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
