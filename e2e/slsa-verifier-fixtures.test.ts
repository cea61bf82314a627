import { afterAll, describe, expect, it } from "vitest";
import { type Case, cases, suite } from "./slsa-verifier/peer-suite.ts";
import { verifyFlags } from "./slsa-verifier/verify-flags.ts";
import { touchmark } from "./touchmark-process.ts";
import { refusalOf, reportOf } from "./verify-report.ts";

/** What `touchmark verify` answers where slsa-verifier fails for this reason. */
const CODE_OF_REASON: Readonly<Record<string, string>> = {
  ErrorUntrustedReusableWorkflow: "IDENTITY_MISMATCH",
  ErrorMismatchBuilderID: "BUILDER_MISMATCH",
  ErrorNotSupported: "BUILDER_MISMATCH",
  // Nobody named a builder, so nobody is trusted.
  ErrorInvalidBuilderID: "TRUST_UNSET",
  ErrorMismatchSource: "SOURCE_MISMATCH",
  ErrorMismatchBranch: "SOURCE_MISMATCH",
  ErrorMismatchTag: "SOURCE_MISMATCH",
  ErrorMismatchVersionedTag: "SOURCE_MISMATCH",
  ErrorInvalidRef: "SOURCE_MISMATCH",
  ErrorMismatchHash: "NOT_COVERED",
  ErrorMismatchPackageName: "PACKAGE_MISMATCH",
  ErrorMismatchPackageVersion: "PACKAGE_MISMATCH",
  ErrorMismatchIntoto: "EVIDENCE_MISMATCH",
  ErrorNoValidSignature: "SIGNER_UNTRUSTED",
  // The log's entry is about the signature that was there before somebody changed it, and is looked at first.
  ErrorInvalidSignature: "LOG_ENTRY_INVALID",
  ErrorMismatchSignature: "LOG_ENTRY_INVALID",
  ErrorInvalidDssePayload: "LOG_ENTRY_INVALID",
  errrorInvalidAttestations: "NOT_PROVENANCE",
  ErrorMismatchVerifiedLevels: "VSA_LEVEL_TOO_LOW",
  ErrorMismatchVerifierID: "VSA_MISMATCH",
  ErrorInvalidSLSALevel: "USAGE",
  ErrorEmptyRequiredField: "USAGE",
};

/** Rows that fail with another code than their reason alone says. */
const CODE_OF_ROW: Readonly<Record<string, string>> = {
  // The delegators are among those whom slsa-verifier trusts by itself, and nobody named the builder behind them.
  "353": "BUILDER_UNSET",
  // A builder was named, and npm's v1 provenance names a longer one.
  "452": "BUILDER_MISMATCH",
  // The key's id is right, and the signature is not the key's.
  "552": "SIGNATURE_INVALID",
  "564": "SIGNATURE_INVALID",
  // A digest of three hex digits can be no target.
  "514": "INPUT_INVALID",
  // The signature is no base64.
  "664": "BUNDLE_MALFORMED",
};

interface Apart {
  readonly rows: readonly string[];
  readonly code: string;
}

/** `--source-versioned-tag` takes every tag below it. It is asked for as the whole tag, which these were not built from. */
const VERSIONED: Apart = {
  rows: ["017", "018", "026", "035", "143", "144", "152", "161", "597"],
  code: "SOURCE_MISMATCH",
};

/** Envelopes whose log entry slsa-verifier fetches from Rekor; `verify` is given it, or asks with `--online`. */
const UNLOGGED: Apart = { rows: ["354", "357", "360", "363", "366"], code: "LOG_ENTRY_MISSING" };

/** Stricter on purpose: docs/slsa-verifier.md, "Where `touchmark verify` answers otherwise". */
const STRICTER: readonly Apart[] = [
  // `gce_image_id` is the number of an image, and no digest of its bytes.
  { rows: ["506", "508", "522", "524"], code: "NOT_COVERED" },
  // A signature over a statement of no type says nothing of where anything came from.
  { rows: ["660"], code: "STATEMENT_MALFORMED" },
];

/** Refused for the subject, as above, and not for slsa-verifier's reason: a key's id, which nobody signed, decides nothing. */
const OTHER_REASON: Apart = { rows: ["504"], code: "NOT_COVERED" };

const apart = [VERSIONED, UNLOGGED, ...STRICTER, OTHER_REASON];
const isApart = ({ id }: Case) => apart.some(({ rows }) => rows.includes(id));
const asked = cases.filter((one) => !isApart(one));
const titled = (list: readonly Case[]) => list.map((one) => [`${one.id} ${one.name}`, one] as const);
const ofRows = (list: readonly Apart[]) =>
  list.flatMap(({ rows, code }) =>
    cases.filter(({ id }) => rows.includes(id)).map((one) => [`${one.id} ${one.name}`, one, code] as const),
  );

const agreed = { pass: 0, fail: 0 };

afterAll(() => {
  if (cases.length === 0) return;
  const recall = (kind: "pass" | "fail") =>
    `${kind}-recall ${agreed[kind]}/${asked.filter((one) => one.expect === kind).length}`;
  const stricter = STRICTER.flatMap(({ rows }) => rows).length;
  console.log(
    `slsa-verifier's cases through touchmark verify: ${recall("pass")}, ${recall("fail")} with the right code; apart: ` +
      `${VERSIONED.rows.length} that ask for any tag below another, ${UNLOGGED.rows.length} that ask Rekor, ` +
      `${stricter} refused on purpose, ${OTHER_REASON.rows.length} refused for another reason`,
  );
});

if (cases.length === 0) it.skip("slsa-verifier's cases are not beside this checkout", () => undefined);

it.runIf(cases.length > 0)("every row is asked, or apart for one reason", () => {
  const rows = apart.flatMap((one) => one.rows);
  expect([new Set(rows).size, cases.filter(isApart).length]).toEqual([rows.length, rows.length]);
  expect([asked.length, cases.length]).toEqual([167, 187]);
});

describe.runIf(cases.length > 0)("what passes is verified", () => {
  it.each(titled(asked.filter((one) => one.expect === "pass")))("%s", async (_, one) => {
    const report = await verdict(one);
    expect(report).toMatchObject({ status: 0, codes: { ofArtifacts: [] } });
    if (one.args["digest"] !== undefined) expect(report.verified).toEqual([one.args["digest"]]);
    else expect(report.verified).toHaveLength([one.artifact ?? "an image"].flat().length);
    agreed.pass += 1;
  });
});

describe.runIf(cases.length > 0)("what fails is refused with the right code", () => {
  it.each(titled(asked.filter((one) => one.expect === "fail")))("%s", async (_, one) => {
    await expectRefusal(one, CODE_OF_ROW[one.id] ?? CODE_OF_REASON[one.reason] ?? "no code is known");
    agreed.fail += 1;
  });
});

describe.runIf(cases.length > 0)("apart: any tag below another", () => {
  it.each(titled(cases.filter(({ id }) => VERSIONED.rows.includes(id))))(
    "%s: not as the whole tag, only without a tag",
    async (_, one) => {
      await expectRefusal(one, VERSIONED.code);
      expect(await verdict(one, false)).toMatchObject({ status: 0 });
    },
  );
});

describe.runIf(cases.length > 0)("apart: refused, and why", () => {
  it.each(ofRows([UNLOGGED, ...STRICTER, OTHER_REASON]))("%s", async (_, one, code) => {
    await expectRefusal(one, code);
  });
});

async function expectRefusal(one: Case, code: string): Promise<void> {
  const { status, verified, codes } = await verdict(one);
  expect(codes.all).toContain(code);
  expect({ status, verified }).toEqual({ status: isUsage(code) ? 2 : 1, verified: [] });
}

function isUsage(code: string): boolean {
  return ["BUILDER_UNSET", "INPUT_INVALID", "TRUST_UNSET", "USAGE"].includes(code);
}

async function verdict(one: Case, withTag = true) {
  const args = ["verify", "--json", "--offline", ...verifyFlags(one, withTag)];
  const ended = await touchmark(args, { cwd: suite, env: { NO_COLOR: "1" } });
  expect(ended.stderr).not.toMatch(/TypeError|RangeError|SyntaxError|Cannot read/);
  if (ended.status === 2) {
    const { error } = refusalOf(ended);
    return { status: 2, verified: [], codes: { ofArtifacts: [error.code], all: [error.code] } };
  }
  const { status, artifacts, findings } = reportOf(ended);
  const ofArtifacts = artifacts.flatMap((artifact) => artifact.findings.map(({ code }) => code));
  return {
    status,
    verified: artifacts.filter((artifact) => artifact.status === "verified").map(({ digest }) => digest),
    codes: { ofArtifacts, all: [...ofArtifacts, ...findings.map(({ code }) => code)] },
  };
}
