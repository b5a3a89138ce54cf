import type { RehearsedRecipes } from '@mlterra/testing/contracts';

/* eslint-disable @typescript-eslint/no-explicit-any -- values of resources have any shape */

/** Applied resources that a test may change; what is read out of them has any shape. */
export class Applied {
  public constructor(private readonly stacks: any[]) {}

  public stack(name: string): any {
    return found(
      this.stacks.find(({ stackKey }) => `${stackKey.stage}-${stackKey.stack}` === name),
      name,
    );
  }

  /** Values of the first resource of a type in a stack, or of the one with this name. */
  public values(stack: string, type: string, name?: RegExp): any {
    return found(
      this.stack(stack).resources.find((each: any) => each.type === type && (name?.test(each.name) ?? true)),
      `${stack} ${type}`,
    ).values;
  }

  /** Values of all resources of a type in a stack. */
  public all(stack: string, type: string): any[] {
    return this.stack(stack)
      .resources.filter((each: any) => each.type === type)
      .map(({ values }: any) => values);
  }

  /** Puts one more resource into a stack. */
  public add(stack: string, type: string, values: unknown): void {
    const name = 'added';
    this.stack(stack).resources.push({ address: `${type}.${name}`, mode: 'managed', type, name, values });
  }

  /** Takes the resources of a type out of a stack. */
  public remove(stack: string, type: string): void {
    const holder = this.stack(stack);
    const before = holder.resources.length;
    holder.resources = holder.resources.filter((each: any) => each.type !== type);
    found(holder.resources.length < before || undefined, `${stack} ${type}`);
  }
}

/** A copy of a rehearsal with a fault in it. */
export function spoilt(rehearsed: RehearsedRecipes, spoil: (applied: Applied) => void): RehearsedRecipes {
  const stacks = structuredClone([...rehearsed.result.stacks]);
  const before = JSON.stringify(stacks);
  spoil(new Applied(stacks));
  if (JSON.stringify(stacks) === before) throw new Error('the fault changed nothing');
  return { ...rehearsed, result: { ...rehearsed.result, stacks } };
}

export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
