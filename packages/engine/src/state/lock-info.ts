/**
 * Tells who holds a state lock, from the JSON that Terraform writes with it:
 * `root@host, apply, since 2026-01-01T00:00:00Z, lock 1234-…`.
 */
export function describeLock(text: string): string {
  let info: Readonly<Record<string, unknown>>;
  try {
    info = JSON.parse(text) as typeof info;
  } catch {
    return 'somebody; the lock says nothing more';
  }
  const field = (name: string): string | undefined => {
    const value = info[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const operation = field('Operation')
    ?.replace(/^OperationType/, '')
    .toLowerCase();
  const since = field('Created')?.replace(/\.\d+Z$/, 'Z');
  const id = field('ID');
  return [field('Who') ?? 'somebody', operation, since && `since ${since}`, id && `lock ${id}`]
    .filter((part) => part !== undefined)
    .join(', ');
}
