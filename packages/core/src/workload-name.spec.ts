import { Construct } from 'constructs';
import type { Stack } from './stack';
import { build, demo } from './testing/synth';
import { childWorkloadName, shortenName, workloadName, workloadNameAt } from './workload-name';

function withStack(use: (stack: Stack) => void): void {
  build(demo((stack) => use(stack('main'))));
}

describe('workloadName', () => {
  it('is the path below the stack, of the construct itself and before it exists', () => {
    expect.assertions(3);
    withStack((stack) => {
      const tracking = new Construct(new Construct(stack, 'Team'), 'Tracking');
      expect(childWorkloadName(tracking, 'Server')).toBe('team-tracking-server');
      expect(workloadName(new Construct(tracking, 'Server'))).toBe('team-tracking-server');
      expect(workloadName(tracking)).toBe('team-tracking');
    });
  });

  it.each([
    ['MLflow', 'mlflow'],
    ['MlFlow', 'ml-flow'],
    ['Redis7Cache', 'redis7-cache'],
    ['snake_case and  spaces', 'snake-case-and-spaces'],
    ['_a_', 'a'],
    ['a/__/b', 'a-b'],
    ['A/Resource', 'a'],
    ['A/Resource/Resource', 'a'],
    ['Resource', 'resource'],
    ['Resource/A', 'resource-a'],
    ['A/MyResource', 'a-my-resource'],
    ['7days', 'x-7days'],
    ['Größe', 'gr-e'],
    ['__', 'x'],
  ])('of %j is %s', (path, name) => {
    expect.assertions(1);
    withStack((stack) => expect(workloadNameAt(`${stack.node.path}/${path}`, stack)).toBe(name));
  });

  it('leaves room for what platforms add to it, and two long ones that differ at the end stay two', () => {
    expect.assertions(3);
    withStack((stack) => {
      const [longest, one, other] = ['x'.repeat(52), `${'x'.repeat(60)}a`, `${'x'.repeat(60)}b`].map((id) =>
        childWorkloadName(stack, id),
      );
      expect(longest).toBe('x'.repeat(52));
      expect(one).toMatch(/^x{45}-[0-9a-f]{6}$/);
      expect(other).not.toBe(one);
    });
  });
});

describe('shortenName', () => {
  it('keeps a name that fits', () => {
    expect(shortenName('exactly-16-chars', 16)).toBe('exactly-16-chars');
  });

  it('has no two hyphens where it cuts', () => {
    expect(shortenName('one-two-three-four', 15)).toMatch(/^one-two-[0-9a-f]{6}$/);
    expect(shortenName('one-two-three-four', 14)).toMatch(/^one-two-[0-9a-f]{6}$/);
    expect(shortenName('a-b-three-four-five', 15)).toMatch(/^a-b-thre-[0-9a-f]{6}$/);
  });

  it('is the same for the same name only', () => {
    expect(shortenName('a'.repeat(20), 12)).toBe(shortenName('a'.repeat(20), 12));
    expect(shortenName('a'.repeat(20), 12)).not.toBe(shortenName('a'.repeat(21), 12));
  });
});
