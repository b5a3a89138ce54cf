import { join } from 'node:path';
import { removeRecords, writeRecord } from '@mlterra/testing/matrix';

const WORKSPACE = join(__dirname, '../../..');
const LEVEL = 'real server';

export interface ProofsProps {
  /** Name of the provider's package without its scope, e.g. `host`. */
  readonly provider: string;
  readonly way: 'iaas' | 'paas';
  /** What must be seen of each tool before it counts as running, in the words of the contract suites. */
  readonly needed: Readonly<Record<string, readonly string[]>>;
}

/** Gathers what the tests saw, for the support matrix. */
export class Proofs {
  private readonly seen = new Set<string>();

  public constructor(private readonly props: ProofsProps) {
    const { provider } = props;
    removeRecords(
      WORKSPACE,
      (record) => 'level' in record && record.level === LEVEL && record.provider === provider,
    );
  }

  /** Called at the end of a test, which is not reached when it fails. */
  public add(...seen: readonly string[]): void {
    for (const each of seen) this.seen.add(each);
  }

  /** Records the tools of which all was seen. */
  public record(): void {
    const { provider, way, needed } = this.props;
    for (const [tool, checks] of Object.entries(needed)) {
      if (!checks.every((check) => this.seen.has(check))) continue;
      writeRecord(WORKSPACE, {
        tool,
        provider,
        way,
        level: LEVEL,
        checks,
      });
    }
  }
}
