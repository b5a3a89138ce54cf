/** What is at a path in JSON, e.g. `auth.existingSecret` or `spec.solvers.0.name`; undefined where nothing is. */
export function valueAtPath(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => {
    if (typeof at !== 'object' || at === null) return undefined;
    return Object.hasOwn(at, key) ? (at as Readonly<Record<string, unknown>>)[key] : undefined;
  }, tree);
}

/** All texts in JSON, with the path to each. */
export function textsIn(
  tree: unknown,
  path = '',
): readonly { readonly path: string; readonly text: string }[] {
  if (typeof tree === 'string') return [{ path, text: tree }];
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, child]) => textsIn(child, path === '' ? key : `${path}.${key}`));
}
