import { describe, expect, it } from "vitest";
import { policyDocument } from "../document/policy-document.ts";
import { exportPolicy } from "./export-policy.ts";
import type { ExportedSigner } from "./exported.ts";

const ISSUER = "https://token.actions.githubusercontent.com";
const own: ExportedSigner = { name: "own", maxLevel: 2, kind: "pattern", issuer: ISSUER, subjectRegExp: null };
const key: ExportedSigner = { name: "key", maxLevel: 1, kind: "key", pem: "PEM" };
const person: ExportedSigner = { name: "me", maxLevel: 3, kind: "identity", issuer: ISSUER, subject: "me@example.com" };
const RULE = { match: "ghcr.io/octo/**", source: "github.com/octo/wid.gets" };

function exported(tool: "kyverno" | "policy-controller", rules: readonly object[], signers: readonly ExportedSigner[]) {
  const document = policyDocument(
    { version: 1, artifacts: rules },
    { label: "a/My policy.yaml", digest: "ab".repeat(32) },
  );
  return exportPolicy(document, signers, tool);
}

describe("export", () => {
  it("to Kyverno has signers, images and conditions", () => {
    const rule = { ...RULE, "build-type": "https://t", builder: ["https://b", "https://c"], commit: "ab".repeat(20) };
    expect(exported("kyverno", [rule], [own, key, person]).documents).toMatchObject([
      {
        metadata: { name: "my-policy" },
        spec: {
          rules: [
            {
              verifyImages: [
                {
                  imageReferences: ["ghcr.io/octo/*"],
                  attestations: [
                    {
                      type: "https://slsa.dev/provenance/v1",
                      attestors: [
                        {
                          count: 1,
                          entries: [
                            { keyless: { issuer: ISSUER, subjectRegExp: expect.stringMatching(/^\^.*wid\\\.gets\//) } },
                            { keys: { publicKeys: "PEM" } },
                            { keyless: { issuer: ISSUER, subject: "me@example.com" } },
                          ],
                        },
                      ],
                      conditions: [
                        {
                          all: [
                            {
                              value: ["git+https://github.com/octo/wid.gets", "git+https://github.com/octo/wid.gets@*"],
                            },
                            { value: ["https://t"] },
                            { value: ["https://b", "https://c"] },
                            { value: ["ab".repeat(20)] },
                          ],
                        },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      },
    ]);
  });

  it("to policy-controller has the same in CUE", () => {
    const rule = { ...RULE, builder: ["https://b", "https://c"] };
    const [document] = exported("policy-controller", [rule], [key, person]).documents;
    expect(document).toMatchObject({
      metadata: { name: "my-policy-1" },
      spec: {
        images: [{ glob: "ghcr.io/octo/**" }],
        authorities: [
          {
            key: { data: "PEM" },
            attestations: [
              {
                policy: {
                  type: "cue",
                  data: [
                    'predicate: buildDefinition: resolvedDependencies: [{uri: =~"^git\\\\+https://github\\\\.com/octo/wid\\\\.gets(?:@.+)?$", ...}, ...]\n',
                    'predicate: runDetails: builder: id: "https://b" | "https://c"\n',
                  ].join(""),
                },
              },
            ],
          },
          { keyless: { identities: [{ issuer: ISSUER, subject: "me@example.com" }] } },
        ],
      },
    });
  });

  it.each<[string, object, readonly ExportedSigner[], string]>([
    ["a level that nobody reaches", { ...RULE, level: 3 }, [own, key], "rule 1: nobody whom the policy believes"],
    ["nobody to believe", RULE, [], "rule 1: nobody whom the policy believes"],
    ["files only", { ...RULE, match: "tool" }, [key], "rule 1 is about no image"],
    ["packages only", { ...RULE, match: "pkg:npm/**" }, [key], "rule 1 is about no image"],
  ])("leaves out a rule with %s", (_what, rule, signers, why) => {
    const { documents, lost } = exported("policy-controller", [rule], signers);
    expect(documents).toEqual([]);
    expect(lost.join("\n")).toContain(why);
  });

  it.each([
    ["ref", "refs/heads/main"],
    ["branch", "main"],
  ])("says that %s is lost", (name, value) => {
    for (const tool of ["kyverno", "policy-controller"] as const) {
      expect(exported(tool, [{ ...RULE, [name]: value }], [key]).lost).toContain(`rule 1, \`${name}\`: which ${name}`);
    }
  });

  it("lists what is lost", () => {
    const rule = {
      ...RULE,
      match: [RULE.match, "tool"],
      tag: "v1.2.3",
      "max-age": "90d",
      require: ["provenance", "sbom"],
    };
    expect(exported("kyverno", [rule], [key]).lost).toEqual(
      expect.arrayContaining([
        "rule 1 is about files or packages too",
        "rule 1, `tag`: which tag",
        "rule 1, `max-age`: how old it may be",
        "rule 1, `require`: sbom",
        expect.stringContaining("in Kyverno it does not"),
      ]),
    );
  });
});
