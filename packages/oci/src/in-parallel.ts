/**
 * Runs something for every item, at most `limit` at once, started in their order.
 *
 * @returns the outcomes in the order of the items; a failure does not stop the others.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  run: (item: Item) => Promise<Result>,
): Promise<readonly PromiseSettledResult<Result>[]> {
  return settle(items, limit, run, () => true);
}

/**
 * The same where one failure spoils the whole: after it nothing new is begun, and what is under way is waited for.
 *
 * @returns the results in the order of the items.
 * @throws of several failures the first by order, so that what is said does not depend on which answer came first.
 */
export async function allInParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  let failed = false;
  const noting = async (item: Item) => {
    try {
      return await run(item);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const outcomes = await settle(items, limit, noting, () => !failed);
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

async function settle<Item, Result>(
  items: readonly Item[],
  limit: number,
  run: (item: Item) => Promise<Result>,
  goesOn: () => boolean,
): Promise<readonly PromiseSettledResult<Result>[]> {
  const outcomes: PromiseSettledResult<Result>[] = [];
  const open = items.entries();
  const worker = async (): Promise<void> => {
    while (goesOn()) {
      const next = open.next();
      if (next.done) return;
      const [index, item] = next.value;
      try {
        outcomes[index] = { status: "fulfilled", value: await run(item) };
      } catch (reason) {
        outcomes[index] = { status: "rejected", reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return outcomes;
}
