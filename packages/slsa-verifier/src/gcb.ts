import { isDeepStrictEqual } from "node:util";
import type { Json } from "@touchmark/core";
import type { CloudBuildKeys } from "@touchmark/verify";
import { matchLoosely, parseBuilderId, showBuilderId } from "./builder-id.ts";
import { readEnvelope } from "./envelope.ts";
import { type GcbPredicate, gcbPredicate } from "./gcb-predicate.ts";
import { STATEMENTS, seen } from "./gcb-shape.ts";
import { type GcbStatement, verifyGcbEnvelope } from "./gcb-signature.ts";
import type { Expectations } from "./github-provenance.ts";
import { objectOf } from "./go-json.ts";
import { Refusal } from "./refusal.ts";
import { readJson } from "./statement.ts";
import { checkVersionedTag } from "./version.ts";

const WORKER = "https://cloudbuild.googleapis.com/GoogleHostedWorker";
const BUILDERS = { v01: [`${WORKER}@v0.2`, `${WORKER}@v0.3`], v1: [WORKER] };
const BUILD_TYPE_V1 = "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1";
const RECIPES = [
  "https://cloudbuild.googleapis.com/CloudBuildYaml@",
  "https://cloudbuild.googleapis.com/CloudBuildSteps@",
];

type Object = Readonly<Record<string, Json>>;

/** True for builder ids that Google Cloud Build's rules are for, well formed or not. */
export function isGcbBuilder(builderId: string): boolean {
  return builderId.split("@")[0] === WORKER;
}

/**
 * Judges what `gcloud artifacts docker images describe --show-provenance --format json` prints about an image.
 *
 * @param expected - the digest is the image's SHA-256.
 * @throws Refusal
 */
export function judgeGcbImage(
  document: Uint8Array,
  expected: Expectations,
  keys: CloudBuildKeys,
): { readonly builderId: string; readonly statement: Uint8Array } {
  const description = objectOf(readJson(document)) ?? {};
  const { provenance, signed, payload } = verified(description, keys);
  const predicate = gcbPredicate(signed);
  const builderId = checkBuilder(predicate, signed.version, expected.builderId);
  checkSubject(predicate, expected.digest);
  checkSource(predicate.source(), signed.version, builderId, expected.source);
  checkPlace(provenance, description, expected.digest);
  checkText(objectOf(provenance["build"]) ?? {}, signed);
  if (expected.branch !== null) throw new Refusal("ErrorNotSupported", "branch verification");
  if (expected.tag !== null) {
    const tag = predicate.tag();
    if (tag !== expected.tag) throw new Refusal("ErrorMismatchTag", `expected '${expected.tag}', got '${tag}'`);
  }
  if (expected.versionedTag !== null) checkVersionedTag(predicate.tag(), expected.versionedTag);
  return { builderId, statement: payload };
}

/** The first of several that anything signed. */
function verified(description: Object, keys: CloudBuildKeys) {
  const list = objectOf(description["provenance_summary"])?.["provenance"];
  if (!Array.isArray(list) || list.length === 0) throw new Refusal("ErrorInvalidDssePayload", "no provenance found");
  const problems: string[] = [];
  for (const one of list) {
    const provenance = objectOf(one) ?? {};
    try {
      const envelope = readEnvelope(provenance["envelope"]);
      return { provenance, signed: verifyGcbEnvelope(envelope, keys), payload: envelope.payload };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(error.message);
    }
  }
  throw new Refusal("ErrorNoValidSignature", problems.join("; "));
}

function checkBuilder(predicate: GcbPredicate, version: GcbStatement["version"], expected: string | null): string {
  const { builderId, buildType } = predicate;
  if (!BUILDERS[version].includes(builderId)) throw new Refusal("ErrorInvalidBuilderID", builderId);
  const id = parseBuilderId(builderId, version === "v01");
  if (expected !== null) matchLoosely(id, expected, false);
  if (version === "v1") {
    if (buildType !== BUILD_TYPE_V1) throw new Refusal("ErrorInvalidBuildType", buildType);
    return showBuilderId(id);
  }
  const isKnown = id.version === "v0.2" ? buildType === builderId : RECIPES.some((one) => buildType.startsWith(one));
  if (!isKnown) throw new Refusal("ErrorInvalidRecipe", buildType);
  const type = objectOf(predicate.arguments)?.["@type"];
  if (typeof type !== "string") throw new Refusal("ErrorInvalidDssePayload", "recipe arguments have no '@type'");
  if (type !== "type.googleapis.com/google.devtools.cloudbuild.v1.Build") {
    throw new Refusal("ErrorMismatchBuilderID", `recipe arguments are of the type ${type}`);
  }
  return showBuilderId(id);
}

function checkSubject({ subjects }: GcbPredicate, digest: string): void {
  if (subjects.length === 0) throw new Refusal("ErrorInvalidDssePayload", "no subjects");
  for (const subject of subjects) {
    const sha256 = objectOf(subject["digest"])?.["sha256"];
    if (sha256 === undefined) throw new Refusal("ErrorInvalidDssePayload", "no sha256 subject digest");
    if (sha256 === digest) return;
  }
  throw new Refusal("ErrorMismatchHash", `expected hash '${digest}' not found`);
}

function checkSource(stated: string, version: GcbStatement["version"], builderId: string, expected: string): void {
  const uri = stated.replace(/^git\+/, "");
  const wanted = uri.startsWith("https://") && !expected.startsWith("https://") ? `https://${expected}` : expected;
  if (version === "v1") {
    const [repository, ref, ...more] = uri.split("@");
    if (ref === undefined || more.length > 0) throw new Refusal("ErrorInvalidFormat", `no version found in '${uri}'`);
    if (repository !== wanted) throw new Refusal("ErrorMismatchSource", `expected '${wanted}', got '${repository}'`);
    return;
  }
  const isMeant = builderId.endsWith("@v0.2")
    ? uri.startsWith(`${wanted}/commit/`) || uri.startsWith(`${wanted}#`)
    : uri === wanted || uri.startsWith(`${wanted}#`);
  if (!isMeant) throw new Refusal("ErrorMismatchSource", `expected '${wanted}', got '${uri}'`);
}

/** What stands around the signed statement, by nobody's word, must not contradict it. */
function checkPlace(provenance: Object, description: Object, digest: string): void {
  const { kind, resourceUri } = provenance;
  if (kind !== "BUILD") throw new Refusal("ErrorInvalidFormat", `expected kind to be 'BUILD', got ${String(kind)}`);
  const summary = objectOf(description["image_summary"]) ?? {};
  const places = [
    ["resourceUri", typeof resourceUri === "string" && resourceUri.endsWith(`@sha256:${digest}`)],
    ["summary digest", summary["digest"] === `sha256:${digest}`],
    [
      "fully qualified digest",
      typeof summary["fully_qualified_digest"] === "string" &&
        summary["fully_qualified_digest"].endsWith(`sha256:${digest}`),
    ],
  ] as const;
  const wrong = places.find(([, holds]) => !holds)?.[0];
  if (wrong !== undefined) throw new Refusal("ErrorMismatchHash", `expected ${wrong} 'sha256:${digest}'`);
}

/** The statement that people read must say the same as the one that is signed. */
function checkText(build: Object, { version, statement }: GcbStatement): void {
  let text: Json;
  if (version === "v1") text = seen(build["inTotoSlsaProvenanceV1"], STATEMENTS.v1);
  else {
    const { slsaProvenance, ...head } = objectOf(seen(build["intotoStatement"], STATEMENTS.v01Text)) ?? {};
    text = { ...head, predicate: slsaProvenance ?? null };
  }
  if (!isDeepStrictEqual(text, statement)) {
    throw new Refusal("ErrorMismatchIntoto", "the statement that is shown differs from the one that is signed");
  }
}
