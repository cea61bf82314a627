import { describe, expect, it } from "vitest";
import { parseStorePath, storeName, storeUri } from "./store-path.ts";

const BASE = "kcy7w3kkdkj9zkb2ik2mx0g7950xp6x9-demo-1.0.0";

describe("parseStorePath", () => {
  it("reads a path of a store that was named, and a base alone as one of the first", () => {
    expect(parseStorePath(`/nix/store/${BASE}`, ["/nix/store"], "it")).toEqual({ directory: "/nix/store", base: BASE });
    expect(parseStorePath(`/other/${BASE}`, ["/nix/store", "/other"], "it").directory).toBe("/other");
    expect(parseStorePath(BASE, ["/nix/store"], "it").directory).toBe("/nix/store");
  });

  it.each([
    ["another store", `/tmp/${BASE}`],
    ["a file in a path", `/nix/store/${BASE}/bin/demo`],
    ["the store itself", "/nix/store/"],
    ["a way out", `/nix/store/../${BASE}`],
    ["a way out at the end", "/nix/store/.."],
    ["what Nix keeps there for itself", "/nix/store/.links"],
    ["a short hash", `/nix/store/${BASE.slice(1)}`],
    ["a letter that base 32 has not", `/nix/store/e${BASE.slice(1)}`],
    ["upper case in the hash", `/nix/store/K${BASE.slice(1)}`],
    ["no name", `/nix/store/${BASE.slice(0, 33)}`],
    ["a hidden name", `/nix/store/${BASE.slice(0, 33)}.demo`],
    ["a name with white space", `/nix/store/${BASE} x`],
    ["a name with a line end", `/nix/store/${BASE}\n`],
    ["a name that is too long", `/nix/store/${BASE.slice(0, 33)}${"x".repeat(212)}`],
    ["nothing", ""],
  ])("refuses %s", (_what, text) => {
    expect(() => parseStorePath(text, ["/nix/store"], "it")).toThrow(
      expect.objectContaining({ code: "STORE_PATH_INVALID" }),
    );
  });
});

it("names a path by a URI that holds no path of this machine", () => {
  expect(storeUri({ directory: "/nix/store", base: BASE })).toBe(`nix:/nix/store/${BASE}`);
  expect(storeUri({ directory: "/home/me/store", base: BASE })).toBe(`nix:${BASE}`);
  expect(storeName(BASE)).toBe("demo-1.0.0");
});
