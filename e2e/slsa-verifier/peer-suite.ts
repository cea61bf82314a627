import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** Other projects' cases, which are no part of this one: beside the checkout, or where the variable says. */
export const suite: string = join(
  process.env["TOUCHMARK_PEER_SUITES"] ?? resolve(checkout, "..", "shared", "peer-suites"),
  "slsa-verifier",
);

export interface CaseFile {
  /** Null: too large to be kept; by its digest. */
  readonly path: string | null;
  readonly sha256: string;
}

export interface Case {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly command: string;
  readonly artifact: CaseFile | readonly CaseFile[] | null;
  readonly provenance: { readonly path: string };
  /** A list repeats the flag; a map is `key=value`. */
  readonly args: Readonly<Record<string, string | readonly string[] | Readonly<Record<string, string>>>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly expect: "pass" | "fail";
  /** slsa-verifier's name of the error; `ok` where it passes. */
  readonly reason: string;
  readonly needs: "offline" | "rekor-online";
}

const list = join(suite, "cases.json");

/** None where the folder is not there. */
export const cases: readonly Case[] = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
