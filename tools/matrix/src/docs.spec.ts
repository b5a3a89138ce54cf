import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractRules } from '@mlterra/testing/contracts';

const root = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('the page about the contract suites', () => {
  it('lists every check with its rule', () => {
    const [, checks] = read('docs/contracts.md').split('## What is checked');
    const rows = [...checks!.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\|$/gm)];
    expect(rows.map(([, id, rule]) => ({ id, rule }))).toEqual(
      Object.values(contractRules).flatMap((rules) => rules.map(({ id, rule }) => ({ id, rule }))),
    );
  });

  it.each(['docs/contracts.md', 'packages/testing/README.md'])('shows in %s the spec of the host', (page) => {
    const spec = read('modules/providers/host/src/contract.spec.ts')
      .replace(/\s+/g, ' ')
      .replace(', }', ' }');
    const calls = spec.slice(spec.indexOf('postgresDatabaseContract(')).trim();
    const [, listing] = /```ts\n([^]*?)```/.exec(read(page))!;
    expect(listing!.replace(/\s+/g, ' ')).toContain(calls);
  });
});
