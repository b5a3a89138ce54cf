/** @long */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../testing/child';
import { builtinEnvironment, Fixture } from '../testing/fixture';
import { unlockEnvironment, type UnlockRequest } from './unlock';

describe('unlock', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());
  const flag = path.join(fixture.root, 'go');
  const define = (name: string): void => {
    const command = `touch ${flag}.${name}; while ! test -e ${flag}; do sleep 0.05; done`;
    fixture.environment(name, builtinEnvironment(name, { dev: { a: { command }, b: {} }, test: { a: {} } }));
  };
  const applying = async (name: string): Promise<Child> => {
    define(name);
    const child = new Child('apply', fixture.request(name, { stage: 'dev' }));
    while (!existsSync(`${flag}.${name}`)) await sleep(20);
    return child;
  };
  const unlock = async (
    name: string,
    request: Partial<UnlockRequest> = {},
  ): Promise<{ code: number; said: string }> => {
    let said = '';
    const write = (text: unknown): boolean => ((said += String(text)), true);
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation(write),
    );
    try {
      const code = await unlockEnvironment({ environmentDir: fixture.dir(name), ...request });
      return { code, said };
    } finally {
      spies.forEach((spy) => spy.mockRestore());
    }
  };
  const lockInfo = (key: string): string => {
    const state = fixture.stateFile(key);
    return path.join(path.dirname(state), `.${path.basename(state)}.lock.info`);
  };

  it('says that nothing is locked', async () => {
    define('free');
    expect(await unlock('free')).toEqual({ code: 0, said: 'Nothing is locked in free.\n' });
    expect(await unlock('free', { stage: 'dev', stack: 'a', yes: true })).toEqual({
      code: 0,
      said: 'Nothing is locked in free/dev/a.\n',
    });
    expect((await unlock('free', { stage: 'prod' })).said).toMatch(
      /stage "prod"[^]*one of: dev, test, shared/,
    );
    expect((await unlock('free', { stack: 'c' })).said).toMatch(
      /no stack "c"[^]*free\/dev\/a, free\/dev\/b, free\/test\/a/,
    );
  });

  it('never frees the lock of a run that lives', async () => {
    const child = await applying('living');
    try {
      const { code, said } = await unlock('living', { yes: true });
      expect(code).toBe(1);
      expect(said).toMatch(
        /^living is locked by mlterra apply, process \d+, since .*: the process runs on this machine\.$/m,
      );
      expect(said).toMatch(
        new RegExp(
          `^living/dev/a is locked by .+@${hostname()}, apply, since .*: process \\d+ on this machine holds the state\\.$`,
          'm',
        ),
      );
      expect(said).toMatch(/^living\/dev\/a stays locked: .*the lock ends with its process/m);
      expect((await unlock('living', { yes: true, force: true, stage: 'dev', stack: 'a' })).code).toBe(1);
      expect(existsSync(lockInfo('living/dev/a'))).toBe(true);
      expect(existsSync(path.join(fixture.dir('living'), '.mlterra', 'run.lock'))).toBe(true);
    } finally {
      await child.kill();
    }
  }, 60_000);

  it('frees what killed runs left, after it was asked', async () => {
    const child = await applying('killed');
    await child.kill();
    const refused = await unlock('killed');
    expect(refused).toMatchObject({
      code: 1,
      said: expect.stringMatching(/there is no terminal to ask on[^]*--yes/),
    });
    expect(existsSync(lockInfo('killed/dev/a'))).toBe(true);
    expect(await unlock('killed', { stage: 'test', yes: true })).toMatchObject({
      code: 0,
      said: 'Nothing is locked in killed/test.\n',
    });
    const { code, said } = await unlock('killed', { yes: true });
    expect(said).toMatch(
      /^killed\/dev\/a is locked by .*: no process holds the state; its lock ended with it\.$/m,
    );
    expect(said).toMatch(/^killed\/dev\/a is unlocked\.$/m);
    expect(said).toMatch(/^killed is locked by mlterra apply.*: the process is gone\.$/m);
    expect(code).toBe(0);
    expect(existsSync(lockInfo('killed/dev/a'))).toBe(false);
    expect(await unlock('killed')).toMatchObject({ code: 0 });
    // What the run left behind is not forgotten with its lock.
    writeFileSync(flag, '');
    const applied = await fixture.run('apply', 'killed', { stage: 'dev' });
    expect(applied.stacks[0]).toMatchObject({ key: 'killed/dev/a', status: 'applied' });
    rmSync(flag);
  }, 60_000);

  it('asks about a run of another machine, and leaves a lock that changed', async () => {
    define('elsewhere');
    writeFileSync(flag, '');
    await fixture.run('apply', 'elsewhere');
    rmSync(flag);
    const info = {
      ID: '1',
      Who: 'ann@other',
      Operation: 'OperationTypeApply',
      Created: '2026-01-01T00:00:00Z',
    };
    writeFileSync(lockInfo('elsewhere/test/a'), JSON.stringify(info));
    const file = path.join(fixture.dir('elsewhere'), '.mlterra', 'run.lock');
    writeFileSync(
      file,
      JSON.stringify({
        pid: 1,
        started: 'x',
        command: 'apply',
        since: 'then',
        place: { host: 'other', boot: 'x' },
      }),
    );
    const busy = await fixture.run('apply', 'elsewhere', { lockTimeoutSeconds: 0 });
    expect(busy.error).toMatchObject({
      code: 'run-busy',
      message: expect.stringMatching(/npx mlterra unlock elsewhere$/m),
    });
    const { code, said } = await unlock('elsewhere', { yes: true });
    expect(said).toMatch(
      /it runs, or ran, on other or in another container; whether it lives cannot be told from here/,
    );
    expect(said).toMatch(
      /^elsewhere\/test\/a is locked by ann@other, apply, since 2026-01-01T00:00:00Z, lock 1: /m,
    );
    expect(code).toBe(0);
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(fixture.stateFile('elsewhere/test/a'), 'utf8')).toContain('"version": 4');
  }, 60_000);
});
