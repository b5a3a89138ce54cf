import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WorkDir } from './work-dir';

let root: string;
let dir: WorkDir;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'mlterra-work-'));
  dir = new WorkDir(root, 'dev-a');
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (name: string): string => path.join(dir.path, name);
const rights = (file: string): number => statSync(file).mode & 0o777;
const put = (name: string, text = ''): void => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};
const script = { path: 'assets/run.sh', content: Buffer.from('#!'), executable: true };

it('lies in the environment, for its owner alone', () => {
  dir.write({ configText: '{}', assets: [] });
  expect(dir.path).toBe(path.join(root, '.mlterra', 'stacks', 'dev-a'));
  expect([rights(dir.path), rights(at('cdk.tf.json'))]).toEqual([0o700, 0o600]);
});

it('has the files of the stack', () => {
  dir.write({ configText: '{"c":1}', overlayText: '{"o":1}', lockText: 'lock', assets: [script] });
  const text = (name: string): string => readFileSync(at(name), 'utf8');
  expect(text('cdk.tf.json')).toBe('{"c":1}');
  expect(text('mlterra.tf.json')).toBe('{"o":1}');
  expect(rights(at('mlterra.tf.json'))).toBe(0o600);
  expect(text('.terraform.lock.hcl')).toBe('lock');
  expect(rights(at('assets/run.sh')) & 0o100).toBe(0o100);
});

it('keeps what Terraform and the journal need, and nothing else of earlier versions', () => {
  dir.write({ configText: '{}', overlayText: '{}', lockText: 'x', assets: [script] });
  for (const kept of ['.terraform/providers/p', 'errored.tfstate', 'journal.json', 'journal.jsonl'])
    put(kept);
  // Another workspace would be another state.
  put('.terraform/environment', 'other');
  for (const old of ['old.tf.json', 'saved.plan', 'mlterra-imports.tf.json', 'old/deep.txt']) put(old);
  dir.write({ configText: '{}', assets: [] });
  expect(readdirSync(dir.path).sort()).toEqual([
    '.terraform',
    'cdk.tf.json',
    'errored.tfstate',
    'journal.json',
    'journal.jsonl',
  ]);
  expect(readdirSync(at('.terraform'))).toEqual(['providers']);
});

it('closes to others what Terraform left readable', () => {
  dir.write({ configText: '{}', assets: [] });
  for (const name of ['errored.tfstate', 'errored.tfstate.saved', '.terraform/terraform.tfstate']) put(name);
  dir.close();
  for (const name of ['errored.tfstate', 'errored.tfstate.saved', '.terraform/terraform.tfstate']) {
    expect(rights(at(name))).toBe(0o600);
  }
});

describe('what was applied', () => {
  it('is what was written last, until an apply says so', () => {
    expect(dir.appliedFiles()).toBeUndefined();
    expect(dir.appliedConfig()).toBeUndefined();
    dir.write({ configText: '{"v":1}', assets: [] });
    expect(dir.appliedFiles()).toEqual({ configText: '{"v":1}', assets: [] });
    expect(dir.appliedConfig()).toBeUndefined();
  });

  it('outlives later plans, with its assets and lock and without what runs left', () => {
    dir.write({ configText: '{"v":1}', overlayText: '{}', lockText: 'lock', assets: [script] });
    for (const left of [
      'saved.plan',
      'mlterra-imports.tf.json',
      'terraform.tfstate.backup',
      'journal.json',
      '.terraform/x',
    ])
      put(left);
    dir.keepApplied();
    dir.write({ configText: '{"v":2}', assets: [] });
    expect(dir.appliedFiles()).toEqual({ configText: '{"v":1}', lockText: 'lock', assets: [script] });
    expect(dir.appliedConfig()).toEqual({ v: 1 });
    expect(rights(path.join(root, '.mlterra', 'applied', 'dev-a'))).toBe(0o700);
    dir.keepApplied();
    expect(dir.appliedFiles()).toEqual({ configText: '{"v":2}', assets: [] });
  });

  it('is known whenever a kill comes while it is kept', () => {
    dir.write({ configText: '{"v":1}', lockText: 'lock', assets: [script] });
    dir.keepApplied();
    const applied = path.join(root, '.mlterra', 'applied', 'dev-a');
    const first = { configText: '{"v":1}', lockText: 'lock', assets: [script] };
    // Before the next one is whole.
    mkdirSync(`${applied}.next/assets`, { recursive: true });
    dir.write({ configText: '{"v":2}', assets: [] });
    expect(dir.appliedFiles()).toEqual(first);
    // Between the one and the other.
    writeFileSync(`${applied}.next/cdk.tf.json`, '{"v":2}');
    renameSync(applied, `${applied}.last`);
    dir.write({ configText: '{"v":3}', assets: [] });
    expect(dir.appliedFiles()).toEqual({ configText: '{"v":2}', assets: [] });
    // What is left is no matter for the next one.
    dir.forgetApplied();
    expect(readdirSync(path.dirname(applied))).toEqual([]);
    dir.keepApplied();
    expect(dir.appliedConfig()).toEqual({ v: 3 });
    expect(readdirSync(path.dirname(applied))).toEqual(['dev-a']);
  });

  it('is forgotten after a destroy, and with the folder', () => {
    dir.write({ configText: '{}', assets: [] });
    dir.keepApplied();
    dir.forgetApplied();
    expect(dir.appliedConfig()).toBeUndefined();
    dir.keepApplied();
    dir.remove();
    expect([existsSync(dir.path), dir.appliedFiles()]).toEqual([false, undefined]);
  });
});

it('says where a state lies that could not be saved', () => {
  dir.write({ configText: '{}', assets: [] });
  expect(dir.erroredState).toBeUndefined();
  put('errored.tfstate');
  expect(dir.erroredState).toBe(at('errored.tfstate'));
});

it('is tidied of the plan and the journal of a run that was cut off', () => {
  dir.write({ configText: '{}', assets: [] });
  for (const name of ['saved.plan', 'journal.json', 'journal.jsonl']) put(name);
  dir.tidy();
  expect(readdirSync(dir.path)).toEqual(['cdk.tf.json']);
  dir.tidy();
});

it('takes a file for the time of one command', () => {
  dir.write({ configText: '{}', assets: [] });
  dir.add('more.tf.json', '{}');
  expect(rights(at('more.tf.json'))).toBe(0o600);
  dir.removeFile('more.tf.json');
  dir.removeFile('more.tf.json');
  expect(existsSync(at('more.tf.json'))).toBe(false);
});
