import { afterEach, describe, expect, it } from "vitest";
import { createThreadPool, type ThreadPool } from "./thread-pool.ts";

const script = (text: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort, threadId } from "node:worker_threads"; ${text}`)}`,
  );
const ECHO = script(`parentPort.on("message", (message) => {
  if (message === "die") process.exit(0);
  if (message === "throw") throw new Error("broken");
  if (message === "hang") for (;;);
  parentPort.postMessage([message, threadId, Object.keys(process.env).length]);
});`);

type Answer = readonly [message: string, thread: number, variables: number];

describe("createThreadPool", () => {
  let pool: ThreadPool<string, Answer>;
  afterEach(() => pool.close());
  const open = () => {
    pool = createThreadPool(ECHO);
    return pool;
  };

  it("answers each question, in as many threads as it may have, which see no environment", async () => {
    open();
    const questions = Array.from({ length: 20 }, (_one, at) => `${at}`);
    const answers = await Promise.all(questions.map((question) => pool.ask(question)));
    expect(answers.map(([message]) => message)).toEqual(questions);
    expect(new Set(answers.map(([, thread]) => thread)).size).toBeLessThanOrEqual(pool.size);
    expect(answers.map(([, , variables]) => variables)).toEqual(questions.map(() => 0));
  });

  it.each(["die", "throw"])(
    "says when a thread ended without an answer (%s), and goes on with another",
    async (end) => {
      open();
      await expect(pool.ask(end)).rejects.toMatchObject({ code: "INTERNAL" });
      expect((await pool.ask("next"))[0]).toBe("next");
      const many = await Promise.allSettled([...Array(8).keys()].map((at) => pool.ask(at === 3 ? end : `${at}`)));
      expect(many.map(({ status }) => status)).toEqual(many.map((_one, at) => (at === 3 ? "rejected" : "fulfilled")));
    },
  );

  it("ends threads in the middle of an answer, and refuses what waits or comes later", async () => {
    open();
    const asked = Array.from({ length: pool.size + 1 }, () => pool.ask("hang"));
    const refused = Promise.allSettled(asked);
    await pool.close();
    for (const one of await refused) expect(one).toMatchObject({ reason: { code: "ABORTED" } });
    await expect(pool.ask("late")).rejects.toMatchObject({ code: "ABORTED" });
  });
});
