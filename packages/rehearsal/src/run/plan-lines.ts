/** What `terraform plan -json` or `apply -json` said, line by line. */
export interface PlanLines {
  readonly changes: readonly { readonly address: string; readonly action: string }[];
  readonly drift: readonly string[];
  /** Outputs that change. */
  readonly outputs: readonly string[];
  readonly counts?: Counts;
}

export interface Counts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  readonly import?: number;
}

/** A message; only the fields that are used. */
interface Message {
  readonly type?: string;
  readonly change?: { readonly resource?: { readonly addr?: string }; readonly action?: string };
  readonly changes?: Counts;
  readonly outputs?: Readonly<Record<string, { readonly action?: string }>>;
}

export function readPlanLines(stdout: string): PlanLines {
  const changes: { address: string; action: string }[] = [];
  const drift: string[] = [];
  let outputs: string[] = [];
  let counts: Counts | undefined;
  for (const line of stdout.split('\n')) {
    if (!/"type":"(planned_change|resource_drift|change_summary|outputs)"/.test(line)) continue;
    const message = JSON.parse(line) as Message;
    const { addr = '' } = message.change?.resource ?? {};
    if (message.type === 'planned_change')
      changes.push({ address: addr, action: message.change?.action ?? '' });
    else if (message.type === 'resource_drift') drift.push(addr);
    else if (message.type === 'change_summary') counts = message.changes;
    else if (message.type === 'outputs') {
      outputs = Object.entries(message.outputs ?? {})
        .filter(([, { action }]) => action !== undefined && action !== 'noop')
        .map(([name]) => name);
    }
  }
  return { changes, drift, outputs, ...(counts === undefined ? {} : { counts }) };
}

/** `7 created, 1 changed`; `to create` and so on where it is planned. */
export function tellCounts(counts: Counts | undefined, planned: boolean): string {
  const { add = 0, change = 0, remove = 0, import: imported = 0 } = counts ?? {};
  const parts = (
    [
      [imported, 'to import', 'imported'],
      [add, 'to create', 'created'],
      [change, 'to change', 'changed'],
      [remove, 'to destroy', 'destroyed'],
    ] as const
  )
    .filter(([count]) => count > 0)
    .map(([count, before, after]) => `${count} ${planned ? before : after}`);
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
}
