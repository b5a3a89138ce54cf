import { existsSync, readFileSync } from 'node:fs';

/** A resource of a stack of the ledger. */
export interface LedgerResource {
  /** Seconds that its creation takes. */
  readonly seconds: number;
  /** Replaced when it changes. @default '' */
  readonly version?: string;
  /** Names of resources of the stack that it comes after. @default - none */
  readonly after?: readonly string[];
}

/** Stacks by name; each comes after the one before. */
export type LedgerStacks = Readonly<Record<string, Readonly<Record<string, LedgerResource>>>>;

/**
 * Source of an environment whose resources write down when their creation begins and ends and when they are destroyed, each
 * with its id.
 */
export function ledgerEnvironment(
  name: string,
  ledger: string,
  stacks: LedgerStacks,
  backend = 'localState()',
): string {
  return `
import { defineEnvironment, exportOutputs, localState, pgState, s3State, type StackOutput } from '@mlterra/core';
import { DataResource } from 'cdktf';
void [pgState, s3State];
const stacks: Record<string, Record<string, { seconds: number; version?: string; after?: string[] }>> = ${JSON.stringify(stacks)};
export default defineEnvironment({
  name: ${JSON.stringify(name)},
  backend: ${backend},
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    let before: StackOutput | undefined;
    for (const [key, resources] of Object.entries(stacks)) {
      const stack = stage.stack(key);
      const made: Record<string, DataResource> = {};
      for (const [id, { seconds, version = '', after = [] }] of Object.entries(resources)) {
        const line = (what: string) => 'echo "' + what + ' ' + key + '.' + id + ' ' + '\${self.id}' + '" >> ${ledger}';
        made[id] = new DataResource(stack, id, {
          input: { before: before === undefined ? '' : before.at(stack) },
          triggersReplace: { version },
          dependsOn: after.map((other) => made[other]!),
          provisioners: [
            { type: 'local-exec', command: line('begin') + '; sleep ' + seconds + '; ' + line('end') },
            { type: 'local-exec', when: 'destroy', command: line('destroy') },
          ],
        });
      }
      before = exportOutputs(stack, { key }).key;
    }
  },
});
`;
}

/** What was written down, and how it compares with states. */
export class Ledger {
  public constructor(public readonly file: string) {}

  public get lines(): readonly string[] {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8').trim().split('\n') : [];
  }

  /** How often a line such as `end a.R1` was written, whatever the id. */
  public count(begin: string): number {
    return this.lines.filter((line) => line.startsWith(`${begin} `)).length;
  }

  /** Ids of what was created completely and not destroyed, by `<stack>.<resource>`. */
  public get living(): ReadonlyMap<string, readonly string[]> {
    const living = new Map<string, string[]>();
    for (const line of this.lines) {
      const [what, name, id] = line.split(' ') as [string, string, string];
      const ids = living.get(name) ?? [];
      if (what === 'end') living.set(name, [...ids, id]);
      if (what === 'destroy')
        living.set(
          name,
          ids.filter((other) => other !== id),
        );
    }
    return living;
  }

  /** Ids that were destroyed more than once. */
  public get destroyedTwice(): readonly string[] {
    const destroyed = this.lines.filter((line) => line.startsWith('destroy '));
    return destroyed.filter((line, index) => destroyed.indexOf(line) !== index);
  }
}
