import { ascii, utf8 } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { ISSUER } from "../../test/certificate-cases.ts";
import { readClaims } from "./claims.ts";
import type { Extension } from "./extensions.ts";

const ARC = "1.3.6.1.4.1.57264.1.";

/** Fulcio's extensions by number: up to 7 as bare text, from 8 on as UTF8String. */
function claims(texts: Readonly<Record<number, string>>) {
  const extensions = Object.entries(texts).map(([arc, text]): [string, Extension] => {
    const encode = Number(arc) < 8 ? ascii : utf8;
    return [`${ARC}${arc}`, { critical: false, value: Buffer.from(encode(text)) }];
  });
  return readClaims(new Map(extensions));
}
const invalid = (expected: string, actual: string) =>
  expect.objectContaining({ code: "CERTIFICATE_INVALID", expected, actual });

it("each extension says one thing", () => {
  const numbers = Array.from({ length: 17 }, (_, at) => at + 8);
  expect(claims(Object.fromEntries(numbers.map((arc) => [arc, `.${arc}`])))).toEqual({
    issuer: ".8",
    buildSigner: ".9",
    buildSignerCommit: ".10",
    runnerEnvironment: ".11",
    sourceRepository: ".12",
    sourceCommit: ".13",
    sourceRef: ".14",
    sourceRepositoryId: ".15",
    sourceOwnerId: ".17",
    buildConfig: ".18",
    buildConfigCommit: ".19",
    trigger: ".20",
    runInvocation: ".21",
    environment: ".23",
  });
});

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
    expect(() => claims({ ...others, [now]: text, [before]: `${text}x` })).toThrow(
      invalid(`${ARC}${now}: ${text}`, `${ARC}${before}: ${text}x`),
    );
    if (claim !== "issuer") expect(claims(others)[claim]).toBeNull();
  });

  it("empty ones say nothing", () => {
    expect(claims({ 8: ISSUER, 14: "", 6: "refs/tags/v1" }).sourceRef).toBe("refs/tags/v1");
    for (const none of [{ 8: "" }, {}]) {
      expect(() => claims(none)).toThrow(invalid(`the extension ${ARC}8`, "none"));
    }
  });
});

describe("the source repository", () => {
  const URI = "https://github.com/octo/widgets";

  it("is the URI, which ends as the old name says", () => {
    expect(claims({ 8: ISSUER, 12: URI }).sourceRepository).toBe(URI);
    expect(claims({ 8: ISSUER, 12: URI, 5: "octo/widgets" }).sourceRepository).toBe(URI);
    for (const name of ["widgets-octo/widgets", "to/widgets"]) {
      expect(() => claims({ 8: ISSUER, 12: URI, 5: name })).toThrow(invalid(`${ARC}12: ${URI}`, `${ARC}5: ${name}`));
    }
  });

  it("is at GitHub where GitHub alone says the old name", () => {
    expect(claims({ 8: ISSUER, 5: "octo/widgets" }).sourceRepository).toBe(URI);
    expect(claims({ 8: "https://gitlab.com", 5: "octo/widgets" }).sourceRepository).toBeNull();
    expect(claims({ 8: ISSUER }).sourceRepository).toBeNull();
  });
});
