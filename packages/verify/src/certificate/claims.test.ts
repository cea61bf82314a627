import { ascii, utf8 } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { ISSUER } from "../../test/certificate-cases.ts";
import { readClaims } from "./claims.ts";
import type { Extension } from "./extensions.ts";
import { MAX_CERTIFICATE_TEXT } from "./limits.ts";

const ARC = "1.3.6.1.4.1.57264.1.";

/** Fulcio's extensions by number: up to 7 as bare text, from 8 on as UTF8String, or as the bytes that are given. */
function claims(texts: Readonly<Record<number, string | Uint8Array>>) {
  const extensions = Object.entries(texts).map(([arc, text]): [string, Extension] => {
    const encode = Number(arc) < 8 ? ascii : utf8;
    const value = typeof text === "string" ? encode(text) : text;
    return [`${ARC}${arc}`, { critical: false, value: Buffer.from(value) }];
  });
  return readClaims(new Map(extensions));
}
const invalid = expect.objectContaining({ code: "CERTIFICATE_INVALID" });

describe("old and new extensions", () => {
  it.each([
    [8, 1, "issuer", ISSUER],
    [13, 3, "sourceCommit", "ab".repeat(20)],
    [14, 6, "sourceRef", "refs/tags/v1"],
    [20, 2, "trigger", "push"],
  ] as const)(".%i and .%i: either says it, and both say the same", (now, before, claim, text) => {
    const others = claim === "issuer" ? {} : { 8: ISSUER };
    expect(claims({ ...others, [now]: text })[claim]).toBe(text);
    expect(claims({ ...others, [before]: text })[claim]).toBe(text);
    expect(claims({ ...others, [now]: text, [before]: text })[claim]).toBe(text);
    expect(() => claims({ ...others, [now]: text, [before]: `${text}x` })).toThrow(invalid);
    if (claim !== "issuer") expect(claims(others)[claim]).toBeNull();
  });

  it("empty ones say nothing", () => {
    expect(claims({ 8: ISSUER, 14: "", 6: "refs/tags/v1" }).sourceRef).toBe("refs/tags/v1");
    expect(() => claims({ 8: "" })).toThrow(invalid);
    expect(() => claims({})).toThrow(invalid);
  });
});

describe("the source repository", () => {
  const URI = "https://github.com/octo/widgets";

  it("is the URI, which ends as the old name says", () => {
    expect(claims({ 8: ISSUER, 12: URI }).sourceRepository).toBe(URI);
    expect(claims({ 8: ISSUER, 12: URI, 5: "octo/widgets" }).sourceRepository).toBe(URI);
    expect(() => claims({ 8: ISSUER, 12: URI, 5: "widgets-octo/widgets" })).toThrow(invalid);
    expect(() => claims({ 8: ISSUER, 12: URI, 5: "to/widgets" })).toThrow(invalid);
  });

  it("is at GitHub where GitHub alone says the old name", () => {
    expect(claims({ 8: ISSUER, 5: "octo/widgets" }).sourceRepository).toBe(URI);
    expect(claims({ 8: "https://gitlab.com", 5: "octo/widgets" }).sourceRepository).toBeNull();
    expect(claims({ 8: ISSUER }).sourceRepository).toBeNull();
  });
});

describe("a text", () => {
  it("has its length and no more", () => {
    expect(claims({ 8: ISSUER, 9: "x".repeat(MAX_CERTIFICATE_TEXT) }).buildSigner).toHaveLength(MAX_CERTIFICATE_TEXT);
    expect(() => claims({ 8: ISSUER, 9: "x".repeat(MAX_CERTIFICATE_TEXT + 1) })).toThrow(invalid);
  });

  it.each([
    ["another type", Uint8Array.of(0x13, 1, 0x61)],
    ["another class", Uint8Array.of(0x8c, 1, 0x61)],
    ["in pieces", Uint8Array.of(0x2c, 3, 0x0c, 1, 0x61)],
    ["no UTF-8", Uint8Array.of(0x0c, 2, 0xc0, 0x80)],
    ["with a control character", utf8("a\u0007")],
    ["with a C1 control", utf8("a\u0085")],
    ["with a byte behind it", Uint8Array.of(0x0c, 1, 0x61, 0)],
  ])("is not of %s", (_, value) => {
    expect(() => claims({ 8: ISSUER, 9: value })).toThrow();
  });

  it("keeps a byte order mark, which makes it another text", () => {
    expect(claims({ 8: ISSUER, 9: utf8("\ufeffa") }).buildSigner).toBe("\ufeffa");
    expect(claims({ 8: ISSUER, 6: ascii("\ufeffa") }).sourceRef).toBe("\ufeffa");
  });
});
