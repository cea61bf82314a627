/**
 * Maps with at most `limit` calls under way, results in the order of the items. After a failure nothing new is begun; of
 * several failures the first by order is thrown, so that what is said does not depend on which answer came first.
 */
export async function boundedMap<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const failures = new Map<number, unknown>();
  let next = 0;
  const work = async () => {
    while (next < items.length && failures.size === 0) {
      const index = next;
      next += 1;
      try {
        results.set(index, await map(items[index] as T));
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return items.map((_, index) => results.get(index) as R);
}
