import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDerivation } from "./aterm.ts";

const GREET = readFileSync(
  new URL("../fixtures/greet/store/237nmr226pzppyb4ja2blnigsid8zpla-greet-1.0.0.drv", import.meta.url),
  "latin1",
);
const SHOWN = JSON.parse(
  readFileSync(new URL("../fixtures/json/2.8-show-derivation.json", import.meta.url), "utf8"),
) as Readonly<Record<string, Shown>>;

interface Shown {
  readonly outputs: Readonly<Record<string, { readonly path: string }>>;
  readonly inputSrcs: readonly string[];
  readonly inputDrvs: Readonly<Record<string, readonly string[]>>;
  readonly env: Readonly<Record<string, string>>;
}

/** The shortest derivation that Nix would take. */
const SMALL =
  'Derive([("out","/nix/store/o","","")],[("/nix/store/d.drv",["out"])],["/nix/store/s"],"x","/b",["-c"],[("k","v")])';

describe("parseDerivation", () => {
  it("reads what `nix show-derivation` shows of the same file", () => {
    const [shown] = Object.values(SHOWN);
    const read = parseDerivation(GREET, "it");
    expect(Object.fromEntries(read.outputs.map(({ name, path }) => [name, { path }]))).toEqual(shown?.outputs);
    expect(read.inputDerivations).toEqual(Object.keys(shown?.inputDrvs ?? {}));
    expect(read.inputSources).toEqual(shown?.inputSrcs);
    expect(Object.fromEntries(read.environment)).toEqual(shown?.env);
  });

  it("reads fixed and floating outputs, escapes, and bytes that are not UTF-8", () => {
    const text = SMALL.replace('"",""', '"r:sha256","ab"').replace('"v"', '"\\"a\\\\\\nb\\r\\t\xff\\\\"');
    const { outputs, environment } = parseDerivation(text, "it");
    expect(outputs).toEqual([{ name: "out", path: "/nix/store/o", hashAlgorithm: "r:sha256", hash: "ab" }]);
    expect(environment.get("k")).toBe('"a\\\nb\r\t\xff\\');
  });

  it.each([
    ["a dynamic derivation", SMALL.replace("Derive(", 'DrvWithVersion("xp-dyn-drv",')],
    ["something after the end", `${SMALL}\n`],
    ["something before the start", ` ${SMALL}`],
    ["white space", SMALL.replace(",", ", ")],
    ["no outputs", SMALL.replace('("out","/nix/store/o","","")', "")],
    ["an output with a field too few", SMALL.replace('"",""', '""')],
    ["two outputs of one name", SMALL.replace('("out"', '("out","/x","",""),("out"')],
    ["one variable twice", SMALL.replace('("k"', '("k","w"),("k"')],
    ["one input twice", SMALL.replace('("/nix/store/d.drv"', '("/nix/store/d.drv",["dev"]),("/nix/store/d.drv"')],
    ["an escape that is none", SMALL.replace('"v"', '"\\q"')],
    ["a bare line end", SMALL.replace('"v"', '"\n"')],
    ["an open string", SMALL.replace('"v")])', '"v')],
    ["an escaped quote at the end", SMALL.replace('"v"', '"v\\"')],
    ["an open list", SMALL.replace('["-c"]', '["-c"')],
    ["a comma too many", SMALL.replace('["-c"]', '["-c",]')],
    ["nothing", ""],
  ])("refuses %s", (_what, text) => {
    expect(() => parseDerivation(text, "it")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it("refuses the file cut short anywhere", () => {
    for (let length = 0; length < SMALL.length; length += 1) {
      expect(() => parseDerivation(SMALL.slice(0, length), "it")).toThrow(
        expect.objectContaining({ code: "INPUT_INVALID" }),
      );
    }
  });

  it("takes any bytes in a variable, written as Nix writes them", () => {
    const written = (value: string) =>
      value.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const value = Buffer.from(bytes).toString("latin1");
        expect(
          parseDerivation(
            SMALL.replace('"v"', () => `"${written(value)}"`),
            "it",
          ).environment.get("k"),
        ).toBe(value);
      }),
    );
  });

  it("reads a long file of backslashes in no time", () => {
    const text = SMALL.replace('"v"', `"${"\\\\".repeat(500_000)}"`);
    expect(parseDerivation(text, "it").environment.get("k")).toHaveLength(500_000);
    expect(() => parseDerivation(SMALL.replace('"v"', `"${'\\"'.repeat(500_000)}`), "it")).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID" }),
    );
  });
});
