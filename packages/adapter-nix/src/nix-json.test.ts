import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseNixFile } from "./nix-json.ts";

const STORE = { folder: "/nix/store", place: null, directories: ["/nix/store"] };
const DEMO = "kcy7w3kkdkj9zkb2ik2mx0g7950xp6x9-demo-1.0.0";
const bytesOf = (name: string) => readFileSync(new URL(`../fixtures/json/${name}`, import.meta.url));
const parse = (bytes: Uint8Array | string) => parseNixFile(Buffer.from(bytes), STORE, "it.json");
const NAR = "1b703cd3e2897a78977663c98ad18ec8abde845b191d374644804878b38a4b9e";

describe("nix build --json", () => {
  it.each(["2.8-build.json", "2.26-build.json", "2.34-build.json"])("is read: %s", (name) => {
    const made = parse(bytesOf(name)).map((one) => [one.path.base, one.made?.output, one.made?.derivation.base]);
    expect(made).toContainEqual([DEMO, "out", "s7mcdqjd4xsz4p4r0d2f1wfy91s146pr-demo-1.0.0.drv"]);
    expect(made).toHaveLength(name.startsWith("2.8") ? 1 : 4);
  });

  it("is read where it was given paths", () => {
    expect(parse(bytesOf("2.8-build-path.json"))).toMatchObject([{ made: null, recorded: null }]);
    expect(parse(`["/nix/store/${DEMO}"]`)).toMatchObject([{ path: { base: DEMO }, made: null }]);
  });
});

describe("nix path-info --json", () => {
  it.each([
    "2.8-path-info.json",
    "2.26-path-info.json",
    "2.34-path-info-1.json",
    "2.34-path-info-2.json",
    "2.8.narinfo",
  ])("is read: %s", (name) => {
    const found = parse(bytesOf(name)).find(({ path }) => path.base === DEMO);
    expect(found?.recorded).toEqual({ narSha256: NAR, narSize: 912 });
  });

  it.each(["2.8-path-info-invalid.json", "2.26-path-info-invalid.json"])(
    "names a path that the store does not know, with exit code 0: %s",
    (name) => {
      expect(() => parse(bytesOf(name))).toThrow(expect.objectContaining({ code: "STORE_PATH_INVALID" }));
    },
  );
});

describe("anything else is refused", () => {
  const entry = { narHash: `sha256:${NAR}`, narSize: 912 };
  const info = (change: object) => JSON.stringify({ [`/nix/store/${DEMO}`]: { ...entry, ...change } });
  const build = (outputs: unknown) => JSON.stringify([{ drvPath: `/nix/store/${DEMO}.drv`, outputs }]);

  it.each([
    ["derivations of Nix 2.8", bytesOf("2.8-show-derivation.json"), "INPUT_INVALID"],
    ["derivations of Nix 2.26", bytesOf("2.26-derivation-show.json"), "INPUT_INVALID"],
    ["derivations of Nix 2.34", bytesOf("2.34-derivation-show.json"), "INPUT_INVALID"],
    ["an error message", "error: experimental Nix feature 'nix-command' is disabled", "INPUT_INVALID"],
    ["a number", "1", "INPUT_INVALID"],
    ["an empty list", "[]", "SUBJECTS_EMPTY"],
    ["an empty object", "{}", "SUBJECTS_EMPTY"],
    ["a derivation without outputs", build({}), "SUBJECTS_EMPTY"],
    ["an output that was not built", build({ out: null }), "INPUT_INVALID"],
    ["an output outside of the store", build({ out: "/etc/passwd" }), "STORE_PATH_INVALID"],
    ["an output in an output", build({ out: `/nix/store/${DEMO}/bin` }), "STORE_PATH_INVALID"],
    ["a derivation that is none", JSON.stringify([{ drvPath: { drvPath: "x" }, outputs: {} }]), "INPUT_INVALID"],
    ["an entry that is not valid", info({ valid: false }), "STORE_PATH_INVALID"],
    ["an entry of an unknown sort", info({ valid: "maybe" }), "INPUT_INVALID"],
    ["a hash of another algorithm", info({ narHash: `sha1:${"0".repeat(40)}` }), "INPUT_INVALID"],
    ["no hash", info({ narHash: undefined }), "INPUT_INVALID"],
    ["a hash that is an object", info({ narHash: { algorithm: "sha256" } }), "INPUT_INVALID"],
    ["a path that is none", JSON.stringify({ "/nix/store/x": entry }), "STORE_PATH_INVALID"],
    [
      "another store",
      JSON.stringify({ info: { [DEMO]: entry }, storeDir: "/other", version: 2 }),
      "STORE_PATH_INVALID",
    ],
    [
      "a version to come",
      JSON.stringify({ info: { [DEMO]: entry }, storeDir: "/nix/store", version: 3 }),
      "INPUT_INVALID",
    ],
    ["a narinfo without a hash", `StorePath: /nix/store/${DEMO}\nNarSize: 1\n`, "INPUT_INVALID"],
    [
      "a narinfo with two hashes",
      `StorePath: /nix/store/${DEMO}\nNarHash: a\nNarHash: b\nNarSize: 1\n`,
      "INPUT_INVALID",
    ],
    ["a narinfo with another line", `StorePath: /nix/store/${DEMO}\nhello\n`, "INPUT_INVALID"],
  ] as const)("%s", (_what, bytes, code) => {
    expect(() => parse(bytes)).toThrow(expect.objectContaining({ code }));
  });
});
