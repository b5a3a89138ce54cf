import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { DataResource, TerraformHclModule } from 'cdktf';
import { parseFault } from '../parse-fault';
import { rehearseEnvironment, type RehearseOptions } from './rehearse-environment';
import type { RehearsalResult, RehearsedStack } from './result';
import { lab, objects, storage, type Stacks } from './testing/lab';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-rehearsal-')));
const temporaryDir = path.join(root, 't');
beforeAll(() => void mkdirSync(temporaryDir));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => expect(readdirSync(temporaryDir)).toEqual([]));

function rehearse(stacks: Stacks, options: RehearseOptions = {}, stages?: readonly string[]) {
  return rehearseEnvironment(
    { definition: lab(stacks, stages), dir: __dirname },
    { workspaceRoot: root, temporaryDir, parallelism: 2, ...options },
  );
}

function stack(result: RehearsalResult, key: string): RehearsedStack {
  return result.stacks.find((one) => one.key === key)!;
}

/** `{ init: 'passed', plan: 'passed: 2 to create', … }` */
function told(result: RehearsalResult, key: string): Record<string, string> {
  return Object.fromEntries(
    stack(result, key).steps.map(({ name, status, note, error }) => [
      name,
      [status, note ?? error].filter((part) => part !== undefined).join(': '),
    ]),
  );
}

describe('a definition that throws', () => {
  it('is told by its name, and not by a file that is not there', async () => {
    const throwing = (): never => {
      throw new Error('no such zone');
    };
    const { error } = await rehearse({ throwing });
    expect(error?.message).toContain('The environment "lab" failed while it was run');
    expect(error?.message).toContain(': no such zone');
    expect(error?.message).not.toContain(path.join(__dirname, 'environment.ts'));
  });
});

describe('an environment that is right', () => {
  it('goes through every step, and what was there is told', async () => {
    const result = await rehearse({ storage, objects });
    expect(result.error).toBeUndefined();
    expect(result.levels).toEqual({ 'registry.terraform.io/hashicorp/google': 'rehearsal' });
    expect(result.stacks.map(({ key }) => key)).toEqual(['lab/dev/storage', 'lab/dev/objects']);
    expect(told(result, 'lab/dev/objects')).toEqual({
      init: 'passed',
      validate: 'passed',
      plan: 'passed: 2 to create',
      apply: 'passed: 2 created',
      'second plan': 'passed: empty',
      change: expect.stringMatching(/^passed: updates google_storage_bucket_object\.one, for its \w+$/),
      destroy: 'passed: 2 destroyed',
    });
    expect(stack(result, 'lab/dev/storage').outputs).toEqual({
      bucket: { value: 'dev-bucket', sensitive: false },
    });
    expect(
      stack(result, 'lab/dev/objects').resources.find(({ address }) => address.endsWith('.one')),
    ).toMatchObject({
      mode: 'managed',
      provider: 'registry.terraform.io/hashicorp/google',
      values: { bucket: 'dev-bucket', name: 'one' },
    });
  });

  it('is rehearsed by stage, with the steps that are wanted', async () => {
    const without = ['validate', 'second plan', 'change', 'destroy'] as const;
    const result = await rehearse({ storage }, { stage: 'prod', without }, ['dev', 'prod']);
    expect(result.stacks.map(({ key }) => key)).toEqual(['lab/prod/storage']);
    expect(Object.keys(told(result, 'lab/prod/storage'))).toEqual(['init', 'plan', 'apply']);
  });

  it('can be rehearsed twice at once', async () => {
    const results = await Promise.all([rehearse({ storage, objects }), rehearse({ storage, objects })]);
    for (const result of results) {
      expect(result.error).toBeUndefined();
      expect(result.stacks.flatMap(({ steps }) => steps).filter(({ status }) => status === 'failed')).toEqual(
        [],
      );
    }
  });

  it('leaves its folder when asked', async () => {
    const result = await rehearse(
      { storage },
      { keep: true, without: ['validate', 'plan', 'second plan', 'change', 'destroy'] },
    );
    expect(told(result, 'lab/dev/storage')).toEqual({ init: 'passed', apply: 'passed: 1 created' });
    const { keptFolder = '' } = result;
    expect(existsSync(path.join(keptFolder, 'work/dev-storage/cdk.tf.json'))).toBe(true);
    rmSync(keptFolder, { recursive: true });
  });
});

describe('what is synthesised', () => {
  it('runs nothing on the machine, and is destroyed although it says it must not be', async () => {
    const mark = path.join(root, 'ran');
    const result = await rehearse({
      a: (scope) => {
        new DataResource(scope, 'R', {
          input: { value: 'x' },
          lifecycle: { preventDestroy: true },
          provisioners: [
            { type: 'local-exec', command: `touch ${mark}` },
            { type: 'local-exec', when: 'destroy', command: `touch ${mark}` },
          ],
        }).overrideLogicalId('r');
      },
    });
    expect(told(result, 'lab/dev/a')).toMatchObject({
      apply: 'passed: 1 created',
      destroy: 'passed: 1 destroyed, prevent_destroy taken from terraform_data.r',
    });
    expect(existsSync(mark)).toBe(false);
  });

  it('has its modules rehearsed like its own resources', async () => {
    const mark = path.join(root, 'module-ran');
    const files = {
      'net/main.tf': `
terraform {
  required_providers {
    random = {
      source = "hashicorp/random"
    }
  }
}
module "inner" {
  source = "../inner"
}
resource "random_pet" "name" {
  length = 2
}
output "name" {
  value = random_pet.name.id
}`,
      'inner/main.tf': `
resource "terraform_data" "i" {
  provisioner "local-exec" {
    command = "touch ${mark}"
  }
  lifecycle {
    prevent_destroy = true
  }
}`,
    };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, 'modules', file)), { recursive: true });
      writeFileSync(path.join(root, 'modules', file), text);
    }
    const result = await rehearse({
      a: (scope) => {
        const net = new TerraformHclModule(scope, 'net', { source: path.join(root, 'modules', 'net') });
        new DataResource(scope, 'R', { input: { name: net.getString('name') } }).overrideLogicalId('r');
      },
    });
    expect(result.error).toBeUndefined();
    expect(told(result, 'lab/dev/a')).toMatchObject({
      apply: 'passed: 3 created',
      'second plan': 'passed: empty',
      destroy: 'passed: 3 destroyed, prevent_destroy taken from module.net.module.inner.terraform_data.i',
    });
    expect(existsSync(mark)).toBe(false);
  });

  it.each([
    [
      'calls a module that is missing',
      (scope: Parameters<Stacks[string]>[0]) => scope.addOverride('module.m', { source: './module' }),
      /The stack lab\/dev\/a calls the Terraform module "m" from \.\/module, and there is no .*\/module\./,
    ],
    [
      'uses a provider without a binding',
      (scope: Parameters<Stacks[string]>[0]) =>
        scope.addOverride('resource.nosuch_thing', { x: { name: 'y' } }),
      /hashicorp\/nosuch cannot be rehearsed: no binding/,
    ],
    [
      'reads a state that is not of the environment',
      (scope: Parameters<Stacks[string]>[0]) =>
        scope.addOverride('data.terraform_remote_state.other', { backend: 'local', config: { path: 'x' } }),
      /reads data\.terraform_remote_state\.other, which is no state of this environment/,
    ],
  ])('is refused before any work where it %s', async (_what, build, message) => {
    const result = await rehearse({ a: build });
    expect(result.stacks).toEqual([]);
    expect(result.error?.message).toMatch(message);
  });
});

describe('an environment that is wrong', () => {
  it('is told with address and line; what depends on it is not tried', async () => {
    const result = await rehearse({
      storage: (scope, outputs) => {
        storage(scope, outputs);
        scope.addOverride('resource.google_storage_bucket.bucket.nosuch', 'x');
      },
      objects,
    });
    expect(told(result, 'lab/dev/storage')['validate']).toMatch(
      /^failed: terraform validate failed: google_storage_bucket\.bucket \(dev-storage\/bucket\): Extraneous JSON object property\n.*"nosuch"/s,
    );
    expect(told(result, 'lab/dev/objects')).toEqual({ init: 'skipped: not tried: lab/dev/storage failed' });
  });

  it('whose second plan is not empty is told with the attribute that differs', async () => {
    const result = await rehearse({
      a: (scope) =>
        void new DataResource(scope, 'R', { input: { at: '${timestamp()}' } }).overrideLogicalId('r'),
    });
    expect(told(result, 'lab/dev/a')['second plan']).toMatch(
      /^failed: The second plan is not empty:\n {2}update terraform_data\.r\n {4}input/,
    );
    expect(told(result, 'lab/dev/a')['destroy']).toBe('passed: 1 destroyed');
  });

  it('has stages that are known', async () => {
    const result = await rehearse({ storage }, { stage: 'nosuch' });
    expect(result.error).toMatchObject({ code: 'stage-unknown' });
  });
});

describe('a fault', () => {
  const object = 'google_storage_bucket_object';

  it('in a create is resumed from', async () => {
    const result = await rehearse(
      { storage, objects },
      { faults: [{ kind: 'fail-create', type: object, nth: 2 }] },
    );
    expect(told(result, 'lab/dev/objects')).toMatchObject({
      apply: expect.stringMatching(
        /^passed: failed as asked: google_storage_bucket_object\.\w+: Create failed$/,
      ),
      resume: 'passed: 1 created',
      'second plan': 'passed: empty',
      destroy: 'passed: 2 destroyed',
    });
  });

  it('in time replaces what was not ready', async () => {
    const faults = [{ kind: 'time-out', type: 'google_storage_bucket', nth: 1 }] as const;
    const result = await rehearse({ storage }, { faults, without: ['validate', 'change'] });
    expect(told(result, 'lab/dev/storage')).toMatchObject({
      resume: 'passed: 1 created, 1 destroyed',
      'second plan': 'passed: empty',
    });
  });

  it('of somebody else is seen as drift, in the stack that is named', async () => {
    const address = 'google_storage_bucket.bucket';
    const stack = 'lab/prod/storage';
    const faults = [{ kind: 'drift', stack, address, attribute: 'force_destroy', value: true }] as const;
    const result = await rehearse({ storage }, { faults, without: ['validate', 'change'] }, ['dev', 'prod']);
    expect(result.error).toBeUndefined();
    expect(told(result, 'lab/prod/storage')['drift']).toContain('force_destroy: false -> true');
    expect(told(result, 'lab/dev/storage')['drift']).toBeUndefined();
  });

  it('in a destroy is tried again', async () => {
    const faults = [{ kind: 'refuse-destroy', type: 'google_storage_bucket', times: 2 }] as const;
    const result = await rehearse({ storage }, { faults, without: ['validate', 'second plan', 'change'] });
    expect(told(result, 'lab/dev/storage')['destroy']).toBe('passed: refused 2 times as asked, 1 destroyed');
  });

  it('that replaces on a change is seen by the change', async () => {
    const faults = [
      { kind: 'replace-on-change', type: 'google_storage_bucket', attribute: 'location' },
    ] as const;
    const result = await rehearse({ storage }, { faults });
    expect(told(result, 'lab/dev/storage')['change']).toBe(
      'passed: replaces google_storage_bucket.bucket, for its location',
    );
  });

  it('of somebody else hits the one named, although all have the same id', async () => {
    const faults = [
      { kind: 'drift', address: 'random_password.two', attribute: 'length', value: 99 },
      { kind: 'fail-create', type: 'random_password', nth: 1 },
    ] as const;
    const passwords: Stacks[string] = (scope) => {
      new RandomProvider(scope, 'random');
      for (const name of ['one', 'two', 'three']) {
        new Password(scope, name, { length: 20 }).overrideLogicalId(name);
      }
    };
    const result = await rehearse({ passwords }, { faults, without: ['validate', 'change'] });
    expect(told(result, 'lab/dev/passwords')).toMatchObject({
      'second plan': 'passed: empty',
      drift: 'passed: update random_password.two; length: 20 -> 99',
    });
    expect(result.error).toBeUndefined();
  });

  it.each<[string, RegExp]>([
    [
      `fail-create:${object}:3`,
      /cannot happen: google_storage_bucket_object is created 2 times\.\n.*a count from 1 to 2/,
    ],
    [
      'time-out:google_storage_buket:1',
      /no stack has a google_storage_buket\.\n.*did you mean google_storage_bucket\?/,
    ],
    ['refuse-destroy:terraform_data:1', /terraform_data is of Terraform itself, which is not played\./],
    ['drift:terraform_data.r:input:1', /terraform_data is of Terraform itself, which is not played\./],
    ['drift:google_storage_bucket.buckt:location:x', /did you mean google_storage_bucket\.bucket\?/],
    ['drift:google_storage_bucket.bucket:locaton:x', /has no attribute locaton\.\n.*did you mean location\?/],
    [
      'drift:google_storage_bucket.bucket:force_destroy:maybe',
      /"maybe" is no value of google_storage_bucket\.force_destroy\.\n.*bool/,
    ],
    ['drift:google_storage_bucket.bucket:versioning:x', /versioning is a block.*\n.*versioning\.enabled/],
    ['replace-on-change:google_storage_bucket:nosuch', /google_storage_bucket has no attribute nosuch\./],
    [
      'drift:lab/dev/objects/google_storage_bucket.bucket:location:x',
      /lab\/dev\/objects has no google_storage_bucket\.bucket\.\n.*lab\/dev\/storage\/google_storage_bucket\.bucket/,
    ],
  ])('%s is refused before the run', async (fault, message) => {
    const data: Stacks[string] = (scope) =>
      void new DataResource(scope, 'R', { input: { value: 'x' } }).overrideLogicalId('r');
    const result = await rehearse({ storage, objects, data }, { faults: [parseFault(fault)] });
    expect(result.stacks).toEqual([]);
    expect(result.error?.message).toMatch(message);
  });

  it('of an address that several stacks have is refused, and they are listed', async () => {
    const faults = [parseFault('drift:google_storage_bucket.bucket:location:x')];
    const result = await rehearse({ storage }, { faults }, ['dev', 'prod']);
    expect(result.stacks).toEqual([]);
    expect(result.error?.message).toMatch(
      /2 stacks have the address\.\n.*lab\/dev\/storage\/google_storage_bucket\.bucket, lab\/prod\/storage\/google/,
    );
  });

  it('that cannot happen is left out where it may happen elsewhere', async () => {
    const misfits: string[] = [];
    const faults = [parseFault('fail-create:nosuch_type:1')];
    const onMisfit: RehearseOptions['onMisfit'] = (_fault, { message }) => void misfits.push(message);
    const result = await rehearse({ storage }, { faults, onMisfit, without: ['validate', 'change'] });
    expect(result.error).toBeUndefined();
    expect(misfits).toEqual([expect.stringContaining('no stack has a nosuch_type')]);
  });

  it('that never happens is an error', async () => {
    const faults = [{ kind: 'refuse-destroy', type: object, times: 1 }] as const;
    const without = ['validate', 'second plan', 'change', 'destroy'] as const;
    const result = await rehearse({ storage, objects }, { faults, without });
    expect(result.error?.message).toMatch(/did not happen: refuse-destroy:google_storage_bucket_object:1\./);
  });
});

describe('a folder for temporary files', () => {
  it.each([
    ['does not exist', 'nosuch', 'it does not exist'],
    ['is a file', 'file', 'it does not exist'],
  ])('that %s is one clear error', async (_what, name, why) => {
    writeFileSync(path.join(root, 'file'), '');
    const result = await rehearse({ storage }, { temporaryDir: path.join(root, name) });
    expect(result.error?.message).toContain(
      `A rehearsal needs a temporary folder, and ${path.join(root, name)} cannot be used: ${why}.`,
    );
  });
});

it('stops when it is told to', async () => {
  const stop = new AbortController();
  const result = await rehearse(
    { storage, objects },
    { signal: stop.signal, onStep: (_key, { name }) => name === 'plan' && stop.abort() },
  );
  expect(result.error).toMatchObject({ code: 'rehearsal-stopped' });
});
