import { factsOfConfig, factsOfFiles, isModuleFile, type ModuleFacts } from './module-facts';

/** Facts of one file of Terraform's own syntax. */
const native = (text: string): ModuleFacts => factsOfFiles({ 'main.tf': text });

/** Sources without the expressions in them. */
const sourcesOf = ({ sources }: ModuleFacts): unknown[] =>
  sources.map((parts) => parts.map((part) => (typeof part === 'string' ? part : '…')).join(''));

it.each([
  ['main.tf', true],
  ['main.tf.json', true],
  ['main.tofu', true],
  ['main.tofu.json', true],
  ['main.tfvars', false],
  ['main.json', false],
  ['main.tf.bak', false],
])('%s is part of a module: %s', (name, expected) => {
  expect(isModuleFile(name)).toBe(expected);
});

/** The same module in both syntaxes. */
const MODULE = {
  native: `
    terraform {
      required_providers {
        google = { source = "hashicorp/google", version = "~> 7.0" }
        random = "3.7.2"
        docker = {
          source : "kreuzwerker/docker" # the one of today
        }
      }
    }
    variable "size" {}
    variable "token" { ephemeral = true }
    variable "plain" { ephemeral = false }
    data "http" "page" { url = "https://e" }
    check "up" {
      data "tls_certificate" "c" {}
    }
    ephemeral "vault_token" "t" {}
    resource "null_resource" "run" {
      provisioner "local-exec" {
        command = "\${file("/c")} \${path.cwd}"
      }
      lifecycle {
        prevent_destroy = true
      }
    }
    resource "terraform_data" "plain" {
      lifecycle { prevent_destroy = false }
    }
    resource "google_storage_bucket_object" "o" { source = "./data.bin" }
    resource "docker_container" "c" {
      upload { source = "/etc/motd" }
      mounts { source = "/not/read" }
    }
    module "net" {
      source  = "terraform-google-modules/network/google"
      version = "9.1.0"
    }
    module "computed" { source = "\${var.size}/x" }
  `,
  json: JSON.stringify({
    '//': { data: { none: { none: {} } } },
    terraform: {
      required_providers: [
        {
          google: { source: 'hashicorp/google', version: '~> 7.0' },
          random: '3.7.2',
          docker: { source: 'kreuzwerker/docker' },
          '//': { source: 'no/provider' },
        },
      ],
    },
    variable: { size: {}, token: { ephemeral: true }, plain: { ephemeral: false }, '//': 'a comment' },
    data: { http: { page: { url: 'https://e' }, '//': {} } },
    check: { up: { data: { tls_certificate: { c: {} } } } },
    ephemeral: { vault_token: { t: {} } },
    resource: {
      null_resource: {
        run: {
          provisioner: [{ 'local-exec': { command: '${file("/c")} ${path.cwd}' } }],
          lifecycle: [{ prevent_destroy: true }],
        },
      },
      terraform_data: { plain: { lifecycle: { prevent_destroy: false } } },
      google_storage_bucket_object: { o: { source: './data.bin' } },
      docker_container: { c: { upload: [{ source: '/etc/motd' }], mounts: { source: '/not/read' } } },
    },
    module: {
      net: { source: 'terraform-google-modules/network/google', version: '9.1.0' },
      computed: { source: 5 },
    },
  }),
};

describe.each([
  ['native', { 'main.tf': MODULE.native }],
  ['JSON', { 'main.tf.json': MODULE.json }],
])('a module in %s syntax', (_, files) => {
  const facts = factsOfFiles({ ...files, 'notes.md': 'data "x" "y" {}' });

  it('says what it reads from outside', () => {
    expect(facts.data).toEqual(['http.page', 'tls_certificate.c']);
    expect(facts.ephemeral).toEqual(['vault_token.t']);
    expect(facts.variables).toEqual(['size', 'plain']);
    expect(facts.calls.map(({ name }) => name)).toEqual(['file']);
    expect(facts.readsFolder).toBe(true);
    expect(facts.unreadable).toBeUndefined();
  });

  it('says which resources run provisioners, and which Terraform does not destroy', () => {
    expect(facts.resources).toEqual([
      { address: 'null_resource.run', provisioned: true, protected: true },
      { address: 'terraform_data.plain', provisioned: false, protected: false },
      { address: 'google_storage_bucket_object.o', provisioned: false, protected: false },
      { address: 'docker_container.c', provisioned: false, protected: false },
    ]);
  });

  it('says which providers it needs, those of its types too, and none for what is built in', () => {
    expect(facts.providers).toEqual({
      google: { source: 'hashicorp/google', version: '~> 7.0' },
      random: { version: '3.7.2' },
      docker: { source: 'kreuzwerker/docker' },
      http: {},
      tls: {},
      vault: {},
      null: {},
    });
  });

  it('names the modules it calls, without a source that is computed', () => {
    expect(facts.modules).toEqual([
      { name: 'net', source: 'terraform-google-modules/network/google', version: '9.1.0' },
      { name: 'computed' },
    ]);
  });

  it('names the files that providers upload, and no mount', () => {
    expect(sourcesOf(facts)).toEqual(['./data.bin', '/etc/motd']);
  });
});

it('what files say is put together, and a provider may be named in two of them', () => {
  const facts = factsOfFiles({
    'a.tf': 'resource "aws_vpc" "a" {}\ndata "aws_region" "r" {}\noutput "o" { value = path.cwd }',
    'b.tf.json': JSON.stringify({
      terraform: { required_providers: { aws: { version: '5.1.0' } } },
      ephemeral: { aws_secret: { s: {} } },
      module: { m: { source: './m' } },
      variable: { v: {} },
      output: { o: { value: '${timestamp()}' } },
    }),
    'c.tf': 'terraform {\n required_providers {\n aws = { source = "hashicorp/aws" }\n}\n}',
  });
  expect(facts).toMatchObject({
    providers: { aws: { source: 'hashicorp/aws', version: '5.1.0' } },
    data: ['aws_region.r'],
    ephemeral: ['aws_secret.s'],
    modules: [{ name: 'm', source: './m' }],
    variables: ['v'],
    readsFolder: true,
    resources: [{ address: 'aws_vpc.a' }],
  });
  expect(facts.calls.map(({ name }) => name)).toEqual(['timestamp']);
});

describe('what cannot be read', () => {
  it('is named with its file, and does not hide the others', () => {
    const facts = factsOfFiles({ 'a.tf': 'x = "never ended', 'b.tf': 'data "a_b" "c" {}', 'c.tf.json': '{' });
    expect(facts.unreadable).toBe('a.tf: a text has no end');
    expect(facts.data).toEqual(['a_b.c']);
    expect(factsOfFiles({ 'c.tf.json': '{' }).unreadable).toMatch(/^c\.tf\.json: .*JSON/);
  });

  it('is named by the beginning of its text, in a configuration', () => {
    const text = `\${file("/a" ${'x'.repeat(100)}`;
    const facts = factsOfConfig({
      locals: { a: text, b: '${timestamp()}' },
      resource: { t: { n: { source: text } } },
    });
    expect(facts.unreadable).toBe(text.slice(0, 60));
    expect(facts.calls.map(({ name }) => name)).toEqual(['timestamp']);
    expect(facts.sources).toEqual([]);
  });
});

describe('a configuration', () => {
  it('may hold lists of blocks, and comments anywhere', () => {
    const facts = factsOfConfig({
      data: [{ http: [{ a: {} }, { b: {} }] }, { '//': { c: {} } }],
      resource: [{ t_x: [{ one: [{ provisioner: {} }] }] }, { t_x: { two: {} } }],
      locals: { '//': '${timestamp()}', nested: [{ deep: ['${uuid()}'] }] },
    });
    expect(facts.data).toEqual(['http.a', 'http.b']);
    expect(facts.resources.map(({ address, provisioned }) => [address, provisioned])).toEqual([
      ['t_x.one', true],
      ['t_x.two', false],
    ]);
    expect(facts.calls.map(({ name }) => name)).toEqual(['uuid']);
    expect(facts.readsFolder).toBe(false);
  });

  it('calls functions in the keys of objects, too', () => {
    const facts = factsOfConfig({ locals: { a: { '${file("/k")}': 1 } } });
    expect(facts.calls.map(({ name }) => name)).toEqual(['file']);
  });

  it('without anything says nothing', () => {
    expect(factsOfConfig({})).toEqual({
      calls: [],
      readsFolder: false,
      data: [],
      ephemeral: [],
      resources: [],
      variables: [],
      modules: [],
      providers: {},
      sources: [],
    });
  });
});

describe('sources of providers', () => {
  it.each(['source', 'source_file', 'source_dir', 'chart'])('are read by %s', (name) => {
    expect(sourcesOf(native(`resource "a_b" "c" {\n ${name} = "./x"\n}`))).toEqual(['./x']);
    expect(sourcesOf(factsOfConfig({ resource: { a_b: { c: { [name]: './x' } } } }))).toEqual(['./x']);
  });

  it('may be computed, but are texts', () => {
    expect(sourcesOf(native('resource "a_b" "c" {\n source = "${path.module}/x"\n}'))).toEqual(['…/x']);
    expect(sourcesOf(native('resource "a_b" "c" {\n source = var.x\n}'))).toEqual([]);
    expect(sourcesOf(native('resource "a_b" "c" {\n source = "a" == "b" ? "c" : "d"\n}'))).toEqual([]);
    expect(sourcesOf(native('data "a_b" "c" {\n source = "./x"\n}'))).toEqual([]);
    expect(sourcesOf(factsOfConfig({ resource: { a_b: { c: { source: 7 } } } }))).toEqual([]);
  });
});
