import { describe, expect, it } from "vitest";
import { trusting } from "../test/certificate-cases.ts";
import { whySlow } from "./slow-pattern.ts";

const OCTO = String.raw`https://github\.com/octo/`;

describe("a pattern that a stranger's name could make slow", () => {
  it.each([
    "(a+)+x",
    "(a|a)*x",
    "(?:[a-z]+/)*x",
    "(?<part>a){2,}",
    "(a*){3}",
    "(a*){10}",
    "(a+)+?",
    String.raw`(.)\1`,
    String.raw`(?<x>.)\k<x>`,
    ".*a.*b.*c.*d",
    "[a-z]*[^/]+.*.+",
    String.raw`\w+\S*\D{1,}.{1,50}`,
    String.raw`\p{L}*\p{L}*.*.*`,
    String.raw`\p{Letter}*\p{Letter}*.*.*`,
  ])("%s", (pattern) => {
    expect(whySlow(pattern)).toEqual(expect.any(String));
    expect(() => trusting({ identityPattern: OCTO + pattern })).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it.each([
    String.raw`widgets/\.github/workflows/release\.yml@refs/tags/v\d+\.\d+\.\d+(?:-rc\d+)?`,
    String.raw`.*/\.github/workflows/.*@refs/tags/v.*`,
    String.raw`[\w.-]+/\.github/workflows/(?:release|nightly)\.yml@refs/tags/v[0-9]+\.[0-9]+`,
    String.raw`a\(+\)*\*+x`,
    "[)*+(]+",
    String.raw`[\\1]`,
    String.raw`\u{61}+\u{62}+\u{63}+\u{64}+`,
    "[0-9]+a[0-9]+b[0-9]+c[0-9]+",
    String.raw`\d+a\d+b\d+c\d+`,
    ".*/.*@[0-9a-f]{40}",
    String.raw`\w+-?\w+/.*@[0-9a-f]+`,
  ])("is not %s", (pattern) => {
    expect(whySlow(OCTO + pattern)).toBeNull();
    expect(() => trusting({ identityPattern: OCTO + pattern })).not.toThrow();
  });
});
