import { busy, keyAt, keyPattern } from './state-store';

const place = (key: string): string => `/states/x/x/${key}.tfstate`;

describe('the places of the states of an environment', () => {
  const pattern = keyPattern('lab', place);

  it('have a beginning that no other environment has, and an end', () => {
    expect(pattern).toEqual({ before: '/states/x/x/lab/', after: '.tfstate' });
    expect(keyPattern('x', (key) => key)).toEqual({ before: 'x/', after: '' });
  });

  it.each([
    ['/states/x/x/lab/dev/a.tfstate', 'lab/dev/a'],
    ['/states/x/x/lab/dev/a.tfstate.backup', undefined],
    ['/states/x/x/lab/dev/a', undefined],
    ['/states/x/x/lab/a.tfstate', undefined],
    ['/states/x/x/lab/dev/deep/a.tfstate', undefined],
    ['/states/x/x/lab-two/dev/a.tfstate', undefined],
    ['/elsewhere/lab/dev/a.tfstate', undefined],
    ['/states/x/x/lab//a.tfstate', undefined],
  ])('%s is the state %s', (found, key) => {
    expect(keyAt(found, 'lab', pattern)).toBe(key);
  });

  it('must have the key in them', () => {
    expect(() => keyPattern('lab', () => '/one/file')).toThrow(
      'The backend does not keep the state lab/x/x under its key: /one/file',
    );
  });
});

it('a state that somebody holds comes with what was written last, where it can be read', () => {
  const state = { outputs: {}, resources: [] } as never;
  expect(busy('ann', { kind: 'state', state })).toEqual({ kind: 'busy', holder: 'ann', state });
  expect(busy('ann', { kind: 'opaque', reason: 'encrypted' })).toEqual({ kind: 'busy', holder: 'ann' });
  expect(busy('ann', undefined)).toEqual({ kind: 'busy', holder: 'ann' });
});
