import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MadeCluster } from './desired-cluster';

/** Below the folder of an environment. */
const FOLDER = join('.mlterra', 'clusters');

/** What is known of a cluster that an environment has made. */
export interface ClusterRecord {
  readonly cluster: MadeCluster;
  readonly stage: string;
  readonly stack: string;
  /** Whether it was made to the end. */
  readonly complete: boolean;
}

/** The clusters that an environment has made on this machine, a file each. Those of others are left alone. */
export class ClusterRecords {
  private readonly folder: string;

  public constructor(
    environmentDir: string,
    private readonly tool: string,
  ) {
    this.folder = join(environmentDir, FOLDER);
  }

  public read(name: string): ClusterRecord | undefined {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8')) as ClusterRecord;
    } catch {
      return undefined;
    }
  }

  public write(record: ClusterRecord): void {
    const file = this.file(record.cluster.name);
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
    renameSync(`${file}.new`, file);
  }

  public remove(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  public all(): readonly ClusterRecord[] {
    try {
      const prefix = `${this.tool}-`;
      const names = readdirSync(this.folder).filter(
        (file) => file.startsWith(prefix) && file.endsWith('.json'),
      );
      return names.sort().flatMap((file) => this.read(file.slice(prefix.length, -'.json'.length)) ?? []);
    } catch {
      return [];
    }
  }

  private file(name: string): string {
    return join(this.folder, `${this.tool}-${name}.json`);
  }
}
