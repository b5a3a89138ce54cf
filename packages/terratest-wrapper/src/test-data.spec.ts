import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  cleanupTestData,
  isTestDataPresent,
  loadTerraformOptions,
  loadTestData,
  saveTerraformOptions,
  saveTestData,
} from './test-data';
import { folderWith } from './testing/module-folder';

describe('data that is kept between stages', () => {
  it('is read as it was saved, by the same user only, and not committed', () => {
    const folder = folderWith({});
    const options = { terraformDir: 'x', vars: { password: 'p', nothing: null } };
    saveTerraformOptions(folder, options);
    saveTestData(folder, 'a/b', [1, 'two']);
    expect(loadTerraformOptions(folder)).toEqual(options);
    expect(loadTestData(folder, 'a/b')).toEqual([1, 'two']);
    expect(statSync(join(folder, '.test-data', 'TerraformOptions.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, '.test-data', '.gitignore'), 'utf8')).toBe('*\n');
    cleanupTestData(folder);
    expect(isTestDataPresent(folder, 'a/b')).toBe(false);
  });

  it('is asked for when it is missing', () => {
    expect(() => loadTestData(folderWith({}), 'port')).toThrow(
      /There is no saved port.*run the test once without SKIP_/s,
    );
  });
});
