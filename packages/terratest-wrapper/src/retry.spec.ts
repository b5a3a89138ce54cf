import { FatalError, retry } from './retry';

const QUICK = { timeBetweenRetriesSeconds: 0.001 };

describe('retry', () => {
  it('runs an action until it works', async () => {
    let attempts = 0;
    const action = (): number => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
      return attempts;
    };
    expect(await retry('counting', action, QUICK)).toBe(3);
  });

  it('gives up after the last retry, and tells what was wrong then', async () => {
    let attempts = 0;
    const action = async (): Promise<void> => {
      attempts += 1;
      throw new Error(`broken ${attempts}`);
    };
    await expect(retry('counting', action, { ...QUICK, maxRetries: 2 })).rejects.toThrow(
      'counting did not work in 3 attempts; the last time: broken 3',
    );
  });

  it('does not try again what cannot get better', async () => {
    let attempts = 0;
    const action = (): never => {
      attempts += 1;
      throw new FatalError('wrong password');
    };
    await expect(retry('logging in', action, QUICK)).rejects.toThrow('wrong password');
    expect(attempts).toBe(1);
  });
});
