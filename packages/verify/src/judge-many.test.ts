import { describe, expect, it } from "vitest";
import { evidence, file, subject } from "../test/judge-cases.ts";
import { testKey } from "../test/signed-bundles.ts";
import { judge } from "./judge.ts";

const key = testKey();

describe("many equal files", () => {
  // Quadratic work on 20,000 takes minutes: the time limit of a test is what fails.
  const names = Array.from({ length: 20_000 }, (_one, index) => `d${index}/__init__.py`);
  const empty = names.map((name) => file(name, ""));
  const stated = evidence("release.intoto.jsonl", key, key, { subject: names.map((name) => subject(name, "")) });

  it.each([false, true])("are judged in one pass (anyName: %s)", async (anyName) => {
    const { verdicts, absent } = await judge(empty, [stated], { anyName });
    expect(verdicts.filter(({ status }) => status === "verified")).toHaveLength(names.length);
    expect(absent.count).toBe(0);
  });

  it("are refused in one pass", async () => {
    const evil = names.map((name) => file(name.replace("d", "e"), "evil"));
    const { verdicts } = await judge(evil, [stated], { anyName: false });
    expect(verdicts.filter(({ status }) => status === "not-covered")).toHaveLength(names.length);
  });
});
