import { describe, expect, it } from "vitest";
import { treeLines } from "../../render/tree.ts";
import { PREDICATE_KINDS, summarise } from "./summarise.ts";

const sha256 = "ab".repeat(32);

/** As a person sees it. */
function shown(type: string, predicate: unknown): readonly string[] {
  const { title, facts } = summarise(type, predicate);
  return [title, ...treeLines(facts, 0).map((line) => line.replace(/(?<=\S) {2,}/, ": "))];
}

const source = { uri: "git+https://github.com/octo/widgets@refs/tags/v1", digest: { gitCommit: "c0ffee" } };

it.each<[string, unknown, readonly string[]]>([
  [
    "https://slsa.dev/provenance/v1",
    {
      buildDefinition: {
        buildType: "https://example.com/type",
        externalParameters: { workflow: { ref: "refs/tags/v1" }, inputs: {}, names: ["a", "b"] },
        internalParameters: { runner: "hosted" },
        resolvedDependencies: [
          source,
          { name: "go", digest: { sha256 } },
          {},
          ...Array.from({ length: 4 }, () => source),
        ],
      },
      runDetails: {
        builder: { id: "https://example.com/builder", version: { tool: "1.2" } },
        metadata: { invocationId: "https://example.com/run/1", startedOn: "2026-01-01T00:00:00Z" },
        byproducts: [{ uri: "x" }],
      },
    },
    [
      "SLSA provenance v1",
      "builder: https://example.com/builder",
      "  tool: 1.2",
      "build type: https://example.com/type",
      "run: https://example.com/run/1",
      "source: https://github.com/octo/widgets refs/tags/v1 c0ffee",
      "parameters",
      "  workflow",
      "    ref: refs/tags/v1",
      "  inputs: (none)",
      "  names: a, b",
      "environment",
      "  runner: hosted",
      "started: 2026-01-01T00:00:00Z",
      "dependencies: 7",
      "  git+https://github.com/octo/widgets@refs/tags/v1: gitCommit:c0ffee",
      `  go: sha256:${sha256}`,
      "  (not said)",
      "  git+https://github.com/octo/widgets@refs/tags/v1: gitCommit:c0ffee",
      "  git+https://github.com/octo/widgets@refs/tags/v1: gitCommit:c0ffee",
      "  and 2 more",
      "byproducts: 1",
    ],
  ],
  [
    "https://slsa.dev/provenance/v0.2",
    {
      builder: { id: "https://example.com/builder" },
      buildType: "https://example.com/type",
      invocation: {
        configSource: { uri: "git+https://example.com/r", digest: { sha1: "d00d" }, entryPoint: "build.yml" },
        parameters: { debug: true },
        environment: { github_event_name: "push" },
      },
      metadata: { buildInvocationID: "1-1", buildFinishedOn: "2026-01-01T00:00:00Z", reproducible: false },
      materials: [],
    },
    [
      "SLSA provenance v0.2",
      "builder: https://example.com/builder",
      "build type: https://example.com/type",
      "run: 1-1",
      "source: https://example.com/r d00d",
      "entry point: build.yml",
      "parameters",
      "  debug: true",
      "environment",
      "  github_event_name: push",
      "finished: 2026-01-01T00:00:00Z",
      "reproducible: false",
      "dependencies: 0",
    ],
  ],
  [
    "https://in-toto.io/Provenance/v0.1",
    {
      builder: { id: "b" },
      recipe: { type: "t", definedInMaterial: 1, entryPoint: "e", arguments: { x: 1 }, environment: { y: 2 } },
      metadata: { buildInvocationId: "i", buildStartedOn: "s" },
      materials: [{ uri: "other" }, source],
    },
    [
      "SLSA provenance v0.1",
      "builder: b",
      "build type: t",
      "run: i",
      "source: https://github.com/octo/widgets refs/tags/v1 c0ffee",
      "entry point: e",
      "parameters",
      "  x: 1",
      "environment",
      "  y: 2",
      "started: s",
      "dependencies: 2",
      "  other",
      "  git+https://github.com/octo/widgets@refs/tags/v1: gitCommit:c0ffee",
    ],
  ],
  [
    "https://slsa.dev/verification_summary/v1",
    {
      verifier: { id: "https://example.com/verifier", version: { slsa: "1.0" } },
      timeVerified: "2026-01-01T00:00:00Z",
      resourceUri: "pkg:oci/app",
      policy: { uri: "https://example.com/policy", digest: { sha256 } },
      inputAttestations: [{ uri: "a", digest: { sha256 } }],
      verificationResult: "PASSED",
      verifiedLevels: ["SLSA_BUILD_LEVEL_3", "FEDRAMP"],
      dependencyLevels: { SLSA_BUILD_LEVEL_1: 5 },
      slsaVersion: "1.1",
    },
    [
      "SLSA verification summary v1",
      "result: PASSED",
      "levels: SLSA_BUILD_LEVEL_3, FEDRAMP",
      "resource: pkg:oci/app",
      "verifier: https://example.com/verifier",
      "  slsa: 1.0",
      "verified: 2026-01-01T00:00:00Z",
      `policy: https://example.com/policy  sha256:${sha256}`,
      "of dependencies",
      "  SLSA_BUILD_LEVEL_1: 5",
      "evidence: 1",
      `  a: sha256:${sha256}`,
      "SLSA version: 1.1",
    ],
  ],
  [
    "https://slsa.dev/verification_summary/v0.1",
    { verification_result: "PASSED", policy_level: "SLSA_LEVEL_3", resource_uri: "r", time_verified: "t" },
    [
      "SLSA verification summary v0.1",
      "result: PASSED",
      "levels: SLSA_LEVEL_3",
      "resource: r",
      "verified: t",
      "evidence: 0",
    ],
  ],
  [
    "https://spdx.dev/Document/v2.3",
    {
      spdxVersion: "SPDX-2.3",
      name: "app",
      documentNamespace: "https://example.com/sbom",
      creationInfo: { created: "2026-01-01T00:00:00Z", creators: ["Tool: syft-1.0", "Organization: x"] },
      packages: [{ name: "openssl", versionInfo: "3.0" }, { name: "zlib" }, {}],
      files: [{}, {}],
      relationships: [{}],
    },
    [
      "SPDX SBOM",
      "format: SPDX-2.3",
      "name: app",
      "namespace: https://example.com/sbom",
      "created: 2026-01-01T00:00:00Z",
      "by: Tool: syft-1.0, Organization: x",
      "packages: 3",
      "  openssl 3.0",
      "  zlib",
      "  (no name)",
      "files: 2",
      "relationships: 1",
    ],
  ],
  [
    "https://spdx.dev/Document/v3",
    {
      "@graph": [
        { type: "CreationInfo", specVersion: "3.0.1", created: "2026-01-01T00:00:00Z" },
        { type: "SpdxDocument", name: "app", spdxId: "https://example.com/doc" },
        { type: "software_Package", name: "zlib", software_packageVersion: "1.3" },
        { type: "Relationship" },
      ],
    },
    [
      "SPDX SBOM",
      "format: SPDX-3.0.1",
      "name: app",
      "namespace: https://example.com/doc",
      "created: 2026-01-01T00:00:00Z",
      "packages: 1",
      "  zlib 1.3",
      "relationships: 1",
    ],
  ],
  [
    "https://cyclonedx.org/bom",
    {
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      serialNumber: "urn:uuid:1",
      metadata: {
        timestamp: "2026-01-01T00:00:00Z",
        component: { name: "app", version: "2.0" },
        tools: { components: [{ name: "syft", version: "1.0" }] },
      },
      components: [{ name: "zlib", version: "1.3" }],
      vulnerabilities: [{}],
    },
    [
      "CycloneDX SBOM",
      "format: CycloneDX 1.6",
      "serial number: urn:uuid:1",
      "about: app 2.0",
      "created: 2026-01-01T00:00:00Z",
      "by: syft 1.0",
      "components: 1",
      "  zlib 1.3",
      "vulnerabilities: 1",
    ],
  ],
  [
    "https://cyclonedx.org/bom/v1.4",
    { specVersion: "1.4", metadata: { tools: [{ vendor: "x", name: "trivy" }] } },
    ["CycloneDX SBOM", "format: CycloneDX 1.4", "by: trivy", "components: 0"],
  ],
  [
    "https://in-toto.io/attestation/test-result/v0.1",
    {
      result: "FAILED",
      url: "https://example.com/run",
      passedTests: ["a", "b"],
      warnedTests: [],
      failedTests: ["c"],
      configuration: [{ name: "ci.yml", digest: { gitBlob: "beef" } }],
    },
    [
      "test result",
      "result: FAILED",
      "at: https://example.com/run",
      "failed: 1",
      "  c",
      "warned: 0",
      "passed: 2",
      "configuration: 1",
      "  ci.yml: gitBlob:beef",
    ],
  ],
  [
    "https://in-toto.io/attestation/vulns/v0.2",
    {
      scanner: {
        uri: "pkg:trivy",
        version: "0.1",
        db: { uri: "pkg:db", version: "7", lastUpdate: "2026-01-01T00:00:00Z" },
        result: [
          {
            id: "CVE-1",
            severity: [
              { method: "nvd", score: "high" },
              { method: "cvss", score: 9 },
            ],
          },
          { vulnerability: { id: "CVE-2" } },
        ],
      },
      metadata: { scanStartedOn: "s", scanFinishedOn: "f" },
    },
    [
      "vulnerability scan",
      "scanner: pkg:trivy",
      "  version: 0.1",
      "database: pkg:db",
      "  version: 7",
      "  updated: 2026-01-01T00:00:00Z",
      "started: s",
      "finished: f",
      "found: 2",
      "  CVE-1: high (nvd), 9 (cvss)",
      "  CVE-2",
    ],
  ],
  [
    "https://cosign.sigstore.dev/attestation/vuln/v1",
    { scanner: { uri: "x", result: { SchemaVersion: 2 } } },
    ["vulnerability scan", "scanner: x", "result", "  SchemaVersion: 2"],
  ],
  [
    "https://in-toto.io/attestation/scai/v0.3",
    {
      attributes: [
        { attribute: "REPRODUCIBLE", evidence: { name: "e", digest: { sha256 } }, conditions: { flags: "-g" } },
        { attribute: "SIGNED", target: { uri: "t" } },
      ],
      producer: { uri: "https://example.com/runner" },
    },
    [
      "SCAI attribute report",
      "producer: https://example.com/runner",
      "attributes: 2",
      "  REPRODUCIBLE",
      `    evidence: e  sha256:${sha256}`,
      "    conditions",
      "      flags: -g",
      "  SIGNED",
      "    target: t",
    ],
  ],
  [
    "https://in-toto.io/attestation/release/v0.1",
    { purl: "pkg:github/octo/widgets@v1", releaseId: "7" },
    ["release attestation", "purl: pkg:github/octo/widgets@v1", "releaseId: 7"],
  ],
  [
    "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
    { name: "widgets", version: "1.0.0", registry: "https://registry.npmjs.org" },
    ["npm publish attestation", "package: widgets", "version: 1.0.0", "registry: https://registry.npmjs.org"],
  ],
  ["https://docs.pypi.org/attestations/publish/v1", null, ["PyPI publish attestation"]],
  [
    "https://example.com/mine",
    { b: { c: [{ d: null }] }, e: "" },
    ["a predicate of another kind", "b", "  c: 1", "    0", "      d: null", "e: (empty)"],
  ],
])("%s", (type, predicate, lines) => {
  expect(shown(type, predicate)).toEqual(lines);
});

describe("a predicate that is not as its type has it", () => {
  const types = [
    "https://slsa.dev/provenance/v1",
    "https://slsa.dev/provenance/v0.2",
    "https://slsa.dev/provenance/v0.1",
    "https://slsa.dev/verification_summary/v1",
    "https://spdx.dev/Document",
    "https://cyclonedx.org/bom",
    "https://in-toto.io/attestation/test-result/v0.1",
    "https://in-toto.io/attestation/vulns/v0.1",
    "https://in-toto.io/attestation/scai/attribute-report/v0.2",
    "https://in-toto.io/attestation/release/v0.2",
    "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
    "https://docs.pypi.org/attestations/publish/v1",
  ];

  it("is of one kind each, and every kind is here", () => {
    const titles = types.map((type) => PREDICATE_KINDS.flatMap((kind) => kind.titleOf(type) ?? []));
    expect(titles.map((each) => each.length)).toEqual(types.map(() => 1));
    expect(new Set(titles.flat()).size).toBe(PREDICATE_KINDS.length);
  });

  it.each(types)("%s shows what there is", (type) => {
    const odd = {
      packages: [1],
      components: "x",
      attributes: {},
      scanner: [],
      builder: null,
      recipe: 7,
      "@graph": [[]],
    };
    for (const predicate of [null, [], "x", {}, odd]) expect(shown(type, predicate)[0]).not.toMatch(/another kind/);
  });
});
