/**
 * Runs `work` for every key once all keys it comes after are through, as parallel as the order allows.
 * Results of earlier keys are given to the work; work must not throw.
 */
export async function inOrder<T>(
  keys: readonly string[],
  comesAfter: (key: string) => readonly string[],
  work: (key: string, earlier: ReadonlyMap<string, T>) => Promise<T>,
): Promise<Map<string, T>> {
  const known = new Set(keys);
  const running = new Map<string, Promise<T>>();
  const done = new Map<string, T>();
  const start = (key: string): Promise<T> => {
    const existing = running.get(key);
    if (existing) return existing;
    const before = comesAfter(key).filter((other) => known.has(other));
    const promise = (async () => {
      await Promise.all(before.map(start));
      const result = await work(key, done);
      done.set(key, result);
      return result;
    })();
    running.set(key, promise);
    return promise;
  };
  await Promise.all(keys.map(start));
  return new Map(keys.map((key) => [key, done.get(key)!]));
}
