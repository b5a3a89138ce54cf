import { callsInTemplate, literalOf, pathsInTemplate } from './calls';
import { factsOfConfig, factsOfFiles } from './module-facts';
import { templateOf, tokensOf } from './tokens';

/** Names of the functions that a JSON string calls, with the first argument where it is a literal. */
function calls(text: string): string[] {
  return callsInTemplate(templateOf(text)).map(({ name, arguments: [first] }) => {
    const literal = literalOf(first, { module: 'M', root: 'R' });
    return literal === undefined ? name : `${name} ${literal}`;
  });
}

describe('calls in a template', () => {
  it.each<[string, string[]]>([
    ['plain', []],
    ['file("/a")', []],
    ['${file("/a")}', ['file /a']],
    ['$${file("/a")} ${upper("x")}', ['upper x']],
    ['$$${file("/a")}', []],
    ['%%{ if file("/a") == "" }', []],
    ['$%{ if file("/a") == "" }x%{ endif }', ['file /a']],
    ['%{ if file("/a") != "" ~}x%{ endif }', ['file /a']],
    ['${~ file("/a") ~}', ['file /a']],
    ['${jsondecode(file("/a"))["k"]}', ['jsondecode', 'file /a']],
    ['${{ "a" = { b = file("/a") } }.a.b}', ['file /a']],
    ['${"}${file("/a")}{"}', ['file /a']],
    ['${"quoted \\" ${upper(file("/a"))}"}', ['upper', 'file /a']],
    ['${"file(\\"/a\\")"}', []],
    ['${"$${file(1)}"}', []],
    ['${file("/a\\u0062")}', ['file /ab']],
    ['${file /* ( */ ("/a")}', ['file /a']],
    ['${upper(/* file("/a") */ "x")}', ['upper x']],
    ['${upper("x" # file("/a")\n)}', ['upper x']],
    ['${file("${path.module}/a")}', ['file M/a']],
    ['${file("${path.module}/${var.x}")}', ['file']],
    ['${file("${upper(path.module)}/a")}', ['file', 'upper']],
    ['${file(var.x)}', ['file']],
    ['${file(cond ? "/a" : "/b")}', ['file']],
    ['${provider::local::direxists("/a")}', ['provider::local::direxists /a']],
    ['${core::file("/a")}', ['file /a']],
    ['${x.file}', []],
    ['${1-file("/a")}', ['file /a']],
    ['${[for f in fileset("/d", "*"): filesha256(f)]}', ['fileset /d', 'filesha256']],
    ['${<<-EOT\n  ${file("/a")} "\n  EOT\n}', ['file /a']],
  ])('%s', (text, expected) => {
    expect(calls(text)).toEqual(expected);
  });

  it.each(['${file("/a"', '${"', '%{ if x', '${<<EOT\nnever'])('%s has no end', (text) => {
    expect(() => templateOf(text)).toThrow(SyntaxError);
  });

  it('notes which folders an expression reads', () => {
    expect(pathsInTemplate(templateOf('${path.cwd}/${upper("${path.module}")}/${x.path.root}'))).toEqual([
      'cwd',
      'module',
    ]);
  });
});

describe('facts of a module', () => {
  const text = `
# module "commented" { source = "./no" }
terraform {
  required_version = ">= 1.5"
  required_providers {
    random = {
      source  = "hashicorp/random" # the usual one
      version = "~> 3.6"
    }
    null = ">= 3.0"
  }
}
variable "size" { default = 1 }
variable "token" {
  type      = string
  ephemeral = true
}
module "inner" {
  source = "../inner"
  items  = [
    for x in var.y : { name = x }
  ]
}
module "net" {
  source  = "terraform-google-modules/network/google"
  version = "9.1.0"
}
data "http" "page" {
  url = "https://example.org/\${var.size}"
}
check "up" {
  data "dns_a_record_set" "a" {
    host = "example.org"
  }
  assert {
    condition = true
    error_message = "}"
  }
}
resource "google_storage_bucket_object" "o" {
  source = "/data/file"
  content = <<EOT
module "not" { source = "./x" }
\${timestamp()}
EOT
}
resource "docker_container" "i" {
  upload { source = "/data/copied" }
  mounts { source = "/data/volume" }
}
locals { a = file("\${path.module}/a") }
`;

  it('are read from native syntax', () => {
    expect(factsOfFiles({ 'main.tf': text, 'README.md': '${file("/x")}' })).toMatchObject({
      data: ['http.page', 'dns_a_record_set.a'],
      variables: ['size'],
      modules: [
        { name: 'inner', source: '../inner' },
        { name: 'net', source: 'terraform-google-modules/network/google', version: '9.1.0' },
      ],
      providers: {
        random: { source: 'hashicorp/random', version: '~> 3.6' },
        null: { version: '>= 3.0' },
        google: {},
        http: {},
        dns: {},
      },
      sources: [['/data/file'], ['/data/copied']],
      calls: [{ name: 'timestamp' }, { name: 'file' }],
    });
  });

  it('are read from JSON', () => {
    const config = {
      terraform: { required_providers: { random: { source: 'hashicorp/random' } } },
      variable: { size: {}, token: { ephemeral: true } },
      module: { inner: { source: './inner', '//': 1 } },
      data: { http: { page: {}, '//': 1 } },
      ephemeral: { random_password: { p: {} } },
      resource: {
        null_resource: { n: [{ source: '/data/file', x: { '${file("/a")}': 1 } }] },
        docker_container: {
          c: { upload: [{ source: '/data/a' }, { source: '/data/b' }], mounts: [{ source: '/data/c' }] },
        },
      },
    };
    expect(factsOfConfig(config)).toMatchObject({
      data: ['http.page'],
      ephemeral: ['random_password.p'],
      variables: ['size'],
      modules: [{ name: 'inner', source: './inner' }],
      providers: { random: { source: 'hashicorp/random' }, null: {}, http: {} },
      sources: [['/data/file'], ['/data/a'], ['/data/b']],
      calls: [{ name: 'file' }],
    });
  });

  it('that cannot be read are told as such', () => {
    expect(factsOfFiles({ 'main.tf': 'locals { a = "' }).unreadable).toBe('main.tf: a text has no end');
    expect(factsOfFiles({ 'main.tf.json': '{' }).unreadable).toContain('main.tf.json');
  });

  it('keeps the order of what is not a comment', () => {
    expect(
      tokensOf('a # b\n/* c */ d // e').map((token) => ('text' in token ? token.text : token.kind)),
    ).toEqual(['a', 'newline', 'd']);
  });
});
