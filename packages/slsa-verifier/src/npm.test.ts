import { newTestKey } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { delegatedStatementV02, LOW_PERMISSION_RUN } from "../test/delegated-cases.ts";
import { SHA512 } from "../test/github-cases.ts";
import {
  HOSTED,
  keysJson,
  type NpmDocument,
  npmStatementV1,
  npmStatementV02,
  OWN_RUN,
  packageDocument,
  packageVerdict,
  publishStatement,
  RUNNER,
  SELF_HOSTED,
} from "../test/npm-cases.ts";

const NODEJS = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_nodejs_slsa3.yml";

describe("the builder", () => {
  it.each([
    [HOSTED, "passed"],
    [RUNNER, "ErrorInvalidBuilderID"], // v1 was never written under the short name
    [SELF_HOSTED, "ErrorMismatchBuilderID"],
    [NODEJS, "ErrorNotSupported"],
    [`${HOSTED}@v1`, "ErrorNotSupported"],
    [null, "ErrorInvalidBuilderID"],
    ["https://example.com/builder", "ErrorVerifierNotSupported"],
  ])("of v1, expected %s: %s", (builderId, name) => {
    expect(packageVerdict({ expected: { builderId } })).toBe(name);
  });

  it.each([
    [HOSTED, "passed"],
    [RUNNER, "passed"],
    [SELF_HOSTED, "ErrorMismatchBuilderID"],
  ])("of v0.2, expected %s: %s", (builderId, name) => {
    expect(packageVerdict({ provenance: npmStatementV02(), expected: { builderId } })).toBe(name);
  });

  it("is the one that the provenance names", () => {
    const provenance = npmStatementV1();
    provenance.predicate.runDetails.builder.id = `${HOSTED}/other`;
    expect(packageVerdict({ provenance })).toBe("ErrorMismatchBuilderID");
  });

  it.each([
    ["self-hosted", HOSTED, "ErrorMismatchBuilderID"],
    ["self-hosted", SELF_HOSTED, "ErrorInvalidBuilderID"], // nothing is known of what such a runner writes
    ["elsewhere", HOSTED, "ErrorNotSupported"],
  ])("ran %s, expected %s: %s", (runnerEnvironment, builderId, name) => {
    expect(packageVerdict({ claims: { ...OWN_RUN, runnerEnvironment }, expected: { builderId } })).toBe(name);
  });
});

describe("the delegator's", () => {
  const provenance = () => {
    const statement = delegatedStatementV02();
    statement.predicate.builder.id = `${NODEJS}@refs/tags/v2.1.0`;
    Object.assign(statement, { subject: npmStatementV02().subject });
    return statement;
  };

  it.each([
    [NODEJS, "passed"],
    [`${NODEJS}@v2.1.0`, "passed"],
    [`${NODEJS}@v2.0.0`, "ErrorMismatchBuilderID"],
    [HOSTED, "ErrorMismatchBuilderID"],
  ])("expected %s: %s", (builderId, name) => {
    expect(packageVerdict({ provenance: provenance(), claims: LOW_PERMISSION_RUN, expected: { builderId } })).toBe(
      name,
    );
  });

  it("on a runner of the user's own is refused", () => {
    const claims = { ...LOW_PERMISSION_RUN, runnerEnvironment: "self-hosted" };
    expect(packageVerdict({ provenance: provenance(), claims, expected: { builderId: NODEJS } })).toBe(
      "ErrorMismatchBuilderID",
    );
  });

  it("may say more than the certificate: it is trusted", () => {
    const statement = provenance();
    Object.assign(statement.predicate, { metadata: { buildStartedOn: "2026-01-01T00:00:00Z", reproducible: true } });
    expect(packageVerdict({ provenance: statement, claims: LOW_PERMISSION_RUN, expected: { builderId: NODEJS } })).toBe(
      "passed",
    );
  });
});

/** An entry that keeps no signature, so that nothing but the key tells another one. */
const PROMISED = { version: "0.1", entryOptions: { proof: false }, timestamp: null } as const;

describe("the registry's word", () => {
  it("is signed by a key of the registry", () => {
    // the entry names the key that made it, so that this is found first
    expect(packageVerdict({ publishOptions: { key: newTestKey() } })).toBe("ErrorInvalidRekorEntry");
    expect(packageVerdict({ publishOptions: { keyHint: "SHA256:other" } })).toBe("ErrorInvalidPublicKey");
    expect(packageVerdict({ publishOptions: { keyHint: "SHA256:nobody" } })).toBe("ErrorInvalidPublicKey");
    expect(packageVerdict({ keys: keysJson(newTestKey()) })).toBe("ErrorInvalidRekorEntry");
  });

  it("is signed", () => {
    const edit = ({ attestations: [, publish] }: NpmDocument) => {
      const other = packageDocument({ publishOptions: { key: newTestKey() } }).attestations[1];
      const signatures = other?.bundle.dsseEnvelope?.signatures;
      if (publish?.bundle.dsseEnvelope && signatures) publish.bundle.dsseEnvelope.signatures = signatures;
    };
    expect(packageVerdict({ publishOptions: { entry: "intoto-0.0.1", ...PROMISED }, edit })).toBe(
      "ErrorInvalidSignature",
    );
  });

  it("is in the log", () => {
    expect(packageVerdict({ publishOptions: { entry: null } })).toBe("ErrorInvalidRekorEntry");

    const edit = ({ attestations: [provenance, publish] }: NpmDocument) => {
      const entries = provenance?.bundle.verificationMaterial.tlogEntries ?? [];
      if (publish) publish.bundle.verificationMaterial.tlogEntries = entries;
    };
    expect(packageVerdict({ edit })).toBe("ErrorInvalidRekorEntry");
  });

  it("is not signed with a certificate", () => {
    const edit = ({ attestations: [provenance, publish] }: NpmDocument) => {
      if (provenance && publish) publish.bundle = provenance.bundle;
    };
    expect(packageVerdict({ edit })).toBe("ErrorInvalidPublicKey");
  });

  it.each([
    ["another digest", { subject: [{ name: "x", digest: { sha512: "00".repeat(64) } }] }, "ErrorMismatchHash"],
    ["another algorithm", { subject: [{ name: "x", digest: { sha256: SHA512 } }] }, "ErrorMismatchHash"],
    ["no subject", { subject: [] }, "ErrorInvalidDssePayload"],
    ["another kind of statement", { _type: "https://example.com/Statement" }, "ErrorInvalidDssePayload"],
    ["another kind of predicate", { predicateType: "https://slsa.dev/provenance/v1" }, "ErrorInvalidDssePayload"],
    ["another name", { predicate: { name: "@octo/other", version: "1.0.0" } }, "ErrorMismatchPackageName"],
    ["no name", { predicate: { version: "1.0.0" } }, "ErrorMismatchPackageName"],
    [
      "a name with a version",
      { predicate: { name: "@octo/widgets@1.0.0", version: "1.0.0" } },
      "ErrorMismatchPackageName",
    ],
    [
      "a name with two versions",
      { predicate: { name: "@octo/widgets@1@2", version: "1.0.0" } },
      "ErrorInvalidPackageName",
    ],
    ["another version", { predicate: { name: "@octo/widgets", version: "1.0.1" } }, "ErrorMismatchPackageVersion"],
    ["no version", { predicate: { name: "@octo/widgets" } }, "ErrorMismatchPackageVersion"],
  ])("%s", (_what, change, name) => {
    expect(packageVerdict({ publish: { ...publishStatement(), ...change } })).toBe(name);
  });
});

describe("name and version", () => {
  it.each([
    [{ packageName: null, packageVersion: null }, "passed"],
    [{ packageName: "@octo/widget" }, "ErrorMismatchPackageName"],
    [{ packageName: "octo/widgets" }, "ErrorMismatchPackageName"],
    [{ packageVersion: "1.0" }, "ErrorMismatchPackageVersion"],
    [{ packageVersion: "" }, "ErrorMismatchPackageVersion"],
  ])("expected %j: %s", (expected, name) => {
    expect(packageVerdict({ expected })).toBe(name);
  });

  it.each([
    ["pkg:npm/%40octo/other@1.0.0", "ErrorMismatchPackageName"],
    ["pkg:npm/%40octo/widgets@1.0.1", "ErrorMismatchPackageVersion"],
    ["pkg:npm/%40octo/widgets", "ErrorMismatchPackageVersion"],
    ["pkg:npm/%40octo%2Fwidgets@1.0.0", "passed"],
    ["pkg:npm/@octo/widgets@1.0.0", "passed"],
    ["pkg:npm/%40octo/widgets@1.0.0@2", "ErrorInvalidPackageName"],
    ["pkg:npm/%zz@1.0.0", "ErrorInvalidEncoding"],
    ["pkg:pypi/widgets@1.0.0", "ErrorInvalidPackageName"],
    ["widgets", "ErrorInvalidPackageName"],
  ])("of the subject %s: %s", (subject, name) => {
    const provenance = npmStatementV1();
    for (const one of provenance.subject) one.name = subject;
    expect(packageVerdict({ provenance })).toBe(name);
  });
});

describe("the provenance", () => {
  it("is of the artifact", () => {
    expect(packageVerdict({ expected: { digest: "00".repeat(64) } })).toBe("ErrorMismatchHash");
    expect(packageVerdict({ expected: { digest: "00".repeat(20) } })).toBe("ErrorInvalidHash");
  });

  it("is of the source", () => {
    expect(packageVerdict({ expected: { source: "github.com/octo/evil" } })).toBe("ErrorMismatchSource");
  });

  it("has a statement type that is known", () => {
    const provenance = { ...npmStatementV1(), _type: "https://example.com/Statement" };
    expect(packageVerdict({ provenance })).toBe("ErrorInvalidDssePayload");
  });
});

describe("the document", () => {
  it.each([
    ["no list", (one) => Object.assign(one, { attestations: {} })],
    ["one attestation", (one) => one.attestations.pop()],
    ["no provenance", (one) => Object.assign(one.attestations[0] ?? {}, { predicateType: "https://example.com" })],
    [
      "no word of the registry",
      (one) => Object.assign(one.attestations[1] ?? {}, { predicateType: "https://example.com" }),
    ],
    ["a kind that is no text", (one) => Object.assign(one.attestations[1] ?? {}, { predicateType: 1 })],
  ] satisfies [string, (document: NpmDocument) => unknown][])("%s", (_what, edit) => {
    expect(packageVerdict({ edit })).toBe("ErrorInvalidNpmAttestations");
  });

  it("the last of a kind counts", () => {
    const edit = ({ attestations }: NpmDocument) => {
      const [provenance] = attestations;
      if (provenance) attestations.unshift({ ...provenance, bundle: {} as never });
    };
    expect(packageVerdict({ edit })).toBe("passed");
    const worse = ({ attestations }: NpmDocument) => {
      const [provenance] = attestations;
      if (provenance) attestations.push({ ...provenance, bundle: {} as never });
    };
    expect(packageVerdict({ edit: worse })).toBe("ErrorInvalidDssePayload");
  });
});
