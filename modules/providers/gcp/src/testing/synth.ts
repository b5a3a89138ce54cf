import { synthEnvironment, type StackJson } from '@mlterra/testing';
import { demo, type Demo, type DemoProps } from './demo';

/** The stacks of an environment that `build` fills, by `<stage>/<stack>`. */
export function synth(
  build: (demo: Demo) => void,
  props: DemoProps = {},
): Readonly<Record<string, StackJson>> {
  return synthEnvironment(demo(build, props));
}

/** The one resource of a type in a stack. */
export function only(stack: StackJson | undefined, type: string): Readonly<Record<string, unknown>> {
  const all = every(stack, type);
  if (all.length !== 1) throw new Error(`${all.length} resources of the type ${type}`);
  return all[0]!;
}

/** All resources of a type in a stack. */
export function every(
  stack: StackJson | undefined,
  type: string,
): readonly Readonly<Record<string, unknown>>[] {
  return Object.values(stack?.resource?.[type] ?? {});
}
