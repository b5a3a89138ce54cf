import { join } from 'node:path';
import { removeRecords, writeRecord } from '@mlterra/testing/matrix';

/** What must be seen of each tool before it counts as running on a host, in the words of the contract suites. */
const NEEDED = {
  mlflow: [
    'programs',
    'services',
    'login',
    'database-url',
    'object-store',
    'credentials-by-reference',
    'reachable',
    'data-kept',
  ],
  postgresql: ['server', 'services', 'credentials-by-reference', 'reachable', 'data-kept'],
} as const;

const WORKSPACE = join(__dirname, '../../..');
const LEVEL = 'real server';

type Seen = (typeof NEEDED)[keyof typeof NEEDED][number];

/** Gathers what the tests saw, for the support matrix. */
export class Proofs {
  private readonly seen = new Set<Seen>();

  public constructor() {
    removeRecords(WORKSPACE, (record) => 'level' in record && record.level === LEVEL);
  }

  /** Called at the end of a test, which is not reached when it fails. */
  public add(...seen: readonly Seen[]): void {
    for (const each of seen) this.seen.add(each);
  }

  /** Records the tools of which all was seen. */
  public record(): void {
    for (const [tool, checks] of Object.entries(NEEDED)) {
      if (!checks.every((check) => this.seen.has(check))) continue;
      writeRecord(WORKSPACE, {
        tool,
        provider: 'host',
        way: 'iaas',
        level: LEVEL,
        checks,
      });
    }
  }
}
