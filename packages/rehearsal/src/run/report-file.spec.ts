import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReportFiles } from './report-file';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mlterra-report-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const result = (environment: string) => ({
  environment,
  levels: {},
  stacks: [],
  seconds: 1,
  error: { message: `no ${environment}` },
});

test('a path with {environment} is a file for each', () => {
  const files = new ReportFiles(join(root, 'a/{environment}.xml'), ['/w/lab', '/w/two']);
  files.add('/w/lab', result('lab'));
  files.add('/w/two', result('two'));
  files.write();
  expect(readdirSync(join(root, 'a'))).toEqual(['lab.xml', 'two.xml']);
  expect(readFileSync(join(root, 'a/two.xml'), 'utf8')).not.toContain('no lab');
});

test('a folder, or a file in a folder that cannot be made, is refused', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => new ReportFiles(root, ['/w/lab'])).toThrow(
    `The report cannot be written to ${root}: it is a folder.`,
  );
  expect(() => new ReportFiles(join(root, 'file/a/b.xml'), ['/w/lab'])).toThrow('its folder cannot be made');
});
