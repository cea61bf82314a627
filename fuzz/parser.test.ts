import { describe, expect, it } from "vitest";
import { TouchmarkError } from "../packages/core/src/index.ts";
import { mutated } from "./mutate/mutate.ts";
import { MAX_CPU_MS, type Parser, readWithin } from "./parser.ts";

const parser = (read: Parser["read"]): Parser => ({ name: "planted", sound: [], codes: ["INPUT_INVALID"], read });
const defect = (read: Parser["read"]) =>
  expect(readWithin(parser(read), new Uint8Array(3))).rejects.toMatchObject({ name: "Defect" });

function busy(cpuMs: number): void {
  const start = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(start);
    if (user + system > cpuMs * 1_000) return;
  }
}

describe("a planted defect is seen", () => {
  it("an error that is not typed, also a late one", async () => {
    await defect(() => Reflect.get(Object(undefined), "a").b);
    await defect(async () => {
      await null;
      throw new RangeError("late");
    });
  });

  it("a code that is not the parser's", async () => {
    await defect(() => {
      throw new TouchmarkError("INTERNAL", "planted");
    });
  });

  it("too much processor time, each time", async () => {
    await defect(() => busy(MAX_CPU_MS + 10));
  });

  it("a changed prototype", async () => {
    await defect(() => {
      Reflect.set(Object.prototype, "planted", 1);
    });
    Reflect.deleteProperty(Object.prototype, "planted");
  });
});

describe("none is seen where there is none", () => {
  it("in an error of the parser's, and in no error", async () => {
    const refusing = parser(() => {
      throw new TouchmarkError("INPUT_INVALID", "planted");
    });
    expect(await readWithin(refusing, new Uint8Array())).toMatchObject({ code: "INPUT_INVALID" });
    expect(
      await readWithin(
        parser(async () => 1),
        new Uint8Array(),
      ),
    ).toMatchObject({ code: null });
  });

  it("in an input that takes too long once", async () => {
    let reads = 0;
    const slowOnce = parser(() => {
      reads += 1;
      if (reads === 1) busy(MAX_CPU_MS + 10);
    });
    expect((await readWithin(slowOnce, new Uint8Array())).cpuMs).toBeLessThan(MAX_CPU_MS);
    expect(reads).toBe(2);
  });
});

describe("mutations", () => {
  const sound = new TextEncoder().encode('{"a":[{"b":"MAYCAQECAQI="}],"c":"ZXlK"}');

  it("follow from their seeds", () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const [once, again] = [mutated(sound, [seed, seed + 1], [sound]), mutated(sound, [seed, seed + 1], [sound])];
      // toEqual takes seconds for what is long.
      expect(Buffer.compare(once, again), `seed ${seed}`).toBe(0);
    }
  });

  it("change DER inside base64 inside JSON, and leave the JSON whole", () => {
    const inner = Array.from({ length: 400 }, (_, seed) => Buffer.from(mutated(sound, [seed], [])).toString())
      .map((text) => /^\{"a":\[\{"b":"([A-Za-z0-9+/]+=*)"\}\],"c":"ZXlK"\}$/.exec(text)?.[1])
      .filter((text) => text !== undefined && text !== "MAYCAQECAQI=");
    expect(new Set(inner).size).toBeGreaterThan(10);
  });

  it("repeat keys, nest deeply and write __proto__", () => {
    const texts = Array.from({ length: 2_000 }, (_, seed) => Buffer.from(mutated(sound, [seed], [])).toString());
    expect(texts.some((text) => text.split('"a":').length > 2)).toBe(true);
    expect(texts.some((text) => text.includes("[".repeat(10_000)))).toBe(true);
    expect(texts.some((text) => text.includes("__proto__"))).toBe(true);
    expect(texts.some((text) => text.includes("\\ud800"))).toBe(true);
  });
});
