import {
  type Bundle,
  encodeJson,
  isTouchmarkError,
  type Json,
  MAX_EVIDENCE_BYTES,
  parseBundle,
  parseJson,
} from "@touchmark/core";
import type { NpmKeys, Roots } from "@touchmark/verify";
import { matchLoosely, parseBuilderId, showBuilderId } from "./builder-id.ts";
import { builderIdentity } from "./builder-identity.ts";
import { LOW_PERMISSION_DELEGATOR, NPM_BUILDERS, TRUSTED_BUILDERS } from "./builders.ts";
import { checkAgainstCertificate } from "./forgeable.ts";
import { checkCertificateSource, checkCommon, type Expectations } from "./github-provenance.ts";
import { objectOf } from "./go-json.ts";
import { npmKey } from "./npm-key.ts";
import { packageOfSubjects, splitPackage } from "./npm-name.ts";
import { readKnownProvenance } from "./provenance.ts";
import { Refusal } from "./refusal.ts";
import { checkDigest, readStatement } from "./statement.ts";
import { type Workflow, workflowOf } from "./workflow.ts";

/** What the user expects of a package in npm's registry. */
export interface NpmExpectations extends Expectations {
  /** Null: any. */
  readonly packageName: string | null;
  /** Null: any. */
  readonly packageVersion: string | null;
}

const STATEMENT_TYPES = ["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"];
const PROVENANCE = ["https://slsa.dev/provenance/v0.2", "https://slsa.dev/provenance/v1"];
const PUBLISH = "https://github.com/npm/attestation/tree/main/specs/publish/";

/**
 * Judges what npm's registry has about a package (`/-/npm/v1/attestations/…`): provenance, by whoever built it, and the
 * registry's own word for having published it.
 *
 * @throws Refusal, or a TouchmarkError of the signatures.
 */
export function judgeNpmPackage(
  document: Uint8Array,
  expected: NpmExpectations,
  roots: Roots,
  keys: NpmKeys,
): { readonly builderId: string; readonly commit: string; readonly statement: Uint8Array } {
  const { provenance, publish } = attestationsOf(document);
  const workflow = workflowOf(roots.verifyBundle(provenance, false));
  const builderId = judgeProvenance(provenance, workflow, expected);
  checkPublished(publish, roots, keys);
  const published = readStatement(publish);
  if (published.subjects.length === 0) throw new Refusal("ErrorInvalidDssePayload", "no subjects");
  checkDigest(published.subjects, expected.digest);
  const stated = readStatement(provenance);
  checkTypes(stated.type, PROVENANCE.includes(stated.predicateType), stated.predicateType);
  checkTypes(published.type, published.predicateType.startsWith(PUBLISH), published.predicateType);
  checkPackage(packageOfSubjects(stated.subjects), published.predicate, expected);
  return { builderId, commit: workflow.sourceCommit, statement: provenance.payload };
}

/** The registry signs with a key of its own, and the log must have it. */
function checkPublished(publish: Bundle, roots: Roots, keys: NpmKeys): void {
  if (publish.tlogEntries.length === 0) throw new Refusal("ErrorInvalidRekorEntry", "no entry of a log");
  roots.verifyBundleByKey(publish, npmKey(keys, publish.signer.kind === "key" ? publish.signer.hint : null));
}

/** Of several attestations of a kind the last one counts. @throws Refusal `ErrorInvalidNpmAttestations`. */
function attestationsOf(document: Uint8Array): { readonly provenance: Bundle; readonly publish: Bundle } {
  const list = objectOf(read(document))?.["attestations"];
  if (!Array.isArray(list) || list.length < 2) throw invalid("fewer than two attestations");
  const attestations = list.map((one) => objectOf(one));
  const last = (isMeant: (type: string) => boolean) =>
    attestations.findLast((one) => typeof one?.["predicateType"] === "string" && isMeant(one["predicateType"]))?.[
      "bundle"
    ];
  const provenance = last((type) => PROVENANCE.includes(type));
  const publish = last((type) => type.startsWith(PUBLISH));
  if (provenance === undefined || publish === undefined) throw invalid("no provenance, or no word of the registry");
  return { provenance: parseBundle(encodeJson(provenance)), publish: parseBundle(encodeJson(publish)) };
}

function read(document: Uint8Array): Json {
  try {
    return parseJson(document, { what: "npm's attestations", maxBytes: MAX_EVIDENCE_BYTES });
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw invalid(error.message);
  }
}

function judgeProvenance(provenance: Bundle, workflow: Workflow, expected: NpmExpectations): string {
  const delegator = delegatorOf(workflow);
  checkCertificateSource(workflow, expected.source);
  if (expected.builderId === null) throw new Refusal("ErrorInvalidBuilderID", "no expected builder ID");
  const isTrusted = delegator !== null;
  if (isTrusted && workflow.runner === "self-hosted") {
    throw new Refusal("ErrorMismatchBuilderID", "self hosted re-usable workflow");
  }
  if (!isTrusted) checkRunner(workflow, expected.builderId);
  const builder = delegator ?? parseBuilderId(expected.builderId, false);
  const known = readKnownProvenance(builder.name, provenance);
  matchWithOrWithoutRunner(known.builderId, expected.builderId);
  checkCommon(known, expected);
  if (!isTrusted) checkAgainstCertificate(known, workflow);
  return showBuilderId(builder);
}

/** The delegator that builds packages; null where another workflow signed. */
function delegatorOf(workflow: Workflow) {
  try {
    const { id, delegates } = builderIdentity(workflow, LOW_PERMISSION_DELEGATOR, TRUSTED_BUILDERS.npm);
    if (!delegates) throw new TypeError("the delegator was trusted as another builder");
    return id;
  } catch (error) {
    if (error instanceof Refusal && error.reason === "ErrorUntrustedReusableWorkflow") return null;
    throw error;
  }
}

function checkRunner({ runner }: Workflow, builderId: string): void {
  if (runner === null) throw new Refusal("ErrorNotSupported", "hosted status unknown");
  const wanted = NPM_BUILDERS.get(builderId);
  if (wanted === undefined) {
    throw new Refusal(
      "ErrorNotSupported",
      `builder ${builderId}, expected one of ${[...NPM_BUILDERS.keys()].join(", ")}`,
    );
  }
  if (wanted !== runner) throw new Refusal("ErrorMismatchBuilderID", `re-usable workflow is ${runner}`);
}

/** `…/runner` and `…/runner/github-hosted` are one builder. */
function matchWithOrWithoutRunner(stated: string, expected: string): void {
  const id = parseBuilderId(stated, false);
  const hosted = "/github-hosted";
  const other = expected.endsWith(hosted) ? expected.slice(0, -hosted.length) : `${expected}${hosted}`;
  try {
    matchLoosely(id, expected, true);
  } catch (error) {
    try {
      matchLoosely(id, other, true);
    } catch {
      throw error;
    }
  }
}

function checkTypes(type: string, isMeant: boolean, predicateType: string): void {
  if (!STATEMENT_TYPES.includes(type)) throw new Refusal("ErrorInvalidDssePayload", `statement header type '${type}'`);
  if (!isMeant) throw new Refusal("ErrorInvalidDssePayload", `predicate type '${predicateType}'`);
}

function checkPackage(
  stated: { readonly name: string; readonly version: string },
  published: Json | undefined,
  { packageName, packageVersion }: NpmExpectations,
): void {
  const publishedName = memberText(published, "name");
  checkEach([stated.name, splitPackage(publishedName).name, publishedName], packageName, "ErrorMismatchPackageName");
  checkEach([stated.version, memberText(published, "version")], packageVersion, "ErrorMismatchPackageVersion");
}

function memberText(json: Json | undefined, name: string): string {
  const value = objectOf(json)?.[name];
  return typeof value === "string" ? value : "";
}

function checkEach(
  found: readonly string[],
  expected: string | null,
  reason: "ErrorMismatchPackageName" | "ErrorMismatchPackageVersion",
): void {
  const other = expected === null ? undefined : found.find((one) => one !== expected);
  if (other !== undefined) throw new Refusal(reason, `got '${other}', expected '${expected}'`);
}

function invalid(why: string): Refusal {
  return new Refusal("ErrorInvalidNpmAttestations", why);
}
