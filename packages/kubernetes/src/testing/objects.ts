import type { StackJson } from '@mlterra/testing';

export interface ObjectJson {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly spec: ReturnType<typeof JSON.parse>;
}

/** Objects of a kind in a synthesised stack. */
export function objects(stack: StackJson, kind: string): readonly ObjectJson[] {
  const { locals } = stack as unknown as { locals: { kubernetes_values: { objects: ObjectJson[] } } };
  return locals.kubernetes_values.objects.filter((object) => object.kind === kind);
}
