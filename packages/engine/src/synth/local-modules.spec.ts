import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { placeLocalModules } from './local-modules';

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'mlterra-modules-'));
  folder = path.join(root, 'stack');
});
afterEach(() => rmSync(root, { recursive: true }));

function put(name: string, text: string): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

interface Config {
  readonly module?: Readonly<Record<string, { readonly source?: unknown }>>;
  readonly terraform?: { readonly required_providers?: unknown };
}

/** Places the modules of a configuration, whose relative sources start from `root/environment`. */
function place(config: Config): Config {
  mkdirSync(path.join(root, 'environment'), { recursive: true });
  put('stack/cdk.tf.json', JSON.stringify(config));
  placeLocalModules(folder, path.join(root, 'environment'), 'e/dev/a');
  return JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8')) as Config;
}

const call = (source: unknown): Config => ({ module: { net: { source } } });
const inStack = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

it('a configuration without modules stays as it is, to the byte', () => {
  put('stack/cdk.tf.json', '{"a":1}');
  placeLocalModules(folder, root, 'e/dev/a');
  expect(inStack('cdk.tf.json')).toBe('{"a":1}');
});

it.each(['../net', '../environment/../net', 'absolute'])(
  'a module at %s is copied beside the configuration',
  (at) => {
    put('net/main.tf', 'output "o" { value = 1 }');
    put('net/files/deep/a.txt', 'a');
    for (const name of [
      '.terraform/x',
      '.git/x',
      'terraform.tfstate',
      'node_modules/x',
      '.terraform.lock.hcl',
    ]) {
      put(`net/${name}`, 'no part of it');
    }
    const { module } = place(call(at === 'absolute' ? path.join(root, 'net') : at));
    expect(module).toEqual({ net: { source: './modules/net' } });
    expect(inStack('modules/net/main.tf')).toBe('output "o" { value = 1 }');
    expect(inStack('modules/net/files/deep/a.txt')).toBe('a');
    for (const name of ['.terraform', '.git', 'terraform.tfstate', 'node_modules', '.terraform.lock.hcl']) {
      expect(existsSync(path.join(folder, 'modules/net', name))).toBe(false);
    }
  },
);

it('a module comes with the modules and files that it names, in the places where it finds them', () => {
  put(
    'lib/net/main.tf',
    'module "in" { source = "../inner" }\nlocals { a = file("${path.module}/../../data/a.txt") }',
  );
  put('lib/inner/main.tf', 'module "far" { source = "git::https://h/r" }');
  put('lib/unused/main.tf', '');
  put('data/a.txt', 'a');
  put('data/b.txt', 'b');
  expect(place(call('../lib/net')).module).toEqual({ net: { source: './modules/net/lib/net' } });
  expect(existsSync(path.join(folder, 'modules/net/lib/inner/main.tf'))).toBe(true);
  expect(inStack('modules/net/data/a.txt')).toBe('a');
  expect(existsSync(path.join(folder, 'modules/net/data/b.txt'))).toBe(false);
  expect(existsSync(path.join(folder, 'modules/net/lib/unused'))).toBe(false);
});

it('folders whose names begin alike are not taken for one inside of the other', () => {
  put('lib/net/main.tf', 'module "in" { source = "../network" }');
  put('lib/network/main.tf', '');
  expect(place(call('../lib/net')).module).toEqual({ net: { source: './modules/net/net' } });
  expect(existsSync(path.join(folder, 'modules/net/network/main.tf'))).toBe(true);
});

it('links are copied as what they lead to', () => {
  put('net/main.tf', '');
  put('elsewhere.txt', 'x');
  symlinkSync('../elsewhere.txt', path.join(root, 'net/link.txt'));
  place(call('../net'));
  rmSync(path.join(root, 'elsewhere.txt'));
  expect(inStack('modules/net/link.txt')).toBe('x');
});

it('a module that is an asset already stays where it is, with the providers it needs', () => {
  put('stack/assets/net/main.tf', 'resource "aws_vpc" "v" {}');
  expect(place(call('./assets/net'))).toEqual({
    module: { net: { source: './assets/net' } },
    terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
  });
  expect(existsSync(path.join(folder, 'modules'))).toBe(false);
});

it.each(['hashicorp/consul/aws', 'git::https://h/r', 'net', 5])('%s is no local module', (source) => {
  expect(place(call(source))).toEqual(call(source));
});

it('an archive is no folder to copy', () => {
  const archive = put('net.zip', 'x');
  expect(place(call(archive))).toEqual(call(archive));
});

it('a module that is not there is named, with where it was looked for', () => {
  expect(() => place(call('../none'))).toThrow(
    expect.objectContaining({
      code: 'module-missing',
      message: expect.stringMatching(/e\/dev\/a .*"net" from \.\.\/none.* there is no .*\/none\./),
    }),
  );
});

it('a module that leads to itself is named, with the way', () => {
  put('a/main.tf', 'module "b" { source = "../b" }');
  put('b/main.tf', 'module "c" { source = "../c" }');
  put('c/main.tf', 'module "b" { source = "../b" }');
  expect(() => place(call('../a'))).toThrow(
    expect.objectContaining({
      code: 'module-cycle',
      message: expect.stringContaining(
        `"net" of e/dev/a calls a module that calls itself: ${root}/b -> ${root}/c -> ${root}/b.`,
      ),
    }),
  );
  put('self/main.tf', 'module "s" { source = "./" }');
  expect(() => place(call('../self'))).toThrow(expect.objectContaining({ code: 'module-cycle' }));
});

it('a module that two others call is no cycle', () => {
  put('a/main.tf', 'module "b" { source = "../b" }\nmodule "c" { source = "../c" }');
  put('b/main.tf', 'module "d" { source = "../d" }');
  put('c/main.tf', 'module "d" { source = "../d" }');
  put('d/main.tf', 'module "none" { source = "../none" }');
  expect(place(call('../a')).module).toEqual({ net: { source: './modules/net/a' } });
});

describe('providers of modules', () => {
  const required = (stack: unknown, ...modules: readonly string[]): unknown => {
    const calls = modules.map((text, index) => {
      put(`m${index}/main.tf`, text);
      return [`m${index}`, { source: `../m${index}` }] as const;
    });
    const terraform = stack === undefined ? {} : { terraform: { required_providers: stack } };
    return place({ ...terraform, module: Object.fromEntries(calls) }).terraform?.required_providers;
  };
  const needs = (name: string, source: string, version?: string): string =>
    `terraform {\n required_providers {\n ${name} = { source = "${source}"${version === undefined ? '' : `, version = "${version}"`} }\n}\n}`;

  it('become requirements of the stack', () => {
    expect(
      required(undefined, 'resource "random_id" "r" {}', needs('docker', 'kreuzwerker/docker', '~> 3.0')),
    ).toEqual({
      random: { source: 'hashicorp/random' },
      docker: { source: 'kreuzwerker/docker', version: '~> 3.0' },
    });
  });

  it('that the stack has stay as it has them, by whatever name', () => {
    const stack = { mine: { source: 'hashicorp/random', version: '3.7.2' } };
    expect(required(stack, 'resource "random_id" "r" {}', needs('random', 'random', '1.0'))).toEqual(stack);
  });

  it('of one name and another source get a name of their own', () => {
    const stack = { docker: { source: 'hashicorp/docker' } };
    expect(required(stack, needs('docker', 'kreuzwerker/docker'))).toEqual({
      ...stack,
      docker_0: { source: 'kreuzwerker/docker' },
    });
  });

  it('must fit all modules', () => {
    expect(
      required(undefined, needs('a', 'x/a', '>= 1.0'), needs('a', 'x/a', '< 2.0'), needs('a', 'x/a')),
    ).toEqual({
      a: { source: 'x/a', version: '>= 1.0, < 2.0' },
    });
  });

  it('are none where they are built in', () => {
    expect(required(undefined, needs('terraform', 'terraform.io/builtin/terraform'))).toBeUndefined();
    expect(required(undefined, 'resource "terraform_data" "d" {}')).toBeUndefined();
  });
});
