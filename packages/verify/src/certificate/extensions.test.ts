import { ascii, type Der, octets, oid, paddedTlv, sequence, tlv, utf8 } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import type { X509Certificate } from "../sigstore-library.ts";
import { type Extension, extensionsOf, plainText, rawString, utf8String } from "./extensions.ts";
import { MAX_CERTIFICATE_TEXT } from "./limits.ts";
import { parseDer } from "./parse-der.ts";

const certificate = (...extensions: readonly Der[]) =>
  ({ extensions: extensions.map((der) => parseDer(der)) }) as unknown as X509Certificate;
const holding = (value: Uint8Array): Extension => ({ critical: false, value: Buffer.from(value) });
const refusedFor = (message: string, detail: object = {}) =>
  expect.objectContaining({ code: "CERTIFICATE_INVALID", message: expect.stringContaining(message), ...detail });

const ID = oid("1.2.3");
const TRUE = tlv(1, Uint8Array.of(0xff));
const FALSE = tlv(1, Uint8Array.of(0));

describe("the extensions of a certificate", () => {
  it("are read by their identifiers", () => {
    const all = extensionsOf(certificate(sequence(ID, octets(ascii("a"))), sequence(oid("1.2.4"), octets(ascii("b")))));
    expect([...all.keys()]).toEqual(["1.2.3", "1.2.4"]);
    expect(all.get("1.2.4")?.value.toString()).toBe("b");
  });

  it.each([
    ["critical", true, [TRUE]],
    ["not critical", false, [FALSE]],
    ["not critical where nothing is said", false, []],
  ] as const)("are %s", (_, critical, flag) => {
    expect(extensionsOf(certificate(sequence(ID, ...flag, octets(ascii("a"))))).get("1.2.3")).toEqual({
      critical,
      value: Buffer.from("a"),
    });
  });

  it.each([
    ["nothing", []],
    ["an identifier alone", [ID]],
    ["a value alone", [octets()]],
    ["a value of another type", [ID, utf8("x")]],
    ["a value before its flag", [ID, octets(), TRUE]],
    ["two flags", [ID, TRUE, TRUE, octets()]],
  ])("are not %s", (_, parts) => {
    expect(() => extensionsOf(certificate(sequence(...parts)))).toThrow(refusedFor("an extension of another shape"));
  });

  it("are there once each", () => {
    const twice = certificate(sequence(ID, octets(ascii("a"))), sequence(ID, TRUE, octets(ascii("b"))));
    expect(() => extensionsOf(twice)).toThrow(refusedFor("twice", { expected: "each once", actual: "1.2.3" }));
  });
});

describe("a UTF8String", () => {
  it("gives its text", () => {
    expect(utf8String(holding(utf8("https://ä.example")))).toBe("https://ä.example");
    expect(utf8String(holding(utf8("")))).toBe("");
  });

  it.each([
    ["of another type", 19, Uint8Array.of(0x13, 1, 0x61)],
    ["of another class", 12, Uint8Array.of(0x8c, 1, 0x61)],
    ["in pieces", 12, Uint8Array.of(0x2c, 3, 0x0c, 1, 0x61)],
  ])("is not %s", (_, tag, value) => {
    expect(() => utf8String(holding(value))).toThrow(
      refusedFor("not the text that it should be", { expected: "a UTF8String", actual: `tag ${tag}` }),
    );
  });

  it.each([
    ["with a byte behind it", Uint8Array.of(0x0c, 1, 0x61, 0), "invalid trailing data"],
    ["in a padded encoding", paddedTlv(0x0c, ascii("a")), "non-minimal length encoding"],
  ])("is not one %s, as the library says", (_, value, message) => {
    expect(() => utf8String(holding(value))).toThrow(expect.objectContaining({ message }));
  });

  it("holds no more than any other text", () => {
    expect(() => utf8String(holding(utf8("a\u0007")))).toThrow(refusedFor("a text that cannot be shown"));
  });
});

describe("a text", () => {
  const unshown = (actual: string) =>
    refusedFor("a text that cannot be shown", {
      expected: `UTF-8 without control characters, at most ${MAX_CERTIFICATE_TEXT} characters`,
      actual,
    });

  it("has its length and no more", () => {
    expect(plainText(ascii("x".repeat(MAX_CERTIFICATE_TEXT)))).toHaveLength(MAX_CERTIFICATE_TEXT);
    expect(() => plainText(ascii("x".repeat(MAX_CERTIFICATE_TEXT + 1)))).toThrow(
      unshown(`${MAX_CERTIFICATE_TEXT + 1} bytes`),
    );
  });

  it.each([
    ["bytes that are no UTF-8", Uint8Array.of(0xc0, 0x80)],
    ["the first control character", ascii("a\u0000")],
    ["the last control character before the space", ascii("a\u001f")],
    ["DEL", ascii("a\u007f")],
    ["the last C1 control", ascii("\u009f")],
  ])("has no %s", (_, bytes) => {
    expect(() => plainText(bytes)).toThrow(unshown(`${bytes.byteLength} bytes`));
    expect(() => rawString(holding(bytes))).toThrow(unshown(`${bytes.byteLength} bytes`));
  });

  it.each([" ~", "\u00a0", "\ufeffa"])("keeps %j as it is", (text) => {
    expect(plainText(ascii(text))).toBe(text);
    expect(rawString(holding(ascii(text)))).toBe(text);
  });
});
