import type { DriftFault, Fault } from '../faults';
import type { ObjectValue, Value } from '../protocol/values';
import { equal, isObject } from '../protocol/values';

/** Counts what happens to the resources of one rehearsal, and says what is to go wrong with it. */
export class FaultLedger {
  private readonly creates = new Map<string, number>();
  private readonly refusals = new Map<Fault, number>();
  private readonly reads = new Map<string, number>();
  private readonly sameSeeds = new Map<string, number>();
  private readonly drifts = new Map<string, DriftFault[]>();

  constructor(private readonly faults: readonly Fault[]) {}

  /** Says which resource drifts from its second read from now on. */
  locate(fault: DriftFault, instance: string): void {
    this.drifts.set(instance, [...(this.drifts.get(instance) ?? []), fault]);
    this.reads.delete(instance);
  }

  /** How many resources with the same configuration were created before. */
  sameBefore(seed: string): number {
    const before = this.sameSeeds.get(seed) ?? 0;
    this.sameSeeds.set(seed, before + 1);
    return before;
  }

  /** What is to go wrong with the create that begins now. */
  onCreate(type: string): 'fail-create' | 'time-out' | undefined {
    const nth = (this.creates.get(type) ?? 0) + 1;
    this.creates.set(type, nth);
    const fault = this.faults.find(
      (one) =>
        (one.kind === 'fail-create' || one.kind === 'time-out') && one.type === type && one.nth === nth,
    );
    return fault?.kind === 'fail-create' || fault?.kind === 'time-out' ? fault.kind : undefined;
  }

  /** An apply puts right what somebody changed, and a destroy ends it. */
  settled(instance: string): void {
    this.drifts.delete(instance);
  }

  refusesDestroy(type: string): boolean {
    for (const fault of this.faults) {
      if (fault.kind !== 'refuse-destroy' || fault.type !== type) continue;
      const refused = this.refusals.get(fault) ?? 0;
      if (refused >= fault.times) continue;
      this.refusals.set(fault, refused + 1);
      return true;
    }
    return false;
  }

  /** Attributes of a type of which a change forces a replacement, other than those a provider is known for. */
  replacesOnChange(type: string): string[] {
    return this.faults.flatMap((fault) =>
      fault.kind === 'replace-on-change' && fault.type === type ? [fault.attribute] : [],
    );
  }

  /** What a read finds: the state, or what somebody made of it. */
  onRead(instance: string, state: ObjectValue): ObjectValue {
    const drifts = this.drifts.get(instance) ?? [];
    const nth = (this.reads.get(instance) ?? 0) + 1;
    this.reads.set(instance, nth);
    return nth < 2 ? state : drifts.reduce(changedAt, state);
  }
}

/** `attribute` may lead into blocks, e.g. `settings.0.tier`. */
function changedAt(state: ObjectValue, drift: DriftFault): ObjectValue {
  const set = (value: Value, path: readonly string[]): Value => {
    const [step, ...rest] = path;
    if (step === undefined) return drift.value as Value;
    if (Array.isArray(value)) {
      return value.map((element, index) => (String(index) === step ? set(element, rest) : element));
    }
    return isObject(value) && step in value ? { ...value, [step]: set(value[step]!, rest) } : value;
  };
  return set(state, drift.attribute.split('.')) as ObjectValue;
}

/** Whether the value at a dotted path differs. */
export function differsAt(one: ObjectValue, other: ObjectValue, path: string): boolean {
  const at = (value: Value | undefined, steps: readonly string[]): Value | undefined => {
    const [step, ...rest] = steps;
    if (step === undefined || value === undefined) return value;
    if (Array.isArray(value) && !/^\d+$/.test(step)) return value.map((item) => at(item, steps) ?? null);
    if (Array.isArray(value)) return at(value[Number(step)], rest);
    return isObject(value) ? at(value[step], rest) : value;
  };
  return !equal(at(one, path.split('.')), at(other, path.split('.')));
}
