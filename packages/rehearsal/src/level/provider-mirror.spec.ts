import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mirrorSettings } from './mirror-settings';
import { findProviderBinary, mirrorFolder, requireProviderBinary } from './provider-mirror';

const ACME = 'registry.terraform.io/acme/rocket';
const processor = process.arch === 'x64' ? 'amd64' : process.arch;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-mirror-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(version: string, platform = `${process.platform}_${processor}`, mode = 0o755): string {
  const dir = join(folder, ACME, version, platform);
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `terraform-provider-rocket_v${version}_x5`);
  writeFileSync(file, '#!/bin/sh\n', { mode });
  writeFileSync(join(dir, 'LICENSE'), '');
  return file;
}

test.each([
  [['1.9.0', '1.10.0', '0.99.0'], '1.10.0'],
  [['2.0.0-beta1', '1.0.0'], '2.0.0-beta1'],
  [['2.0.0', '2.0.0-beta1'], '2.0.0'],
])('of %j the newest is taken', (versions, newest) => {
  for (const version of versions) put(version);
  expect(findProviderBinary(ACME, folder)).toMatchObject({ source: ACME, version: newest });
});

test('of another system, or what cannot be executed, is passed by', () => {
  const path = put('1.0.0');
  put('2.0.0', 'plan9_386');
  put('3.0.0', undefined, 0o644);
  expect(findProviderBinary(ACME, folder)).toEqual({ source: ACME, version: '1.0.0', path });
});

test('what is not there is told with where it was looked for', () => {
  expect(findProviderBinary(ACME, folder)).toBeUndefined();
  expect(() => requireProviderBinary(ACME, folder)).toThrow(
    `The level hybrid is asked for ${ACME}, and there is no binary of it in ${folder}.`,
  );
});

test('the folder is the one of Terraform, unless another is named', () => {
  const given = process.env['MLTERRA_PROVIDER_MIRROR'];
  delete process.env['MLTERRA_PROVIDER_MIRROR'];
  expect(mirrorFolder()).toMatch(/\.terraform\.d\/plugins$/);
  process.env['MLTERRA_PROVIDER_MIRROR'] = folder;
  expect(mirrorFolder()).toBe(folder);
  if (given === undefined) delete process.env['MLTERRA_PROVIDER_MIRROR'];
  else process.env['MLTERRA_PROVIDER_MIRROR'] = given;
});

test('Terraform installs from the mirror what is in it, and the rest as ever', () => {
  put('1.0.0');
  expect(mirrorSettings([ACME, 'registry.terraform.io/acme/balloon'], folder)).toBe(
    [
      'provider_installation {',
      '  filesystem_mirror {',
      `    path    = ${JSON.stringify(folder)}`,
      `    include = ["${ACME}"]`,
      '  }',
      '  direct {',
      `    exclude = ["${ACME}"]`,
      '  }',
      '}',
      '',
    ].join('\n'),
  );
  expect(mirrorSettings(['registry.terraform.io/acme/balloon'], folder)).toBe('');
});
