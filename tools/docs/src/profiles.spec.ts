import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profiles } from '@mlterra/core';

it('shows the profiles as they are', () => {
  const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'writing-an-environment.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)`\s+\| (\S+)\s+\| (\S+)\s+\|/gm)].map(([, ...cells]) =>
    cells.map((cell) => cell.replaceAll('`', '')),
  );
  const { development, production } = profiles;
  const keys = Object.keys(development) as (keyof typeof development)[];
  expect(rows).toEqual(keys.map((key) => [key, String(development[key]), String(production[key])]));
});
