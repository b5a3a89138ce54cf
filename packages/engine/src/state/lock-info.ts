/**
 * Tells who holds a state lock, from the JSON that Terraform writes with it:
 * `root@host, apply, since 2026-01-01T00:00:00Z, lock 1234-…`.
 */
export function describeLock(text: string): string {
  const field = (name: string): string | undefined => lockField(text, name);
  if (['Who', 'Operation', 'Created', 'ID'].every((name) => field(name) === undefined))
    return 'somebody; the lock says nothing more';
  const operation = field('Operation')
    ?.replace(/^OperationType/, '')
    .toLowerCase();
  const since = field('Created')?.replace(/\.\d+Z$/, 'Z');
  const id = field('ID');
  return [field('Who') ?? 'somebody', operation, since && `since ${since}`, id && `lock ${id}`]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** A field of the JSON that Terraform writes with a lock; undefined where it is missing or empty. */
export function lockField(text: string, name: string): string | undefined {
  try {
    const value = (JSON.parse(text) as Readonly<Record<string, unknown>> | null)?.[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}
