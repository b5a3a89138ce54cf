import type { Stack } from '@mlterra/core';
import { stackLabels, stageLabels } from './labels';
import { dataKey, namespaceOf, releaseName, shortHash } from './names';

function stackOf(environment: string, stage: string, stack: string): Stack {
  return { stackKey: { environment, stage, stack } } as Stack;
}

describe('the namespace of a stack', () => {
  const demo = stackOf('demo', 'dev', 'tool');

  it('has the environment in it where others are on the cluster', () => {
    expect(namespaceOf(demo, true)).toBe('dev-tool');
    expect(namespaceOf(demo, false)).toBe('demo-dev-tool');
  });

  it('fits into a label of DNS, and is another one for another stack', () => {
    const long = (stack: string) => namespaceOf(stackOf('e'.repeat(30), 's'.repeat(20), stack), false);
    const [one, other] = [long('a-long-stack-1'), long('a-long-stack-2')];
    expect(one).toHaveLength(63);
    expect(one).toMatch(/^e{30}-s{20}-a-l[a-z0-9-]*-[0-9a-f]{6}$/);
    expect(other).not.toBe(one);
    expect(namespaceOf(stackOf('e'.repeat(30), 's'.repeat(20), 'a-longer-10'), false)).toHaveLength(63);
  });

  it('names its release, which is shorter still', () => {
    expect(releaseName('dev-tool')).toBe('dev-tool');
    expect(releaseName('n'.repeat(53))).toBe('n'.repeat(53));
    expect(releaseName('n'.repeat(54))).toMatch(/^n{46}-[0-9a-f]{6}$/);
  });
});

describe('labels of a stack', () => {
  it('name its environment, its stage and itself', () => {
    expect(stackLabels(stackOf('demo', 'dev', 'tool'))).toEqual({
      'mlterra.dev/environment': 'demo',
      'mlterra.dev/stage': 'dev',
      'mlterra.dev/stack': 'tool',
    });
  });

  it('by which its clients are found are those of its stage, and of a shared stack those of any stage', () => {
    expect(stageLabels(stackOf('demo', 'dev', 'tool'))).toEqual({
      'mlterra.dev/environment': 'demo',
      'mlterra.dev/stage': 'dev',
    });
    expect(stageLabels(stackOf('demo', 'shared', 'tool'))).toEqual({ 'mlterra.dev/environment': 'demo' });
  });
});

describe('the key of a text', () => {
  it('is readable, and one that a Secret can have', () => {
    expect(dataKey('server', 'file', '/etc/demo/config.ini')).toBe(
      `server-file-etc-demo-config-ini-${shortHash('/etc/demo/config.ini')}`,
    );
    expect(dataKey('server', 'file', '//a__b//')).toMatch(/^server-file-a-b-[0-9a-f]{6}$/);
    const long = dataKey('server', 'file', `/${'x'.repeat(50)}/abcdefgh`);
    expect(long).toMatch(/^server-file-x{43}-abcdefgh-[0-9a-f]{6}$/);
  });

  it('is another one for a similar text, another container, another thing', () => {
    const keys = [
      dataKey('server', 'file', '/a/b'),
      dataKey('server', 'file', '/a-b'),
      dataKey('helper', 'file', '/a/b'),
      dataKey('server', 'variable', '/a/b'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
