import { createPublicKey, type KeyObject } from "node:crypto";
import {
  type Bundle,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  MAX_SMALL_FILE_BYTES,
  type TouchmarkError,
} from "@touchmark/core";
import {
  type Outcome,
  rulesFor,
  verifyArtifact,
  verifyGcbImage,
  verifyGithubAttestation,
  verifyImage,
  verifyNpmPackage,
  verifyVsa,
} from "@touchmark/slsa-verifier";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import { bundlesIn, firstPassing } from "./bundles.ts";
import { artifactsOf } from "./digests.ts";
import { expectationsOf } from "./expectations.ts";
import type { CommandName } from "./flags.ts";
import { imageBundles, imageDigest } from "./image.ts";
import type { Typed } from "./parse-flags.ts";
import { regionKeys, registryKeys, trustedRoot } from "./trust-material.ts";
import { UsageError } from "./usage-error.ts";

/** One thing that was judged. */
export interface Judged {
  /** As slsa-verifier calls it: `artifact FILE`, `npm package FILE`, `VSA`; null where it says nothing of the single thing. */
  readonly subject: string | null;
  readonly outcome: Outcome;
}

/** Runs a command: what it judged, in order; the first failure is the last. @throws UsageError, TouchmarkError */
export async function* judgedBy(context: Context, command: CommandName, flags: Typed): AsyncIterable<Judged> {
  switch (command) {
    case "verify-artifact":
      return yield* files(context, flags, flags.list("provenance-path"), verifyArtifact);
    case "verify-github-attestation":
      oneAtMost(flags, "expects a single path to a module file");
      return yield* files(context, flags, [flags.required("attestation-path")], (bundle, expected, roots) =>
        verifyGithubAttestation(bundle, { ...expected, builderId: expected.builderId ?? "" }, roots),
      );
    case "verify-npm-package":
      return yield* packages(context, flags);
    case "verify-image":
      return yield { subject: null, outcome: await image(context, flags) };
    case "verify-vsa":
      if (flags.positional.length > 0) throw new UsageError(`unknown command ${JSON.stringify(flags.positional[0])}`);
      return yield { subject: "VSA", outcome: await summary(context, flags) };
  }
}

async function* files(
  context: Context,
  flags: Typed,
  provenance: readonly string[],
  judge: typeof verifyArtifact,
): AsyncIterable<Judged> {
  const digests = flags.list("artifact-digest");
  if (flags.positional.length + digests.length === 0) throw new UsageError("expects at least one artifact");
  const roots = await trustedRoot(context, flags);
  const bundles = await bundlesIn(context, provenance, flags.text("rekor-entry"));
  for await (const { name, digest } of artifactsOf(context, "sha256", flags.positional, digests)) {
    const expected = expectationsOf(flags, digest);
    yield { subject: `artifact ${name}`, outcome: firstPassing(bundles, (bundle) => judge(bundle, expected, roots)) };
  }
}

const NOT_FOR_NPM = ["source-branch", "source-tag", "source-versioned-tag"];

async function* packages(context: Context, flags: Typed): AsyncIterable<Judged> {
  const unsupported =
    NOT_FOR_NPM.find((name) => flags.text(name) !== null) ??
    (flags.switch("print-provenance") === null ? undefined : "print-provenance");
  if (unsupported !== undefined) throw new UsageError(`--${unsupported} not supported`);
  const digests = flags.list("artifact-digest");
  if (flags.positional.length + digests.length === 0) throw new UsageError("expects a single path to an image");
  const [roots, keys] = [await trustedRoot(context, flags), await registryKeys(context, flags)];
  const document = await readInput(context.cwd, flags.required("attestations-path"), MAX_EVIDENCE_BYTES);
  for await (const { name, digest } of artifactsOf(context, "sha512", flags.positional, digests)) {
    const expected = {
      ...expectationsOf(flags, digest),
      packageName: flags.text("package-name"),
      packageVersion: flags.text("package-version"),
    };
    yield { subject: `npm package ${name}`, outcome: verifyNpmPackage(document, expected, roots, keys) };
  }
}

async function image(context: Context, flags: Typed): Promise<Outcome> {
  const [reference, ...more] = flags.positional;
  if (reference === undefined || more.length > 0) throw new UsageError("expects a single path to an image");
  const digest = imageDigest(reference);
  const expected = expectationsOf(flags, digest);
  const rules = rulesFor(expected.builderId);
  if (rules === "gcb") {
    const document = await readInput(context.cwd, flags.required("provenance-path"), MAX_EVIDENCE_BYTES);
    return verifyGcbImage(document, expected, await regionKeys(context, flags));
  }
  // A builder without rules is refused before anybody is asked for the image.
  const found = rules === null ? [] : await imageBundles(context, reference, flags);
  return verifyImage(found.filter(isBundle), expected, await trustedRoot(context, flags));
}

function isBundle(one: Bundle | TouchmarkError): one is Bundle {
  return !isTouchmarkError(one);
}

async function summary(context: Context, flags: Typed): Promise<Outcome> {
  return verifyVsa(await readInput(context.cwd, flags.required("attestation-path"), MAX_EVIDENCE_BYTES), {
    digests: flags.list("subject-digest"),
    verifierId: flags.required("verifier-id"),
    resourceUri: flags.required("resource-uri"),
    levels: flags.list("verified-level"),
    key: publicKey(await readInput(context.cwd, flags.required("public-key-path"), MAX_SMALL_FILE_BYTES)),
    keyId: flags.text("public-key-id") ?? "",
  });
}

function publicKey(pem: Uint8Array): KeyObject {
  try {
    return createPublicKey(Buffer.from(pem));
  } catch {
    throw new UsageError("invalid public key");
  }
}

function oneAtMost(flags: Typed, message: string): void {
  if (flags.positional.length > 1) throw new UsageError(message);
}
