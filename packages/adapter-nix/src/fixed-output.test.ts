import { describe, expect, it } from "vitest";
import type { Derivation, DerivationOutput } from "./derivation.ts";
import { describeFixed } from "./fixed-output.ts";
import { publicAddress } from "./public-address.ts";

const PATH = { directory: "/nix/store", base: "ds7km3hafy2afsb5y90n7pjrvsadkzk6-words.txt" };
const HEX = "4a1e67f2fe1d1cc7b31d0ca2ec441da4778203a036a77da10344c85e24ff0f92";

function described(environment: Readonly<Record<string, string>>, fixed: Partial<DerivationOutput["fixed"]> = {}) {
  const output = {
    name: "out",
    path: PATH,
    fixed: { method: "flat", algorithm: "sha256", hex: HEX, ...fixed } as const,
  };
  const derivation: Derivation = {
    path: { directory: "/nix/store", base: "bvjw7hlby25zd3pirvxsz2ssfmy70cci-words.txt.drv" },
    name: "words.txt",
    sha256: "",
    size: 0,
    outputs: [output],
    inputDerivations: [],
    inputSources: [],
    environment: new Map(Object.entries(environment)),
  };
  return describeFixed(derivation, output);
}

describe("a fixed output", () => {
  it("is its address, and the digest that Nix compares it with", () => {
    const digest = { sha256: HEX };
    const first = { name: "words.txt", uri: "https://example.com/w", digest };
    expect(described({ url: "https://example.com/w" })).toEqual(first);
    expect(described({ urls: "mirror://x/w https://example.com/w" })).toEqual({ ...first, uri: "mirror://x/w" });
    expect(described({ url: "/home/me/w", urls: "file:///w https://example.com/w" })).toEqual(first);
    expect(described({})).toEqual({ ...first, uri: `nix:/nix/store/${PATH.base}` });
  });

  it("has its address in the attributes where they are structured", () => {
    const uriOf = (attributes: object) => described({ __json: JSON.stringify(attributes), url: "https://no/" })?.uri;
    expect(uriOf({ urls: ["https://example.com/w", "https://other/w"] })).toBe("https://example.com/w");
    expect(uriOf({ url: "https://example.com/w" })).toBe("https://example.com/w");
    expect(uriOf({})).toBe(`nix:/nix/store/${PATH.base}`);
    for (const broken of ['{"url": 1}', "{"]) {
      expect(() => described({ __json: broken })).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
    }
  });

  it.each([
    [{ method: "nar" }, { narSha256: HEX }],
    [{ method: "text" }, { sha256: HEX }],
    [{ algorithm: "sha512", hex: HEX + HEX }, { sha512: HEX + HEX }],
    [{ algorithm: "md5", hex: HEX.slice(32) }, { md5: HEX.slice(32) }],
  ] as const)("has a digest by its method and algorithm: %j", (fixed, digest) => {
    expect(described({}, fixed)?.digest).toEqual(digest);
  });

  it.each([
    [{ method: "nar", algorithm: "sha512" }, `nar:sha512:${HEX}`],
    [{ method: "git", algorithm: "sha1" }, `git:sha1:${HEX}`],
    [{ algorithm: "blake3" }, `flat:blake3:${HEX}`],
  ] as const)("has an annotation where in-toto has no name for it: %j", (fixed, text) => {
    expect(described({}, fixed)).toMatchObject({ annotations: { "nix.outputHash": text } });
    expect(described({}, fixed)).not.toHaveProperty("digest");
  });
});

describe("publicAddress", () => {
  it("leaves out what may be a secret", () => {
    expect(publicAddress("https://me:secret@example.com:8443/a/b?token=secret#secret")).toBe(
      "https://example.com:8443/a/b",
    );
  });

  it.each(["file:///home/me/x", "/home/me/x", "data:text/plain,x", "https:///", "", `https://x/${"a".repeat(3000)}`])(
    "is none: %s",
    (text) => {
      expect(publicAddress(text)).toBe(null);
    },
  );
});
