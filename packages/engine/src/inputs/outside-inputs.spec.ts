import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SynthesizedStack, TerraformConfig } from '../synth/synthesize';
import { outsideInputs, type OutsideInputs } from './outside-inputs';

let root: string;
let workDir: string;
const given: string[] = [];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'mlterra-outside-'));
  workDir = path.join(root, 'work');
  mkdirSync(workDir);
});
afterEach(() => {
  for (const name of given.splice(0)) delete process.env[name];
  rmSync(root, { recursive: true });
});

function put(name: string, text: string): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function set(name: string, value: string): void {
  given.push(name);
  process.env[name] = value;
}

const look = (config: TerraformConfig, stack: Partial<SynthesizedStack> = {}): OutsideInputs =>
  outsideInputs(
    { key: 'e/dev/a', config, assets: [], reads: [], ...stack } as unknown as SynthesizedStack,
    workDir,
  );
const local = (value: string): TerraformConfig => ({ locals: { value } });
const asset = (name: string, text: string): SynthesizedStack['assets'][number] => ({
  path: name,
  content: Buffer.from(text),
});

describe('variables', () => {
  it('count by name, value and stack, where the caller has one', () => {
    const config = { variable: { size: {}, other: {} } };
    expect(look(config).hashes).toEqual({});
    set('TF_VAR_size', 'small');
    const small = look(config).hashes;
    expect(Object.keys(small)).toEqual(['variable size']);
    expect(JSON.stringify(small)).not.toContain('small');
    expect(look(config, { key: 'e/dev/b' }).hashes).not.toEqual(small);
    set('TF_VAR_size', '');
    expect(look(config).hashes).not.toEqual(small);
    expect(look({}).hashes).toEqual({});
  });
});

describe('files', () => {
  it.each([
    'file',
    'filebase64',
    'filebase64sha256',
    'filebase64sha512',
    'filemd5',
    'filesha1',
    'filesha256',
    'filesha512',
    'templatefile',
  ])('count by what is in them: %s', (name) => {
    const file = put('data.txt', '1');
    const config = local(`\${${name}("${file}")}`);
    const before = look(config);
    expect(before).toEqual({ hashes: { [`file ${file}`]: expect.stringMatching(/.{16}/) }, unseen: [] });
    put('data.txt', '2');
    expect(look(config).hashes).not.toEqual(before.hashes);
    rmSync(file);
    expect(look(config).hashes).toEqual({ [`file ${file}`]: 'missing' });
  });

  it('of the stack itself are in its digest already', () => {
    const config = local(
      '${file("./a.txt")} ${file("${path.module}/b.txt")} ${fileexists("c.txt")} ${fileset(".", "*")}',
    );
    expect(look(config)).toEqual({ hashes: {}, unseen: [] });
  });

  it('beside the folder of the stack are not', () => {
    put('work-of-others/a.txt', '1');
    expect(Object.keys(look(local('${file("../work-of-others/a.txt")}')).hashes)).toEqual([
      'file ../work-of-others/a.txt',
    ]);
  });

  it('are named without the folder of the checkout', () => {
    put('a.txt', '1');
    expect(Object.keys(look(local('${file("${path.module}/../a.txt")}')).hashes)).toEqual([
      'file ./../a.txt',
    ]);
  });

  it('count by their existence where nothing else is asked', () => {
    const config = local('${fileexists("../a.txt")}');
    expect(look(config).hashes).toEqual({ 'existence of ../a.txt': 'false' });
    put('a.txt', '1');
    expect(look(config).hashes).toEqual({ 'existence of ../a.txt': 'true' });
  });

  it('count by their names where a folder is listed', () => {
    const config = local('${fileset("../data", "*")}');
    const none = look(config).hashes;
    expect(Object.keys(none)).toEqual(['list of files in ../data']);
    put('data/deep/a.txt', '1');
    const one = look(config).hashes;
    expect(one).not.toEqual(none);
    put('data/deep/a.txt', '2');
    expect(look(config).hashes).toEqual(one);
  });

  it('with a path that only Terraform knows are not seen', () => {
    expect(look(local('${file(var.x)} ${fileset(var.y, "*")} ${fileexists(var.z)}'))).toEqual({
      hashes: {},
      unseen: [
        'it calls file() with a computed path',
        'it calls fileexists() with a computed path',
        'it calls fileset() with a computed path',
      ],
    });
  });
});

describe('templates', () => {
  it('are read for what they read in turn, once', () => {
    put('inner.txt', '1');
    const outer = put('outer.tpl', `\${file("${root}/inner.txt")} \${timestamp()}`);
    const self = put('self.tpl', `\${templatefile("${root}/self.tpl", {})}`);
    const found = look(local(`\${templatefile("${outer}", {})} \${templatefile("${self}", {})}`));
    expect(Object.keys(found.hashes)).toEqual([`file ${root}/inner.txt`, `file ${outer}`, `file ${self}`]);
    expect(found.unseen).toEqual(['it calls timestamp()']);
  });

  it('beside the configuration are read, too', () => {
    const assets = [asset('a.tpl', '${uuid()}')];
    expect(look(local('${templatefile("a.tpl", {})}'), { assets })).toEqual({
      hashes: {},
      unseen: ['it calls uuid()'],
    });
  });

  it('that cannot be read are named', () => {
    const file = put('bad.tpl', '${file("never');
    expect(look(local(`\${templatefile("${file}", {})}`)).unseen).toEqual([
      `it has what cannot be read here: ${file}`,
    ]);
    expect(look(local('${templatefile("../none.tpl", {})}')).unseen).toEqual([]);
  });
});

describe('only a plan knows of', () => {
  it.each(['bcrypt', 'pathexpand', 'plantimestamp', 'templatestring', 'timestamp', 'uuid'])('%s', (name) => {
    expect(look(local(`\${${name}("x")}`)).unseen).toEqual([`it calls ${name}()`]);
  });

  it('functions of providers, but for those of Terraform', () => {
    expect(
      look(local('${provider::local::x()} ${provider::terraform::encode_tfvars({})} ${upper("x")}')).unseen,
    ).toEqual(['it calls provider::local::x()']);
  });

  it('data and ephemeral resources, in their order, unless it is the state of another stack of ours', () => {
    const data = {
      http: { b: {}, a: {} },
      terraform_remote_state: { upstream_dev_up: {}, upstream_dev_other: {} },
    };
    const reads = [{ stack: 'e/dev/up', output: 'o' }] as unknown as SynthesizedStack['reads'];
    expect(look({ data, ephemeral: { vault_token: { t: {} } } }, { reads }).unseen).toEqual([
      'it opens ephemeral.vault_token.t',
      'it reads data.http.a',
      'it reads data.http.b',
      'it reads data.terraform_remote_state.upstream_dev_other',
    ]);
  });

  it('nothing, of a stack that is applied as it was', () => {
    expect(look(local('${timestamp()}'), { frozen: true }).unseen).toEqual([]);
  });
});

it('the folder of the checkout counts where it can be read', () => {
  for (const text of ['${path.cwd}', '${abspath("x")}']) {
    expect(Object.keys(look(local(text)).hashes)).toEqual(['folder of the checkout']);
  }
  expect(look(local('${path.module} ${path.root}')).hashes).toEqual({});
});

describe('modules', () => {
  const call = (source: unknown, version?: string): TerraformConfig => ({
    module: { net: { source, ...(version === undefined ? {} : { version }) } },
  });

  it('in a folder of the machine count by all their files', () => {
    put('net/main.tf', 'output "o" { value = timestamp() }');
    put('net/inner/main.tf', 'data "http" "x" {}');
    put('net/calls.tf', 'module "in" { source = "./inner" }');
    const config = call(path.join(root, 'net'));
    const before = look(config);
    expect(Object.keys(before.hashes)).toEqual([`module ${root}/net`]);
    expect(before.unseen).toEqual([
      'it calls timestamp() in module.net',
      'it reads data.http.x in module.net.in',
    ]);
    put('net/files/a.txt', '1');
    expect(look(config).hashes).not.toEqual(before.hashes);
  });

  it('that are one file count by it', () => {
    const archive = put('net.zip', '1');
    const before = look(call(archive)).hashes;
    expect(Object.keys(before)).toEqual([`file ${archive}`]);
    put('net.zip', '2');
    expect(look(call(archive)).hashes).not.toEqual(before);
  });

  it('that were copied beside the configuration count by their own name', () => {
    const assets = [asset('modules/net/main.tf', 'data "http" "x" {}'), asset('modules/net/a.txt', '1')];
    const before = look(call('./modules/net'), { assets });
    expect(before).toEqual({
      hashes: { 'module net': expect.any(String) },
      unseen: ['it reads data.http.x in module.net'],
    });
    const changed = [assets[0]!, asset('modules/net/a.txt', '2')];
    expect(look(call('./modules/net'), { assets: changed }).hashes).not.toEqual(before.hashes);
  });

  it('that call themselves come to an end', () => {
    put('a/main.tf', 'module "b" { source = "../b" }');
    put('b/main.tf', 'module "again" { source = "../b" }\nmodule "a" { source = "../a" }\ndata "x_y" "z" {}');
    expect(look(call(path.join(root, 'a'))).unseen).toEqual([
      'it reads data.x_y.z in module.net.b',
      'module.net.b.a calls itself',
      'module.net.b.again calls itself',
    ]);
  });

  it('that are called twice are read for both', () => {
    put('a/main.tf', 'module "one" { source = "../b" }\nmodule "two" { source = "../b" }');
    put('b/main.tf', 'data "x_y" "z" {}');
    expect(look(call(path.join(root, 'a'))).unseen).toEqual([
      'it reads data.x_y.z in module.net.one',
      'it reads data.x_y.z in module.net.two',
    ]);
  });

  it('of elsewhere need a fixed version, and are read where they are installed', () => {
    expect(look(call('a/b/c', '~> 1.0')).unseen).toEqual([
      'module.net has no fixed version',
      'module.net is not installed here yet',
    ]);
    put('work/.terraform/modules/net/main.tf', 'data "http" "x" {}\nmodule "in" { source = "./in" }');
    put('work/.terraform/modules/net/in/main.tf', 'output "o" { value = uuid() }');
    put(
      'work/.terraform/modules/modules.json',
      JSON.stringify({
        Modules: [
          { Key: '', Dir: '.' },
          { Key: 'net', Dir: '.terraform/modules/net' },
          { Key: 'net.in', Dir: '.terraform/modules/net/in' },
          { Key: 'nettle', Dir: '.terraform/modules/nettle' },
        ],
      }),
    );
    expect(look(call('a/b/c', '1.2.3')).unseen).toEqual([
      'it calls uuid() in module.net.in',
      'it reads data.http.x in module.net',
    ]);
  });

  it.each([
    ['a/b/c', '1.2.3', true],
    ['a/b/c', '= 1.2.3', true],
    ['a/b/c', '1.2.3-rc.1', true],
    ['a/b/c', '>= 1.2.3', false],
    ['a/b/c', '1.2', false],
    ['a/b/c', undefined, false],
    ['git::https://h/r?ref=v1.2.0', undefined, true],
    ['git::https://h/r?ref=refs/tags/1.2', undefined, true],
    [`git::https://h/r?depth=1&ref=${'a1'.repeat(20)}`, undefined, true],
    ['git::https://h/r?ref=main', undefined, false],
    ['git::https://h/r?ref=v1', undefined, false],
    ['s3::https://h/r.zip?versionId=x', undefined, true],
    ['https://h/r.zip', undefined, false],
  ])('%s %s is fixed: %s', (source, version, fixed) => {
    const unseen = look(call(source, version)).unseen;
    expect(unseen.includes('module.net has no fixed version')).toBe(!fixed);
  });

  it('with a computed source are not seen', () => {
    expect(look(call({ computed: true })).unseen).toEqual(['the source of module.net is computed']);
  });

  it('that cannot be read are named', () => {
    put('net/main.tf', 'x = "never');
    expect(look(call(path.join(root, 'net'))).unseen).toEqual([
      'it has what cannot be read here in module.net: main.tf: a text has no end',
    ]);
  });
});

describe('what providers upload', () => {
  const source = (value: string): TerraformConfig => ({ resource: { a_b: { c: { source: value } } } });

  it('counts, file or folder', () => {
    put('data/a.txt', '1');
    const folder = look(source('../data')).hashes;
    expect(Object.keys(folder)).toEqual(['folder ../data']);
    expect(Object.keys(look(source(`${root}/data/a.txt`)).hashes)).toEqual([`file ${root}/data/a.txt`]);
    put('data/a.txt', '2');
    expect(look(source('../data')).hashes).not.toEqual(folder);
  });

  it.each(['chart-of-a-repository', 'https://h/x.tgz', './in-the-stack', '..', '../none', '${var.x}', '~/x'])(
    'is nothing where it is %s',
    (value) => {
      put('work/in-the-stack/a.txt', '1');
      const { hashes, unseen } = look(source(value));
      expect(Object.keys(hashes).filter((name) => name.startsWith('file '))).toEqual([]);
      expect(unseen).toEqual([]);
    },
  );

  it('is not looked at where it cannot be', () => {
    mkdirSync(path.join(root, 'data'));
    symlinkSync('nowhere', path.join(root, 'data', 'broken'));
    expect(look(source('../data')).unseen).toEqual(['it has the folder ../data, which cannot be looked at']);
  });
});
