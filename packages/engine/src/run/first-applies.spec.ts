/** @long */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../testing/child';
import { Fixture, statuses } from '../testing/fixture';
import { Ledger, ledgerEnvironment } from '../testing/ledger';

describe('two first applies on one folder of states, from two checkouts', () => {
  const one = new Fixture();
  const two = new Fixture();
  const shared = path.join(one.root, 'shared');
  const ledger = new Ledger(path.join(one.root, 'ledger'));
  afterAll(() => {
    one.remove();
    two.remove();
  });

  const define = (name: string, seconds: number): void => {
    mkdirSync(shared, { recursive: true });
    for (const checkout of [one, two]) {
      const directory = path.relative(checkout.dir(name), shared);
      checkout.environment(
        name,
        ledgerEnvironment(
          name,
          ledger.file,
          { a: { only: { seconds } } },
          `localState({ directory: ${JSON.stringify(directory)} })`,
        ),
      );
    }
  };

  it('make everything once: the second waits for the first and finds nothing to do', async () => {
    define('both', 0.3);
    const first = new Child('apply', one.request('both', { lockTimeoutSeconds: 60 }));
    // Stopped in its plan, while it holds the lock of a state that did not exist.
    let stopped = false;
    while (!stopped) {
      const [engine] = first
        .engines()
        .filter(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0plan\0'));
      if (engine !== undefined) {
        process.kill(engine.pid, 'SIGSTOP');
        stopped = true;
        setTimeout(() => process.kill(engine.pid, 'SIGCONT'), 4000);
      }
      await sleep(5);
    }
    const second = await two.run('apply', 'both', { lockTimeoutSeconds: 60 });
    expect(await first.ended).toBe(0);
    expect([...Object.values(statuses(second))]).toEqual(['unchanged']);
    expect(ledger.lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'begin a.only',
      'end a.only',
    ]);
    expect(statuses(await one.run('apply', 'both'))).toEqual({ 'both/dev/a': 'unchanged' });
  }, 120_000);

  it('the second says who is at work where it must not wait', async () => {
    // Longer than the second needs to come.
    define('impatient', 10);
    const first = new Child('apply', one.request('impatient'));
    const state = path.join(shared, 'impatient', 'dev', 'a.tfstate');
    // Before the mark of the first is there, the second may overtake it.
    while (!existsSync(state) || !readFileSync(state, 'utf8').includes('\\"open\\"')) await sleep(5);
    const second = await two.run('apply', 'impatient', { lockTimeoutSeconds: 0 });
    expect(second.stacks[0]!.error).toMatchObject({
      code: 'state-busy',
      message: expect.stringMatching(
        /The state of impatient\/dev\/a is being changed by apply of another run: process \d+ on /,
      ),
    });
    expect(await first.ended).toBe(0);
  }, 120_000);
});
