import type { Expectations } from "@touchmark/slsa-verifier";
import type { Typed } from "./parse-flags.ts";
import { UsageError } from "./usage-error.ts";

/** What the flags expect of an artifact with this digest. @throws UsageError */
export function expectationsOf(typed: Typed, digest: string): Expectations {
  return {
    source: typed.required("source-uri"),
    builderId: typed.text("builder-id"),
    digest,
    branch: typed.text("source-branch"),
    tag: typed.text("source-tag"),
    versionedTag: typed.text("source-versioned-tag"),
    inputs: new Map(typed.list("build-workflow-input").map(keyAndValue)),
  };
}

function keyAndValue(text: string): [string, string] {
  const [key, value, ...more] = text.split("=");
  if (key !== undefined && value !== undefined && more.length === 0) return [key, value];
  throw new UsageError(`invalid argument ${JSON.stringify(text)}: expected 'key=value' format`);
}
