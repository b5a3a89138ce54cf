import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderJUnit } from '../report/junit';
import { reportUnusable } from './errors';
import type { RehearsalResult } from './result';

/** Reports in the XML of JUnit: one file, or one for each environment where the path holds `{environment}`. */
export class ReportFiles {
  private readonly results = new Map<string, RehearsalResult[]>();

  /**
   * Makes the folders of the files.
   * @throws MlterraError where a file cannot be written
   */
  public constructor(
    private readonly template: string,
    environmentDirs: readonly string[],
  ) {
    for (const dir of environmentDirs) {
      const file = this.fileOf(dir);
      if (!this.results.has(file)) prepare(file);
      this.results.set(file, []);
    }
  }

  public add(environmentDir: string, result: RehearsalResult): void {
    this.results.get(this.fileOf(environmentDir))?.push(result);
  }

  public write(): void {
    for (const [file, results] of this.results) {
      if (results.length > 0 || this.results.size === 1) writeFileSync(file, renderJUnit(results));
    }
  }

  private fileOf(environmentDir: string): string {
    return path.resolve(this.template.replaceAll('{environment}', path.basename(environmentDir)));
  }
}

function prepare(file: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    throw reportUnusable(file, `its folder cannot be made: ${(error as Error).message}`, error);
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw reportUnusable(file, 'it is a folder');
  }
}
