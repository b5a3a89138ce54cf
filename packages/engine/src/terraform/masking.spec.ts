import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify, stripVTControlCharacters as plain } from 'node:util';
import fc from 'fast-check';
import { renderMarkdown } from '../report/markdown';
import { renderTables } from '../report/tables';
import type { CommandResult, StackStatus } from '../run/result';
import { holdsSecret, Names, pairs, textsIn, type Pair } from '../testing/value-pairs';
import { summarisePlan } from './plan-json';

const seed = Number(process.env['MLTERRA_TEST_SEED'] ?? Math.abs(jest.getSeed()));
const run = promisify(execFile);

/** All that a person or a program gets to see of a plan. */
function surfaces(json: string): string {
  const plan = summarisePlan(json);
  const stack = (status: StackStatus) => ({ key: 'env/dev/a', status, reasons: [], plan, seconds: 0 });
  const result: CommandResult = {
    command: 'plan',
    engineSeconds: 0,
    environments: [{ name: 'env', stacks: [stack('changed'), stack('drifted')], notes: [] }],
  };
  const text = renderTables(result, { explain: true, columns: 200 });
  return plain([text, renderMarkdown(result), JSON.stringify(result)].join('\n'));
}

/** Names in a text, such as `c12x`. */
function namesIn(text: string): Set<string> {
  return new Set(text.match(/\b[ck]\d+x\b/g));
}

describe(`a plan (MLTERRA_TEST_SEED=${seed})`, () => {
  const changeOf = (names: Names, [before, after]: Pair, actions = ['update']): object => ({
    actions,
    before: { input: names.json(before) },
    after: { input: names.json(after) },
    after_unknown: { input: names.unknown(after) },
    before_sensitive: { input: names.sensitive(before) },
    after_sensitive: { input: names.sensitive(after) },
  });

  it('never shows what is sensitive on either side: resources, drift and outputs', () => {
    fc.assert(
      fc.property(pairs, (pair) => {
        const names = new Names();
        const change = changeOf(names, pair);
        const resource = { address: 'a.b', mode: 'managed', change };
        const json = JSON.stringify({
          resource_changes: [resource],
          resource_drift: [resource],
          output_changes: { o: change },
        });
        const shown = namesIn(surfaces(json));
        expect(names.secrets(...pair).filter((name) => shown.has(name))).toEqual([]);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('shows every text that comes or goes and is not sensitive', () => {
    fc.assert(
      fc.property(
        pairs.filter((pair) => !pair.some(holdsSecret)),
        (pair) => {
          const names = new Names();
          const json = JSON.stringify({
            resource_changes: [{ address: 'a.b', mode: 'managed', change: changeOf(names, pair) }],
          });
          const shown = surfaces(json);
          // A long value is cut off.
          fc.pre(!shown.includes('...'));
          const [before, after] = pair.map((value) => new Set(textsIn(value).map((text) => names.of(text))));
          const moved = [...before!, ...after!].filter((name) => before!.has(name) !== after!.has(name));
          const seen = namesIn(shown);
          expect(moved.filter((name) => !seen.has(name))).toEqual([]);
        },
      ),
      { seed, numRuns: 300 },
    );
  });
});

describe(`a plan of Terraform (MLTERRA_TEST_SEED=${seed})`, () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'mlterra-masking-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const terraform = async (...args: string[]): Promise<string> =>
    (await run('terraform', args, { cwd: dir, maxBuffer: 64 * 1024 * 1024 })).stdout;

  const samples = fc.sample(pairs, { seed, numRuns: 60 });
  const names = new Names();
  const write = (side: 0 | 1): void => {
    const unknown = 'terraform_data.fresh.id';
    const blocks = samples.map((pair, index) => {
      const value = names.expression(pair[side], unknown);
      const argument = index % 4 === 0 ? 'triggers_replace' : 'input';
      return `resource "terraform_data" "r${index}" {\n  ${argument} = ${value}\n}
output "o${index}" {\n  value = ${value}\n  sensitive = ${String(holdsSecret(pair[side]))}\n}`;
    });
    const fresh = `resource "terraform_data" "fresh" {\n  triggers_replace = ${side}\n}`;
    writeFileSync(path.join(dir, 'main.tf'), [fresh, ...blocks].join('\n'));
  };

  it('shows nothing that is sensitive, and of what holds no secret all that Terraform shows as changed', async () => {
    write(0);
    await terraform('init', '-input=false', '-no-color');
    await terraform('apply', '-auto-approve', '-input=false', '-no-color');
    write(1);
    await terraform('plan', '-input=false', '-no-color', '-out=saved.plan');
    const shown = surfaces(await terraform('show', '-json', 'saved.plan'));
    const ours = namesIn(shown);
    const secrets = samples.flatMap((pair) => names.secrets(...pair));
    expect(secrets.filter((name) => ours.has(name))).toEqual([]);

    const lines = (await terraform('show', '-no-color', 'saved.plan')).split('\n');
    const changed = namesIn(lines.filter((line) => /^\s*([-+~]|-\/\+)\s/.test(line)).join('\n'));
    const open = samples
      .filter((pair) => !pair.some(holdsSecret))
      .flatMap((pair) => pair.flatMap(textsIn).map((text) => names.of(text)))
      .filter((name) => changed.has(name));
    expect(open.length).toBeGreaterThan(0);
    // A long value is cut off.
    const isCut = shown.includes('...');
    expect(open.filter((name) => !isCut && !ours.has(name))).toEqual([]);
  }, 120_000);
});
