import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDataMissing } from './errors';
import type { TerraformOptions } from './terraform-options';

const FOLDER = '.test-data';
const OPTIONS = 'TerraformOptions';

/** Keeps a value as JSON in `<folder>/.test-data/`, for stages that run in another process. Only this user can read it. */
export function saveTestData(folder: string, name: string, value: unknown): void {
  const data = join(folder, FOLDER);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(join(data, '.gitignore'), '*\n');
  writeFileSync(fileOf(folder, name), `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
}

/** Reads what an earlier stage saved; nothing saved is an error. */
export function loadTestData<T>(folder: string, name: string): T {
  const file = fileOf(folder, name);
  if (!existsSync(file)) throw testDataMissing(name, file);
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

export function isTestDataPresent(folder: string, name: string): boolean {
  return existsSync(fileOf(folder, name));
}

/** Removes everything that was saved in a folder. */
export function cleanupTestData(folder: string): void {
  rmSync(join(folder, FOLDER), { recursive: true, force: true });
}

export function saveTerraformOptions(folder: string, options: TerraformOptions): void {
  saveTestData(folder, OPTIONS, options);
}

export function loadTerraformOptions(folder: string): TerraformOptions {
  return loadTestData<TerraformOptions>(folder, OPTIONS);
}

function fileOf(folder: string, name: string): string {
  return join(folder, FOLDER, `${encodeURIComponent(name)}.json`);
}
