import type { Stack, Stage } from '@mlterra/core';
import { earlierNotAwaited } from './errors';
import type { ToolServices } from './recipe';

interface Earlier {
  readonly stack: Stack;
  readonly built: unknown;
}

/** What recipes had built before their tools, by stage and name; tools of one stage share it. */
const stages = new WeakMap<Stage<unknown>, Map<string, Earlier>>();

/** Stacks that one recipe has built before its tool. */
export class EarlierStacks {
  private readonly stacks = new Map<string, Stack>();

  public constructor(private readonly stage: Stage<unknown>) {}

  /** Names of the stacks, in the order in which they were asked for. */
  public get names(): readonly string[] {
    return [...this.stacks.keys()];
  }

  /** See {@link ToolServices.before}. */
  public readonly before: ToolServices['before'] = <T>(name: string, build: (stack: Stack) => T): T => {
    const all = stages.get(this.stage) ?? new Map<string, Earlier>();
    stages.set(this.stage, all);
    const existing = all.get(name);
    if (existing !== undefined) {
      this.stacks.set(name, existing.stack);
      return existing.built as T;
    }
    const stack = this.stage.stack(name);
    const built = build(stack);
    all.set(name, { stack, built });
    this.stacks.set(name, stack);
    return built;
  };

  /** Throws unless the stack of the tool comes after all of them. */
  public assertAwaited(tool: string, stack: Stack): void {
    for (const [name, earlier] of this.stacks) {
      if (!stack.dependsOn(earlier)) throw earlierNotAwaited(tool, name);
    }
  }
}
