import {
  type Bundle,
  MAX_NAME_LENGTH,
  parseStatement,
  type StatedStatement,
  type TouchmarkError,
} from "@touchmark/core";
import { isIntotoPayload } from "../authenticate.ts";
import { refused } from "../certificate/refused.ts";
import type { RegistryWord } from "../formats/piece.ts";
import { type Package, packageOfPurl } from "../package-purl.ts";
import type { Signer } from "../signer.ts";
import { NPM_PUBLISH } from "./attestation-types.ts";
import type { NpmKey, NpmKeys } from "./npm-keys.ts";

/** That a registry vouches for having published a package: by its own key, in a log, about the same bytes. */
export interface Published {
  /** As the registry's statement says. */
  readonly registry: string;
  readonly name: string;
  readonly version: string;
  /** What the registry calls its key: `SHA256:…`, which is not the key's digest. */
  readonly keyId: string;
  /** SHA-256 of the public key in DER, lowercase hex. */
  readonly keyDigest: string;
  /** The earliest verified time. RFC 3339, UTC. */
  readonly signedAt: string;
}

/**
 * Checks that the registry's own word stands beside provenance and is about the same package. Provenance alone says that a
 * workflow made these bytes, and not that they are what the registry has under this name.
 *
 * @param stated - the provenance, whose signature held.
 * @param signer - who made it: the registry's entry in the log must hold under the same roots.
 * @param keys - null where the caller gave none: then no registry is believed.
 * @throws TouchmarkError `PUBLISH_MISSING`; `SIGNER_UNTRUSTED` for a key that the registry does not have; as
 * `Roots.verifyLoggedByKey`; `TIMESTAMP_INVALID` for a key that was not in use; `STATEMENT_MALFORMED`; `PUBLISH_MISMATCH`.
 */
export function checkPublished(
  stated: StatedStatement,
  signer: Signer,
  word: RegistryWord,
  keys: NpmKeys | null,
): Published {
  if (word.kind !== "beside") {
    throw refused("PUBLISH_MISSING", "npm's registry does not say in its document that it published this", {
      expected: `an attestation of the type ${NPM_PUBLISH} beside the provenance`,
      actual: "none",
    });
  }
  const { bundle } = word;
  const key = keyOf(bundle, keys);
  const times = timesOf(bundle, signer, key);
  checkInUse(key, times);
  const publish = statementOf(bundle);
  const { name, version, registry } = predicateOf(publish);
  const published = onlyPackage(publish, "the registry's attestation");
  const built = onlyPackage(stated, "the provenance");
  for (const [what, expected, actual] of [
    ["name", built.name, published.name],
    ["version", built.version, published.version],
    ["name", built.name, name],
    ["version", built.version, version],
    ["sha512 digest", built.sha512, published.sha512],
  ] as const) {
    if (expected === actual) continue;
    throw refused("PUBLISH_MISMATCH", `npm's registry published another ${what} than the provenance is about`, {
      expected,
      actual,
    });
  }
  return { registry, name, version, keyId: key.id, keyDigest: key.digest, signedAt: earliest(times) };
}

function keyOf({ signer }: Bundle, keys: NpmKeys | null): NpmKey {
  const hint = signer.kind === "key" ? signer.hint : null;
  const key = hint === null ? undefined : keys?.get(hint);
  if (key !== undefined) return key;
  throw refused("SIGNER_UNTRUSTED", "no known key of npm's registry made its attestation", {
    expected: keys === null ? "keys of the registry, of which none are given" : [...keys.keys()].join(", "),
    actual: signer.kind === "certificate" ? "a certificate" : (hint ?? "a key without a hint"),
  });
}

function timesOf(bundle: Bundle, signer: Signer, { key }: NpmKey): readonly Date[] {
  if (signer.kind === "identity") return signer.trust.roots.verifyLoggedByKey(bundle, key);
  throw refused("LOG_ENTRY_INVALID", "nobody said which logs to believe about npm's registry", {
    expected: "provenance that is signed with a certificate, by an identity with its roots",
    actual: "provenance that is signed with a key",
  });
}

/** At every verified time: an early one must not make up for a late one. */
function checkInUse({ start, end }: NpmKey, times: readonly Date[]): void {
  if (start !== null && times.every((time) => start <= time && (end === null || time <= end))) return;
  throw refused("TIMESTAMP_INVALID", "npm's registry did not use this key when its attestation was made", {
    expected: start === null ? "a key that says from when it counts" : shownPeriod(start, end),
    actual: times.map((time) => time.toISOString()).join(", "),
  });
}

function shownPeriod(start: Date, end: Date | null): string {
  return `${start.toISOString()} to ${end?.toISOString() ?? "now"}`;
}

/** What a type says outside of the signature, in the document, only sorts; the signed one counts. */
function statementOf({ payloadType, payload }: Bundle): StatedStatement {
  if (!isIntotoPayload(payloadType)) throw malformed("an in-toto statement", JSON.stringify(payloadType));
  const statement = parseStatement(payload);
  if (statement.predicateType === NPM_PUBLISH) return statement;
  throw malformed(NPM_PUBLISH, statement.predicateType);
}

/** Source: https://github.com/npm/attestation/blob/main/specs/publish/v0.1/README.md */
function predicateOf({ predicate }: StatedStatement): Pick<Published, "name" | "version" | "registry"> {
  const textOf = (member: string): string => {
    const value = predicate?.[member];
    if (typeof value === "string" && value !== "" && value.length <= MAX_NAME_LENGTH) return value;
    throw malformed("name, version and registry, each a text", `${member}: ${typeof value}`);
  };
  return { name: textOf("name"), version: textOf("version"), registry: textOf("registry") };
}

function malformed(expected: string, actual: string): TouchmarkError {
  return refused("STATEMENT_MALFORMED", "the attestation of npm's registry cannot be read", { expected, actual });
}

function onlyPackage({ subject }: StatedStatement, what: string): Package & { readonly sha512: string } {
  const [only, ...more] = subject;
  const found = only?.name === undefined ? null : packageOfPurl(only.name);
  const sha512 = only?.digest["sha512"];
  if (more.length === 0 && found?.type === "npm" && sha512 !== undefined) return { ...found, sha512 };
  throw refused("PUBLISH_MISMATCH", `${what} is not about one package of npm`, {
    expected: "one subject, pkg:npm/NAME@VERSION with its sha512",
    actual: more.length > 0 ? `${subject.length} subjects` : JSON.stringify(only?.name ?? "no name"),
  });
}

function earliest([first]: readonly Date[]): string {
  if (first === undefined) throw new TypeError("a signature was verified without a time");
  return first.toISOString();
}
