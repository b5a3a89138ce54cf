import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { MlterraError } from '@mlterra/core';
import { markOpen } from '../digest/open-mark';
import { NOTHING_UNSAVED } from '../digest/unsaved';
import { readStamp } from '../digest/stamp';
import { StackJournal, type JournalHead } from '../journal/journal';
import { parseState, type StateFile } from '../state/state-file';
import type { EngineRun, EngineRunOptions } from '../terraform/run-engine';
import { PaperRun } from '../testing/paper-run';
import type { Found } from './open-state';
import { StackEngine } from './stack-engine';

type Answer = (args: readonly string[], options: EngineRunOptions) => Partial<EngineRun> | undefined;

/** What Terraform was asked to do, and what it answers, in place of the program. */
const terraform = {
  calls: [] as string[],
  /** The state that is stored; empty where there is none. */
  stored: '',
  /** What a plan finds, as `terraform show -json` prints it. */
  plan: {} as object,
  answer: (() => undefined) as Answer,
};

jest.mock('../terraform/run-engine', () => ({
  ...jest.requireActual<object>('../terraform/run-engine'),
  runEngine: (_engine: unknown, args: readonly string[], options: EngineRunOptions) => {
    terraform.calls.push(args.join(' ').replaceAll(options.cwd, '.'));
    const given = terraform.answer(args, options);
    const [command, second] = args;
    if (command === 'state' && second === 'pull') return run({ stdout: terraform.stored, ...given });
    if (command === 'state' && given === undefined) terraform.stored = readFileSync(args.at(-1)!, 'utf8');
    if (command === 'show') return run({ stdout: JSON.stringify(terraform.plan), ...given });
    return run(given ?? {});
  },
}));

function run(given: Partial<EngineRun>): Promise<EngineRun> {
  return Promise.resolve({ code: 0, stdout: '', log: '', diagnostics: [], ...given });
}

const KEY = 'e/dev/a';
const paper = new PaperRun();
afterAll(() => paper.remove());

const folder = path.join(paper.dir, '.mlterra', 'stacks', 'dev-a');
const journal = new StackJournal(folder);
const CONFIG = { terraform: {}, resource: { terraform_data: { R: {} } } };

beforeEach(() => {
  Object.assign(terraform, { calls: [], stored: '', plan: {}, answer: () => undefined });
  paper.notes.length = 0;
  journal.finish();
  for (const name of ['errored.tfstate', 'errored.tfstate.saved']) {
    rmSync(path.join(folder, name), { force: true });
  }
});

const engine = (config: Record<string, unknown> = CONFIG): StackEngine => {
  const environment = paper.of({ stacks: { [KEY]: { config } } });
  return StackEngine.of(environment, environment.stacks.get(KEY)!, undefined);
};
const nothing = (changes: Partial<Found> = {}): Found => ({
  verdict: 'changed',
  replace: [],
  unsaved: NOTHING_UNSAVED,
  targets: {},
  ...changes,
});
/** Without the init, which only the first of them needs. */
const commands = (): string[] =>
  terraform.calls
    .filter((call) => !call.startsWith('init '))
    .map((call) => call.replace(/ -lock-timeout=\d+s/, ''));
const failing =
  (command: string, given: Partial<EngineRun> = {}) =>
  (args: readonly string[]): Partial<EngineRun> | undefined =>
    args.join(' ').startsWith(command) ? { code: 1, log: 'it broke', ...given } : undefined;
const mark = () => {
  const parsed = parseState(terraform.stored, { name: 's', earlier: 'e' });
  return readStamp((parsed as { readonly state: StateFile }).state)?.open;
};
const creation = {
  format_version: '1.2',
  resource_changes: [
    {
      address: 'terraform_data.R',
      mode: 'managed',
      change: { actions: ['create'], before: null, after: {} },
    },
  ],
};
const head = (changes: Partial<JournalHead> = {}): JournalHead => ({
  run: 'before',
  command: 'apply',
  since: 'then',
  carried: [],
  created: [],
  ...changes,
});

const PLANNING = ['plan -json -out=./saved.plan', 'show -json ./saved.plan'];

describe('a plan', () => {
  it('shows what would be done, and leaves nothing', async () => {
    terraform.plan = creation;
    const { resources } = await engine().plan(['-refresh=false'], NOTHING_UNSAVED);
    expect(resources).toMatchObject([{ address: 'terraform_data.R', action: 'create' }]);
    expect(commands().slice(-2)).toEqual([`${PLANNING[0]} -refresh=false`, PLANNING[1]]);
    expect(existsSync(path.join(folder, 'saved.plan'))).toBe(false);
    expect(terraform.stored).toBe('');
    expect(journal.read()).toBeUndefined();
  });

  it('waits for the lock as long as the request says', async () => {
    await engine().plan([], NOTHING_UNSAVED);
    expect(terraform.calls.find((call) => call.startsWith('plan'))).toMatch(/ -lock-timeout=\d+s/);
  });

  it('is refused while a state is not saved', async () => {
    const stack = engine();
    writeFileSync(path.join(folder, 'errored.tfstate'), '{}');
    await expect(stack.plan([], NOTHING_UNSAVED)).rejects.toThrow(
      expect.objectContaining({ code: 'state-unsaved' }),
    );
    expect(commands()).toEqual([]);
  });

  it('imports what a killed run created, where its address is free', async () => {
    const seen: string[] = [];
    terraform.answer = (args, { cwd }) => {
      const file = path.join(cwd, 'mlterra-imports.tf.json');
      if (args[0] === 'plan') seen.push(existsSync(file) ? readFileSync(file, 'utf8') : '');
      return undefined;
    };
    terraform.plan = creation;
    const free = { address: 'terraform_data.R', id: 'new' };
    await engine().plan([], { ...NOTHING_UNSAVED, adopt: [free] });
    expect(JSON.parse(seen[0]!)).toEqual({ import: [{ to: 'terraform_data.R', id: 'new' }] });
    expect(existsSync(path.join(folder, 'mlterra-imports.tf.json'))).toBe(false);

    // Terraform imports nothing to an address that is taken: what an apply will do is shown in words.
    for (const held of ['drop', 'displace'] as const) {
      seen.length = 0;
      const { resources } = await engine().plan([], {
        ...NOTHING_UNSAVED,
        adopt: [free],
        [held]: [{ address: 'terraform_data.R', id: 'old' }],
      });
      expect(seen).toEqual(['']);
      expect(resources).toEqual([
        { address: 'terraform_data.R', action: 'import', importId: 'new', attributes: [] },
      ]);
    }
  });

  it('replaces what moves under the address it has then', async () => {
    terraform.plan = {
      format_version: '1.2',
      resource_changes: [
        {
          address: 'terraform_data.new',
          previous_address: 'terraform_data.old',
          mode: 'managed',
          change: { actions: ['no-op'], before: {}, after: {} },
        },
        {
          address: 'terraform_data.other',
          previous_address: 'terraform_data.before',
          mode: 'managed',
          change: { actions: ['no-op'], before: {}, after: {} },
        },
      ],
    };
    await engine().plan(['-replace=terraform_data.old'], NOTHING_UNSAVED);
    expect(commands().filter((call) => call.startsWith('plan'))).toEqual([
      'plan -json -out=./saved.plan -replace=terraform_data.old',
      'plan -json -out=./saved.plan -replace=terraform_data.old -replace=terraform_data.new',
    ]);
  });
});

describe('an apply', () => {
  it('marks the state, plans, and applies that plan', async () => {
    let between: ReturnType<typeof mark>;
    terraform.answer = (args) => {
      if (args[0] === 'apply') between = mark();
      return undefined;
    };
    await engine().planAndApply(['-x'], nothing(), () => true);
    expect(commands()).toEqual([
      'state pull',
      'state push ./marked.tfstate',
      `${PLANNING[0]} -x`,
      PLANNING[1],
      'apply -json ./saved.plan',
    ]);
    expect(between).toMatchObject({ run: 'paper', command: 'apply' });
    expect(between).not.toHaveProperty('ended');
    expect(journal.read()).toBeUndefined();
    expect(readdirSync(folder)).not.toContain('saved.plan');
    expect(existsSync(path.join(paper.dir, '.mlterra/applied/dev-a/cdk.tf.json'))).toBe(true);
  });

  it('has a journal while it goes on', async () => {
    let during: unknown;
    terraform.answer = (args, { outputFile, outlives, onStart }) => {
      if (args[0] !== 'apply') return undefined;
      onStart?.(4242);
      during = { head: journal.read()?.head, outputFile, outlives };
      return {};
    };
    const adopt = [{ address: 'terraform_data.R', id: 'i' }];
    const found = nothing({ replace: ['terraform_data.R'], unsaved: { ...NOTHING_UNSAVED, adopt } });
    await engine().planAndApply([], found, () => true);
    expect(during).toEqual({
      head: {
        run: 'paper',
        command: 'apply',
        since: expect.any(String),
        carried: ['terraform_data.R'],
        created: adopt,
        engine: { pid: 4242, started: expect.any(String) },
      },
      outputFile: journal.lines,
      outlives: true,
    });
  });

  it('that is not wanted takes its mark away again', async () => {
    await engine().planAndApply([], nothing(), () => false);
    expect(commands().slice(-4)).toEqual([...PLANNING, 'state pull', 'state push ./marked.tfstate']);
    expect(mark()).toBeUndefined();
    expect(journal.read()).toBeUndefined();
  });

  it.each(['unchanged', 'undecided'] as const)(
    'of what is %s looks before it marks anything',
    async (verdict) => {
      await engine().planAndApply([], nothing({ verdict }), () => false);
      expect(commands()).toEqual(PLANNING);
      terraform.calls.length = 0;
      await engine().planAndApply([], nothing({ verdict }), () => true);
      expect(commands().at(-1)).toBe('apply -json ./saved.plan');
      expect(commands().filter((call) => call.startsWith('plan'))).toHaveLength(2);
    },
  );

  it('that fails leaves a mark that has ended, and no journal', async () => {
    terraform.answer = failing('apply');
    await expect(engine().planAndApply([], nothing(), () => true)).rejects.toThrow(
      expect.objectContaining({
        code: 'engine-failed',
        message: expect.stringContaining('terraform apply failed: it broke'),
      }),
    );
    expect(mark()).toMatchObject({ ended: true });
    expect(journal.read()).toBeUndefined();
  });

  describe('that fails says in the state what is still to be replaced', () => {
    const found = nothing({ replace: ['terraform_data.R', 'terraform_data.S'] });
    beforeEach(() => {
      const state = {
        version: 4,
        terraform_version: '1.11.4',
        serial: 1,
        lineage: 'l',
        outputs: {},
        resources: [],
      };
      const before = { ...head(), host: 'h', process: { pid: 1, started: '' }, creating: [], present: [] };
      const marked = { dependencies: [], hooks: [] };
      terraform.stored = markOpen(JSON.stringify(state), before, marked, {
        engineVersion: '1.11.4',
        drop: [],
      });
    });

    it('all of it, where its plan failed', async () => {
      terraform.answer = failing('plan');
      await expect(engine().planAndApply([], found, () => true)).rejects.toThrow('terraform plan failed');
      expect(mark()).toMatchObject({ ended: true, unfinished: found.replace });
    });

    it('what it did not come to, where its apply failed', async () => {
      const line = (type: string) =>
        JSON.stringify({ type, hook: { resource: { addr: 'terraform_data.S' }, action: 'create' } });
      terraform.answer = (args, { outputFile }) => {
        if (args[0] !== 'apply') return undefined;
        writeFileSync(outputFile!, `${line('apply_start')}\n${line('apply_complete')}\n`);
        return { code: 1, log: 'it broke' };
      };
      await expect(engine().planAndApply([], found, () => true)).rejects.toThrow('it broke');
      expect(mark()).toMatchObject({ ended: true, unfinished: ['terraform_data.R'] });
    });
  });

  describe('whose engine is killed while it stores the mark', () => {
    /** Terraform writes a local state in place. The `nth` push is killed. */
    const torn = (nth: number, rest: Answer = () => undefined): Answer => {
      let pushes = 0;
      return (args, options) => {
        if (args[1] === 'push' && ++pushes === nth) return { code: 137 };
        return rest(args, options);
      };
    };

    it('keeps a journal, from which the state is put back', async () => {
      terraform.answer = torn(1);
      await expect(engine().planAndApply([], nothing(), () => true)).rejects.toThrow(
        expect.objectContaining({ code: 'engine-killed' }),
      );
      expect(commands().at(-1)).toBe('state push ./marked.tfstate');
      expect(journal.read()?.head).toEqual(expect.objectContaining({ run: 'paper', command: 'apply' }));
      expect(journal.read()?.head.engine).toBeUndefined();
    });

    it('keeps it where the apply had failed before', async () => {
      terraform.answer = torn(2, failing('apply'));
      await expect(engine().planAndApply([], nothing(), () => true)).rejects.toThrow(
        'terraform apply failed: it broke',
      );
      expect(journal.read()).toMatchObject({ head: { run: 'paper' } });
    });

    it('keeps it where nothing was to be applied', async () => {
      terraform.answer = torn(2);
      await engine().planAndApply([], nothing(), () => false);
      expect(journal.read()).toMatchObject({ head: { run: 'paper' } });
    });
  });

  it('that fails keeps the journal of what is still to be put right', async () => {
    terraform.answer = failing('apply');
    const adopt = [{ address: 'terraform_data.R', id: 'i' }];
    for (const found of [
      nothing({ replace: ['terraform_data.R'] }),
      nothing({ unsaved: { ...NOTHING_UNSAVED, adopt } }),
    ]) {
      await expect(engine().planAndApply([], found, () => true)).rejects.toThrow();
      expect(journal.read()).toMatchObject({ head: { run: 'paper' } });
      journal.finish();
    }
  });

  it('whose plan fails has begun nothing', async () => {
    terraform.answer = failing('plan');
    await expect(engine().planAndApply([], nothing(), () => true)).rejects.toThrow('terraform plan failed');
    expect(mark()).toBeUndefined();
    expect(journal.read()).toBeUndefined();
  });

  it('whose plan is stale has begun nothing', async () => {
    terraform.answer = failing('apply', {
      diagnostics: [{ severity: 'error', summary: 'Saved plan is stale' }],
    });
    await expect(engine().planAndApply([], nothing(), () => true)).rejects.toThrow(
      expect.objectContaining({ code: 'plan-stale' }),
    );
    expect(mark()).toBeUndefined();
  });

  it('whose engine is killed keeps mark and journal for the next run', async () => {
    terraform.answer = (args) => (args[0] === 'apply' ? { code: 137 } : undefined);
    await expect(engine().planAndApply([], nothing(), () => true)).rejects.toThrow(
      expect.objectContaining({
        code: 'engine-killed',
        message: expect.stringContaining('npx mlterra unlock e -c dev a'),
      }),
    );
    expect(mark()).toMatchObject({ run: 'paper' });
    expect(mark()).not.toHaveProperty('ended');
    expect(journal.read()).toMatchObject({ head: { run: 'paper' } });
  });

  it('whose state could not be stored keeps mark and journal, too', async () => {
    terraform.answer = (args, { cwd }) => {
      if (args[0] !== 'apply') return undefined;
      writeFileSync(path.join(cwd, 'errored.tfstate'), '{}');
      return { code: 1, diagnostics: [{ severity: 'error', summary: 'Failed to save state' }] };
    };
    await expect(engine().planAndApply([], nothing(), () => true)).rejects.toThrow(/Failed to save state/);
    expect(mark()).not.toHaveProperty('ended');
    expect(journal.read()).toBeDefined();
  });

  it('keeps the journal of an earlier run until it begins itself', async () => {
    mkdirSync(folder, { recursive: true });
    journal.begin(head());
    await engine().planAndApply([], nothing(), () => false);
    expect(journal.read()).toMatchObject({ head: { run: 'before' } });
  });

  it('is refused where the state moved since it was read', async () => {
    terraform.answer = failing('state push', { log: 'cannot overwrite existing state with serial 7' });
    await expect(engine().planAndApply([], nothing(), () => true)).rejects.toThrow(
      expect.objectContaining({ code: 'state-moved' }),
    );
    expect(commands().at(-1)).toBe('state push ./marked.tfstate');
    expect(journal.read()).toBeUndefined();
  });

  it('saves the state of an earlier one first', async () => {
    const stack = engine();
    const lost = {
      version: 4,
      terraform_version: '1.11.4',
      serial: 3,
      lineage: 'l',
      outputs: {},
      resources: [],
    };
    writeFileSync(path.join(folder, 'errored.tfstate'), JSON.stringify(lost));
    await stack.planAndApply([], nothing(), () => false);
    expect(commands().slice(0, 2)).toEqual(['state pull', 'state push ./errored.tfstate']);
    expect(readdirSync(folder)).toContain('errored.tfstate.saved');
    expect(paper.notes).toEqual([expect.stringContaining(`${KEY}: saved the state`)]);
  });

  it('is refused where that cannot be saved, and the file stays', async () => {
    const stack = engine();
    writeFileSync(path.join(folder, 'errored.tfstate'), '{"kept":1}');
    terraform.answer = failing('state push');
    await expect(stack.planAndApply([], nothing(), () => true)).rejects.toThrow(
      expect.objectContaining({
        code: 'state-unsaved',
        message: expect.stringMatching(/cannot be saved now either: it broke[^]*terraform state push -force/),
      }),
    );
    expect(readdirSync(folder)).toContain('errored.tfstate');
    expect(commands()).not.toContainEqual(expect.stringContaining('marked'));
  });
});

describe('what the source no longer has', () => {
  const created = { address: 'terraform_data.gone', id: 'i' };
  const found = nothing({ unsaved: { ...NOTHING_UNSAVED, adopt: [created] } });
  const applied = (config: object): void => {
    const kept = path.join(paper.dir, '.mlterra/applied/dev-a');
    mkdirSync(kept, { recursive: true });
    writeFileSync(path.join(kept, 'cdk.tf.json'), JSON.stringify(config));
  };
  const before = { resource: { terraform_data: { gone: {} } } };

  it('is declared for the time of its import, and then planned', async () => {
    applied(before);
    let declared: string[] = [];
    terraform.answer = (args, { cwd, env }) => {
      if (args[0] === 'import') declared = [...readdirSync(cwd), String(env?.['TF_WARN_OUTPUT_ERRORS'])];
      return undefined;
    };
    await engine().planAndApply([], found, () => true);
    const done = commands();
    expect(done.indexOf('import terraform_data.gone i')).toBeGreaterThan(
      done.indexOf('state push ./marked.tfstate'),
    );
    expect(done.indexOf('import terraform_data.gone i')).toBeLessThan(done.indexOf(PLANNING[0]!));
    expect(declared).toEqual(expect.arrayContaining(['mlterra-undeclared.tf.json', '1']));
    expect(readdirSync(folder)).not.toContain('mlterra-undeclared.tf.json');
  });

  it('is an error where the import is refused, and its journal stays', async () => {
    applied(before);
    terraform.answer = failing('import', { log: 'Error: no such object\n\nlook again\n' });
    await expect(engine().planAndApply([], found, () => true)).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringContaining('terraform_data.gone (id i) is refused: no such object look again'),
      }),
    );
    expect(readdirSync(folder)).not.toContain('mlterra-undeclared.tf.json');
  });

  it('is an error where the lock is held, as anywhere', async () => {
    applied(before);
    terraform.answer = failing('import', { log: 'Error acquiring the state lock\n Who: ann@host\n' });
    await expect(engine().planAndApply([], found, () => true)).rejects.toThrow(
      expect.objectContaining({ code: 'state-busy' }),
    );
  });

  it('is an error where an import is killed', async () => {
    applied(before);
    terraform.answer = (args) => (args[0] === 'import' ? { code: 130 } : undefined);
    await expect(engine().planAndApply([], found, () => true)).rejects.toThrow(
      expect.objectContaining({ code: 'engine-killed' }),
    );
  });

  it.each<[string, object, RegExp]>([
    [
      'nobody knows what created it',
      { resource: {} },
      /was created by a source that is not known here any more/,
    ],
    [
      'its provider is gone',
      { resource: { terraform_data: { gone: { provider: 'google.eu' } } } },
      /needs the provider google\.eu, which the source no longer has/,
    ],
  ])('is an error where %s', async (_, config, message) => {
    applied(config);
    const failed = engine().planAndApply([], found, () => true);
    await expect(failed).rejects.toThrow(message);
    await failed.catch((error: unknown) =>
      expect((error as MlterraError).message).toContain(journal.headFile),
    );
    expect(commands()).not.toContainEqual(expect.stringMatching(/^(import|plan|apply)/));
  });

  it('is imported by its type before a destroy, and what is declared by a plan', async () => {
    applied(before);
    const both = nothing({
      unsaved: { ...NOTHING_UNSAVED, adopt: [created, { address: 'terraform_data.R', id: 'j' }] },
    });
    await engine().destroy(['-refresh=false'], both);
    expect(commands().filter((call) => /^(import|apply)/.test(call))).toEqual([
      'import terraform_data.gone i',
      'apply -auto-approve -json -target=terraform_data.R',
      'apply -destroy -auto-approve -json -refresh=false',
    ]);
  });
});

describe('a destroy', () => {
  it('marks the state, destroys, and forgets what was applied', async () => {
    await engine().planAndApply([], nothing(), () => true);
    terraform.calls.length = 0;
    let command: string | undefined;
    terraform.answer = (args) => {
      if (args[0] === 'apply') command = mark()?.command;
      return undefined;
    };
    await engine().destroy(['-x'], nothing());
    expect(commands()).toContain('apply -destroy -auto-approve -json -x');
    expect(command).toBe('destroy');
    expect(existsSync(path.join(paper.dir, '.mlterra/applied/dev-a'))).toBe(false);
    expect(journal.read()).toBeUndefined();
  });

  it('that fails keeps what was applied', async () => {
    await engine().planAndApply([], nothing(), () => true);
    terraform.answer = failing('apply -destroy');
    await expect(engine().destroy([], nothing())).rejects.toThrow('terraform destroy failed: it broke');
    expect(existsSync(path.join(paper.dir, '.mlterra/applied/dev-a'))).toBe(true);
    expect(mark()).toMatchObject({ command: 'destroy', ended: true });
  });
});

it('a stack that is gone from the source has the files it was applied with', async () => {
  const removed = StackEngine.ofRemoved(
    paper.of({ stacks: {} }),
    { key: 'e/dev/old', dependencies: [], hooks: [] },
    'dev-old',
    { configText: '{"resource":{}}', assets: [] },
  );
  await removed.destroy([], nothing());
  const own = path.join(paper.dir, '.mlterra/stacks/dev-old');
  expect(readFileSync(path.join(own, 'cdk.tf.json'), 'utf8')).toBe('{"resource":{}}');
  removed.forget();
  expect(existsSync(own)).toBe(false);
});
