import { TouchmarkError } from "@touchmark/core";
import type * as z from "zod";
import { DenyDocument, type DenyEntry } from "./schema.ts";

/** What must not be used, as somebody wrote it down. Made by {@link denyList} only. */
export interface DenyList {
  /** As the user named it. */
  readonly label: string;
  /** SHA-256 of the file, lowercase hex. */
  readonly digest: string;
  readonly entries: readonly DenyEntry[];
  readonly [checked]: true;
}

declare const checked: unique symbol;

/**
 * Reads a deny list that was parsed from YAML or JSON.
 *
 * @param source.placeOf - `:12` for a place in the file, by the keys that lead to it.
 * @throws TouchmarkError `DENY_INVALID` for anything that is not understood: it could be the entry that matters.
 */
export function denyList(
  data: unknown,
  source: {
    readonly label: string;
    readonly digest: string;
    readonly placeOf?: (keys: readonly PropertyKey[]) => string;
  },
): DenyList {
  const parsed = DenyDocument.safeParse(data);
  const { label, digest, placeOf = () => "" } = source;
  if (parsed.success) return { label, digest, entries: parsed.data.deny } as unknown as DenyList;
  const issue = worst(parsed.error.issues);
  const path = issue?.path ?? [];
  const key = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  throw new TouchmarkError(
    "DENY_INVALID",
    `${label}${placeOf([...path, ...key])} is not a deny list that is understood`,
    {
      expected: "what docs/deny.md says",
      actual: `${path.map(String).join(".") || "the list"}: ${(issue?.message ?? "unknown").slice(0, 300)}`,
      cause: parsed.error,
    },
  );
}

/** A misspelt key comes before the missing one that it was meant to be. */
function worst(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  return issues.find((issue) => issue.code === "unrecognized_keys") ?? issues[0];
}
