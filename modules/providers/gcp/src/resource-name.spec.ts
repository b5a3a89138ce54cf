import { synthStack } from '@mlterra/testing';
import { Construct } from 'constructs';
import { resourceName, shorten } from './resource-name';

function names(name: (stack: Construct) => string[]): string[] {
  let found: string[] = [];
  synthStack((stack) => {
    found = name(stack);
  });
  return found;
}

describe('resourceName', () => {
  it('says environment, stage, stack and construct, without repeating itself', () => {
    expect(
      names((stack) => {
        const main = new Construct(stack, 'main');
        return [resourceName(main, 63), resourceName(new Construct(main, 'Disk_Key'), 63)];
      }),
    ).toEqual(['demo-dev-main', 'demo-dev-main-disk-key']);
  });

  it('ends in a hash where it would be too long, and is another for every construct', () => {
    const [one, other] = names((stack) =>
      ['a', 'b'].map((end) => resourceName(new Construct(stack, 'x'.repeat(40) + end), 30)),
    );
    expect(one).toMatch(/^demo-dev-main-x{9}-[0-9a-f]{6}$/);
    expect(one).toHaveLength(30);
    expect(other).not.toBe(one);
  });

  it('refuses one name for two constructs', () => {
    expect(() =>
      names((stack) => [
        resourceName(new Construct(new Construct(stack, 'a'), 'b'), 63),
        resourceName(new Construct(stack, 'a-b'), 63),
      ]),
    ).toThrow('dev-main/a-b and dev-main/a/b would both be named demo-dev-main-a-b in Google Cloud.');
  });
});

describe('shorten', () => {
  it('leaves no hyphen before the hash', () => {
    expect(shorten(`${'a'.repeat(12)}-${'b'.repeat(20)}`, 20)).toMatch(/^a{12}-[0-9a-f]{6}$/);
  });
});
