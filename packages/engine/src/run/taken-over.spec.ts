import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../testing/child';
import { Fixture, statuses } from '../testing/fixture';
import { sampleOf } from '../testing/random';

/** Two checkouts with one folder of states. */
const one = new Fixture();
const two = new Fixture();
const shared = path.join(one.root, 'shared');
const MODULE = path.join(one.root, 'module');
afterAll(() => {
  one.remove();
  two.remove();
});

/** What the provisioners of an environment have written: `begin` and `end` of each creation. */
const linesOf = (name: string): readonly string[] => {
  const file = path.join(one.root, `${name}.ledger`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};
const count = (name: string, line: string): number => linesOf(name).filter((other) => other === line).length;

/** Beside `source`, a resource that is quick, so that Terraform stores the slow one before its provisioners end. */
function define(name: string, version: string, source: string): void {
  mkdirSync(shared, { recursive: true });
  const ledger = path.join(one.root, `${name}.ledger`);
  for (const checkout of [one, two]) {
    const directory = path.relative(checkout.dir(name), shared);
    checkout.environment(
      name,
      `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource, TerraformHclModule } from 'cdktf';
void TerraformHclModule;
export default defineEnvironment({
  name: '${name}',
  backend: localState({ directory: ${JSON.stringify(directory)} }),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const stack = stage.stack('a');
    const triggersReplace = '${version}';
    const run = (command: string) => [{ type: 'local-exec' as const, command }];
    const slow = run('echo begin >> ${ledger}; sleep 2; echo end >> ${ledger}');
    new DataResource(stack, 'Quick', { triggersReplace, provisioners: run('echo quick >> ${ledger}') });
    ${source}
  },
});`,
    );
  }
}

/** Kills an apply while the slow creation goes on, once Terraform has stored it, which only what ends beside it makes it do. */
async function killedIn(checkout: Fixture, name: string, begun = 1): Promise<void> {
  const before = slowIds(name);
  const child = new Child('apply', checkout.request(name));
  while (count(name, 'begin') < begun || count(name, 'quick') < begun) await sleep(20);
  // The creation takes two seconds.
  const late = performance.now() + 1200;
  while (slowIds(name).every((id) => before.includes(id)) && performance.now() < late) await sleep(20);
  await child.kill();
}

/** Ids of the slow resources that are in the state. */
function slowIds(name: string): readonly string[] {
  const file = path.join(shared, name, 'dev', 'a.tfstate');
  try {
    const { resources } = JSON.parse(readFileSync(file, 'utf8')) as {
      resources: { name: string; instances: { attributes: { id: string } }[] }[];
    };
    const slow = resources.filter((resource) => /^slow$/i.test(resource.name));
    return slow.flatMap(({ instances }) => instances.map(({ attributes }) => attributes.id));
  } catch {
    // There is none yet, or it is being written.
    return [];
  }
}

/** Reduces the state to its mark, as on a server: Terraform stores a state there every 20 seconds only. */
function forgotten(name: string): void {
  const file = path.join(shared, name, 'dev', 'a.tfstate');
  const state = JSON.parse(readFileSync(file, 'utf8')) as { resources: { name: string }[] };
  state.resources = state.resources.filter((resource) => resource.name === 'mlterra');
  writeFileSync(file, JSON.stringify(state));
  rmSync(`${file}.backup`, { force: true });
}

/** What was created and not stored, beside what the source has afterwards, is imported and destroyed. */
async function takenUp(
  name: string,
  sources: { readonly before: string; readonly after: string },
  gone: string,
  command: 'apply' | 'destroy' = 'apply',
): Promise<void> {
  define(name, 'one', `${sources.before}\n    ${SLOW}`);
  await killedIn(one, name);
  forgotten(name);
  define(name, 'one', sources.after);
  const why = new RegExp(
    `^${escape(gone)} is imported, for the plan to decide on: a killed run created it \\(id \\S+\\)`,
  );
  const planned = await one.run('plan', name);
  expect(planned.stacks[0]!.reasons).toContainEqual(expect.stringMatching(why));
  const run = await one.run(command, name, { yes: true });
  expect(run.error).toBeUndefined();
  expect(run.stacks[0]!.error).toBeUndefined();
  if (command === 'destroy') {
    expect(statuses(run)).toEqual({ [`${name}/dev/a`]: 'destroyed' });
    // What the state was before all of it was destroyed.
    expect(readFileSync(`${path.join(shared, name, 'dev', 'a.tfstate')}.backup`, 'utf8')).toContain('"Gone"');
    return;
  }
  expect(run.stacks[0]!.plan!.resources).toContainEqual(
    expect.objectContaining({ address: gone, action: 'destroy' }),
  );
  expect(statuses(await one.run('apply', name))).toEqual({ [`${name}/dev/a`]: 'unchanged' });
}

const escape = (text: string): string => text.replace(/[.[\]"$]/g, '\\$&');

const KEPT = `new DataResource(stack, 'Gone', {})`;

const SLOW = `new DataResource(stack, 'Slow', { triggersReplace, provisioners: slow });`;

const CASES: Readonly<Record<string, (name: string) => Promise<void>>> = {
  'a replacement that was killed, from another checkout': async (name) => {
    define(name, 'one', SLOW);
    await one.run('apply', name);
    define(name, 'two', SLOW);
    await killedIn(one, name, 2);
    const applied = await two.run('apply', name);
    expect(applied.stacks[0]!.reasons).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^terraform_data\.Slow is replaced: the apply of .* did not say/),
      ]),
    );
    expect(count(name, 'end')).toBe(2);
    expect(statuses(await two.run('apply', name))).toEqual({ [`${name}/dev/a`]: 'unchanged' });
  },
  'a creation that was killed, after an apply elsewhere that failed': async (name) => {
    define(name, 'one', SLOW);
    await killedIn(one, name);
    const failing = path.join(two.root, `failing-${name}`);
    writeFileSync(
      failing,
      `#!/bin/sh\n[ "$1" = apply ] && { echo 'no quota' >&2; exit 1; }\nexec terraform "$@"\n`,
      {
        mode: 0o755,
      },
    );
    const failed = await two.run('apply', name, { engine: failing });
    expect(failed.stacks[0]).toMatchObject({ status: 'failed' });
    // A third checkout, which knows of both by the state alone.
    rmSync(path.join(two.dir(name), '.mlterra'), { recursive: true });
    const applied = await two.run('apply', name);
    expect(applied.stacks[0]).toMatchObject({ status: 'applied' });
    expect(count(name, 'end')).toBe(1);
    expect(statuses(await two.run('apply', name))).toEqual({ [`${name}/dev/a`]: 'unchanged' });
  },
  'a creation in a module that was killed, from another checkout': async (name) => {
    mkdirSync(MODULE, { recursive: true });
    const ledger = path.join(one.root, `${name}.ledger`);
    writeFileSync(
      path.join(MODULE, 'main.tf'),
      `resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "echo begin >> ${ledger}; sleep 2; echo end >> ${ledger}"
  }
}
`,
    );
    define(name, 'one', `new TerraformHclModule(stack, 'Module', { source: '${MODULE}' });`);
    await killedIn(one, name);
    await two.run('apply', name);
    expect(count(name, 'end')).toBe(1);
    expect(statuses(await two.run('apply', name))).toEqual({ [`${name}/dev/a`]: 'unchanged' });
  },
  'a creation that was killed, and moved since': async (name) => {
    define(name, 'one', SLOW);
    await killedIn(one, name);
    define(
      name,
      'one',
      `const moved = new DataResource(stack, 'Moved', { triggersReplace, provisioners: slow });
    moved.moveFromId('terraform_data.Slow');`,
    );
    await one.run('apply', name);
    expect(count(name, 'end')).toBe(1);
    expect(statuses(await one.run('apply', name))).toEqual({ [`${name}/dev/a`]: 'unchanged' });
  },
  'a creation that was killed, of an instance whose key Terraform must escape': async (name) => {
    const source = `const many = new DataResource(stack, 'Slow', { triggersReplace, provisioners: slow });
    many.addOverride('for_each', { 'a$\${b}': 1 });`;
    define(name, 'one', source);
    await killedIn(one, name);
    await one.run('apply', name);
    expect(count(name, 'end')).toBe(1);
    expect(statuses(await one.run('apply', name))).toEqual({ [`${name}/dev/a`]: 'unchanged' });
  },
  'what another checkout has finished since, from that of the killed run': async (name) => {
    define(name, 'one', SLOW);
    await killedIn(one, name);
    await two.run('apply', name);
    expect(count(name, 'end')).toBe(1);
    expect(statuses(await one.run('drift', name))).toEqual({ [`${name}/dev/a`]: 'in-sync' });
    expect(statuses(await one.run('apply', name))).toEqual({ [`${name}/dev/a`]: 'unchanged' });
    expect(count(name, 'end')).toBe(1);
  },
  'what was created and not stored, and is removed from the source': (name) =>
    takenUp(name, { before: KEPT, after: '' }, 'terraform_data.Gone'),
  'what was created and not stored, and is removed from the source, then destroyed': (name) =>
    takenUp(name, { before: KEPT, after: '' }, 'terraform_data.Gone', 'destroy'),
  'what was created and not stored, of which the source has fewer now': (name) =>
    takenUp(
      name,
      { before: `${KEPT}.addOverride('count', 2);`, after: `${KEPT}.addOverride('count', 1);` },
      'terraform_data.Gone[1]',
    ),
  'what was created and not stored, of which the source has a single one now, in an output': (name) =>
    takenUp(
      name,
      {
        before: `${KEPT}.addOverride('count', 2);`,
        after: `${KEPT}; stack.addOverride('output.o.value', '\${terraform_data.Gone.id}');`,
      },
      'terraform_data.Gone[1]',
    ),
  'what was created and not stored, whose key the source no longer has': (name) =>
    takenUp(
      name,
      {
        before: `${KEPT}.addOverride('for_each', { 'a$\${b}': 1, c: 2 });`,
        after: `${KEPT}.addOverride('for_each', { c: 2 });`,
      },
      'terraform_data.Gone["a$${b}"]',
    ),
  'what was created and not stored, by a source that nobody has any more: it is named': async (name) => {
    define(name, 'one', SLOW);
    await killedIn(one, name);
    const folder = path.join(one.dir(name), '.mlterra', 'stacks', 'dev-a');
    const hook = {
      action: 'create',
      resource: { addr: 'random_pet.gone' },
      id_key: 'id',
      id_value: 'calm-cat',
    };
    const line = JSON.stringify({ type: 'apply_complete', hook });
    appendFileSync(path.join(folder, 'journal.jsonl'), `\n${line}\n`);
    const said = async (command: 'apply' | 'destroy'): Promise<unknown> =>
      (await one.run(command, name, { yes: true })).stacks[0]!.error?.message;
    const unknown =
      'imported: random_pet.gone (id calm-cat) was created by a source that is not known here any more';
    for (const command of ['apply', 'apply', 'destroy'] as const) {
      expect(await said(command)).toContain(unknown);
    }
    const applied = path.join(one.dir(name), '.mlterra', 'applied', 'dev-a', 'cdk.tf.json');
    for (const [provider, needs] of [
      [undefined, 'random'],
      ['random.eu', 'random.eu'],
    ] as const) {
      const resource = { random_pet: { gone: { provider } } };
      writeFileSync(applied, JSON.stringify({ ...JSON.parse(readFileSync(applied, 'utf8')), resource }));
      expect(await said('apply')).toContain(`needs the provider ${needs}, which the source no longer has`);
    }
    for (const file of ['journal.json', 'journal.jsonl']) rmSync(path.join(folder, file));
    expect(statuses(await one.run('destroy', name, { yes: true }))).toEqual({
      [`${name}/dev/a`]: 'destroyed',
    });
  },
  'what replaces another object that was not destroyed yet, and was not stored': async (name) => {
    // The old one is destroyed after all that depends on it has changed.
    const source = `const first = new DataResource(stack, 'First', { triggersReplace, lifecycle: { createBeforeDestroy: true } });
    new DataResource(stack, 'Slow', { triggersReplace: first.id, provisioners: slow });`;
    define(name, 'one', source);
    await one.run('apply', name);
    define(name, 'two', source);
    const file = path.join(shared, name, 'dev', 'a.tfstate');
    const child = new Child('apply', one.request(name));
    let marked = '';
    while (count(name, 'begin') < 2) {
      const text = readFileSync(file, 'utf8');
      // As a server has it: what was there, and the mark.
      if (marked === '' && text.includes('open') && text.endsWith('}\n')) marked = text;
      await sleep(5);
    }
    await sleep(300);
    await child.kill();
    const idOf = (text: string, resource: string): unknown =>
      (
        JSON.parse(text) as { resources: { name: string; instances: { attributes: { id: string } }[] }[] }
      ).resources
        .filter((found) => found.name === resource)
        .map(({ instances }) => instances.map(({ attributes }) => attributes.id))
        .flat();
    const old = idOf(marked, 'First') as [string];
    writeFileSync(file, marked);
    const planned = await one.run('plan', name);
    expect(planned.stacks[0]!.reasons).toContainEqual(expect.stringContaining(`(id ${old[0]}) is destroyed`));
    expect(planned.stacks[0]!.plan!.resources).toContainEqual(
      expect.objectContaining({ address: 'terraform_data.First', action: 'import' }),
    );
    const applied = await one.run('apply', name);
    expect(applied.stacks[0]!.error).toBeUndefined();
    expect(applied.stacks[0]!.plan!.resources).toContainEqual(
      expect.objectContaining({ address: 'terraform_data.First_replaced_0', action: 'destroy' }),
    );
    expect(applied.stacks[0]!.plan!.resources).toContainEqual(
      expect.objectContaining({ address: 'terraform_data.First', importId: expect.any(String) as string }),
    );
    expect(idOf(readFileSync(file, 'utf8'), 'First')).not.toContain(old[0]);
    expect(idOf(readFileSync(file, 'utf8'), 'First_replaced_0')).toEqual([]);
    expect(statuses(await one.run('apply', name))).toEqual({ [`${name}/dev/a`]: 'unchanged' });
  },
  'what was created and not stored, and is removed from the source with its stack': async (name) => {
    define(name, 'one', SLOW);
    await killedIn(one, name);
    const ledger = path.join(one.root, `${name}.ledger`);
    forgotten(name);
    for (const checkout of [one, two]) {
      const source = path.join(checkout.dir(name), 'environment.ts');
      writeFileSync(source, readFileSync(source, 'utf8').replace("stage.stack('a')", "stage.stack('b')"));
    }
    const plan = await one.run('plan', name);
    expect(statuses(plan)).toMatchObject({ [`${name}/dev/a`]: 'removed' });
    const destroyed = await one.run('apply', name, { destroyRemoved: true });
    expect(statuses(destroyed)).toMatchObject({ [`${name}/dev/a`]: 'destroyed' });
    expect(readFileSync(ledger, 'utf8')).toContain('quick');
  },
};

describe('a run takes over, and does once what was not done:', () => {
  it.each(sampleOf(Object.keys(CASES), 2))(
    '%s',
    async (title) => {
      await CASES[title]!(`case-${Object.keys(CASES).indexOf(title)}`);
    },
    120_000,
  );
});
