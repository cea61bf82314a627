import { createHash, type KeyObject } from "node:crypto";
import { comparableRepository, compareText, GITHUB_ISSUER, namedCurve, TouchmarkError } from "@touchmark/core";
import { checkedText } from "../match.ts";
import { sourceExpectation } from "../source-expectation.ts";
import type { Standing } from "../standing.ts";
import { checkBuild } from "./check-build.ts";
import { type CloudBuildKeys, digestOfKey } from "./keys.ts";
import { checkRecord } from "./record.ts";
import { cloudBuildSigner } from "./signer.ts";
import type { CloudBuildSource, CloudBuildTrust } from "./trusted.ts";

const CHECKS: CloudBuildTrust["checks"] = { cloudBuildSigner, checkBuild, checkRecord };

export interface CloudBuildOptions {
  readonly keys: CloudBuildKeys;
  readonly label: string;
  readonly date: string | null;
  /** `OWNER/REPO` at GitHub or a URL, either with `@refs/…` behind; or `gs://BUCKET/OBJECT`. */
  readonly source: string | null;
  /** Without a source: leave it to a policy. */
  readonly sourceByPolicy?: boolean;
  readonly standing?: Standing;
}

/**
 * Trust in Google Cloud Build. It builds for everybody who has an account, so that its signature alone says little.
 *
 * @throws TouchmarkError `SOURCE_UNSET` without a source; `USAGE`; `KEY_UNSUPPORTED`.
 */
export function trustedCloudBuild(options: CloudBuildOptions): CloudBuildTrust {
  const { keys, label, date, source, sourceByPolicy = false, standing = null } = options;
  if (source === null && !sourceByPolicy) {
    throw new TouchmarkError("SOURCE_UNSET", "Google Cloud Build signs for everybody who builds there", {
      expected: "the repository that you expect, with --source OWNER/REPO",
      actual: "none",
    });
  }
  const hash = createHash("sha256");
  for (const [name, key] of [...keys].sort(([left], [right]) => compareText(left, right))) {
    hash.update(`${name}\n${keyDigest(key, name)}\n`);
  }
  return {
    kind: "cloud-build",
    label,
    digest: hash.digest("hex"),
    date,
    keys,
    source: source === null ? { kind: "by-policy" } : sourceOf(source),
    standing,
    checks: CHECKS,
  } as CloudBuildTrust;
}

function keyDigest(key: KeyObject, name: string): string {
  const curve = namedCurve(key);
  if (curve === "prime256v1") return digestOfKey(key);
  throw new TouchmarkError("KEY_UNSUPPORTED", `${name} is a key of a kind that Google Cloud Build does not sign with`, {
    expected: "EC P-256",
    actual: curve ?? key.asymmetricKeyType ?? "another kind",
  });
}

function sourceOf(text: string): CloudBuildSource {
  checkedText(text, "the source");
  if (/^gs:\/\/[a-z0-9][a-z0-9._-]+\/[^\s#]+$/.test(text)) return { kind: "storage", uri: text };
  const { repository, ref } = sourceExpectation(text, GITHUB_ISSUER);
  return { kind: "repository", repository, comparable: comparableRepository(repository), ref };
}
