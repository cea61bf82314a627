import { isJsonObject, LOCAL_BUILDER } from "@touchmark/core";
import * as z from "zod";
import { readMaxAge } from "../max-age.ts";
import type { BuilderTrust, TrustEntry, TrustSigner, VerifierTrust } from "./entry.ts";
import { momentOf } from "./moment.ts";
import { readSigner } from "./read-signer.ts";
import { BuilderEntry, VerifierEntry } from "./schema.ts";
import { readPart, shownPlace, type TrustSource, unreadable } from "./unreadable.ts";

/** The signer has several forms, and is read by itself so that a message is about the one that was meant. */
const Builder = BuilderEntry.extend({ signer: z.unknown() });
const Verifier = VerifierEntry.extend({ signer: z.unknown() });

const LOCAL_LEVEL = 1;

/**
 * Reads one entry that is no preset.
 *
 * @param keys - that lead to it.
 * @throws TouchmarkError `TRUST_INVALID` for one that is not understood, or that would believe more than it says.
 */
export function readEntry(data: unknown, source: TrustSource, keys: readonly PropertyKey[]): TrustEntry {
  const isVerifier = isJsonObject(data) && Object.hasOwn(data, "verifier");
  return isVerifier ? readVerifier(data, source, keys) : readBuilder(data, source, keys);
}

function readBuilder(data: unknown, source: TrustSource, keys: readonly PropertyKey[]): BuilderTrust {
  const read = readPart(Builder, data, source, keys);
  const signer = readSigner(read.signer, source, [...keys, "signer"]);
  const refuse = (key: string, message: string, expected: string, actual: string) =>
    unreadable(source, [...keys, key], { message, expected, actual });
  const { builder } = read;
  if (signer.kind === "cloud-build") {
    for (const key of ["builder", "roots", "without-log", "runners", "from", "until"] as const) {
      if (read[key] !== undefined)
        throw refuse(key, "Google Cloud Build names its builders itself, and proves no time", "no such key", key);
    }
  } else if (builder === undefined) {
    throw refuse("signer", "no builder is named, so that any would do", "`builder`: same-as-signer, or a URI", "none");
  }
  // Of one's own machine nobody but the signer says anything, whoever signs: docs/builders/local.md
  if (read["max-level"] > LOCAL_LEVEL && [builder].flat().includes(LOCAL_BUILDER)) {
    throw refuse("max-level", `${LOCAL_BUILDER} is no build service`, "level 1 at most", String(read["max-level"]));
  }
  if (signer.kind === "key") {
    if (builder === "same-as-signer")
      throw refuse("builder", "a key is no builder's name", "the URI of the builder that the key signs for", builder);
    if (read.runners !== undefined)
      throw refuse("runners", "no certificate says where a key was used", "a signer with an issuer", read.runners);
    if (read["without-log"] !== undefined)
      throw refuse("without-log", "a key needs no log anyway", "no such key", "true");
  }
  return {
    kind: "builder",
    ...named(read, source, keys),
    signer,
    builders: builder === undefined || builder === "same-as-signer" ? (builder ?? null) : [builder].flat(),
    maxLevel: read["max-level"],
    operator: read.operator ?? null,
    runners: read.runners ?? null,
    source: read.source ?? null,
  };
}

function readVerifier(data: unknown, source: TrustSource, keys: readonly PropertyKey[]): VerifierTrust {
  const read = readPart(Verifier, data, source, keys);
  const signer = readSigner(read.signer, source, [...keys, "signer"]);
  if (!isOfVerifier(signer)) {
    throw unreadable(source, [...keys, "signer"], {
      message: "this signs provenance, and no verifier's summaries",
      expected: "a key, an identity, a pattern, or a workflow by its name",
      actual: signer.kind,
    });
  }
  const { id, levels, resources, "max-age": maxAge } = read.verifier;
  for (const [index, resource] of resources.entries()) {
    if (!resource.slice(0, -1).includes("*") && resource !== "*") continue;
    throw unreadable(source, [...keys, "verifier", "resources", index], {
      message: "a resource is a URI, or the beginning of URIs",
      expected: "* at the end only, behind something",
      actual: resource,
    });
  }
  return {
    kind: "verifier",
    ...named(read, source, keys),
    signer,
    verifierId: id,
    levels,
    resources,
    maxAge: maxAge === undefined ? null : readMaxAge(maxAge),
  };
}

function isOfVerifier(signer: TrustSigner): signer is VerifierTrust["signer"] {
  return signer.kind !== "cloud-build" && signer.kind !== "own-workflow";
}

function named(
  read: Pick<z.output<typeof Builder>, "name" | "from" | "until" | "without-log" | "roots">,
  source: TrustSource,
  keys: readonly PropertyKey[],
) {
  const from = read.from === undefined ? null : momentOf(read.from, "first");
  const until = read.until === undefined ? null : momentOf(read.until, "last");
  if (from !== null && until !== null && from > until) {
    throw unreadable(source, [...keys, "until"], {
      message: "the window ends before it begins",
      expected: `${from.toISOString()} or later`,
      actual: until.toISOString(),
    });
  }
  const place = shownPlace(source, keys);
  return { name: read.name, place, from, until, withoutLog: read["without-log"] === true, roots: read.roots ?? null };
}
