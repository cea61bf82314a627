import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeNixBase32, encodeNixBase32 } from "./nix-base32.ts";
import { parseNixHash } from "./nix-hash.ts";

/** One NAR hash as path-info, narinfo and `nix hash path --base16` of Nix 2.8.0 write it. */
const HEX = "1b703cd3e2897a78977663c98ad18ec8abde845b191d374644804878b38a4b9e";
const SRI = "sha256-G3A80+KJeniXdmPJitGOyKvehFsZHTdGRIBIeLOKS54=";
const BASE32 = "17jbiarphj408i33f78rbf2dxay8iv8qmjb3fsbphyl9wb9kqw0v";

describe("parseNixHash", () => {
  it.each([
    ["SRI", SRI],
    ["base 32", `sha256:${BASE32}`],
    ["hex", `sha256:${HEX}`],
    ["base64", SRI.replace("-", ":")],
  ])("reads %s", (_form, text) => {
    expect(parseNixHash(text, "it")).toEqual({ algorithm: "sha256", hex: HEX });
  });

  it("takes the algorithm by its name", () => {
    expect(parseNixHash(`sha1:${"0".repeat(39)}1`, "it")).toEqual({ algorithm: "sha1", hex: `${"0".repeat(39)}1` });
    expect(parseNixHash(`md5:${"a".repeat(32)}`, "it").algorithm).toBe("md5");
  });

  it.each([
    ["no algorithm", HEX],
    ["another algorithm", `blake3-${SRI.slice(7)}`],
    ["another algorithm's length", `sha512:${HEX}`],
    ["upper case", `sha256:${HEX.toUpperCase()}`],
    ["SRI of hex", `sha256-${HEX}`],
    ["base64 without padding", SRI.slice(0, -1)],
    ["base64 with bits left over", `${SRI.slice(0, -2)}5=`],
    ["a character too many", `sha256:${BASE32}0`],
    ["a letter that base 32 has not", `sha256:${BASE32.replace("7", "e")}`],
    ["base 32 with bits left over", `sha256:z${BASE32.slice(1)}`],
    ["two hashes", `${SRI} ${SRI}`],
    ["nothing", ""],
  ])("refuses %s", (_what, text) => {
    expect(() => parseNixHash(text, "it")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});

describe("base 32", () => {
  it("is Nix's, last bytes first", () => {
    expect(encodeNixBase32(Buffer.from(HEX, "hex"))).toBe(BASE32);
    expect(decodeNixBase32(BASE32, 32)).toEqual(new Uint8Array(Buffer.from(HEX, "hex")));
  });

  it("comes back for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(decodeNixBase32(encodeNixBase32(bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });
});
