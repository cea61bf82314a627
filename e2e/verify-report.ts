import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import type { Ended } from "./touchmark-process.ts";

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly expected: string | null;
  readonly actual: string | null;
}

interface Artifact {
  readonly name: string;
  readonly digest: string | null;
  readonly platform: string | null;
  readonly status: string;
  readonly rule: string | null;
  readonly statements: readonly { readonly bundle: string; readonly level: number | null }[];
  readonly findings: readonly Finding[];
}

/** What `verify --json` found, with the exit status of the process. */
export interface Report {
  readonly status: number | null;
  readonly result: "verified" | "failed" | "unknown";
  readonly artifacts: readonly Artifact[];
  readonly findings: readonly Finding[];
  readonly absent: { readonly count: number; readonly names: readonly string[] };
  readonly counts: Readonly<Record<string, number>>;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What it prints when there is no verdict. */
export interface Refusal {
  readonly status: number | null;
  readonly error: Finding;
}

/** By another implementation of JSON Schema than the one that wrote it, strict about its keywords. */
const isValid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(new URL("../docs/schemas/verify-v1.schema.json", import.meta.url), "utf8")),
);

const STATUS = { verified: 0, failed: 1, unknown: 3 };

/** A document with a verdict, valid by its schema; the exit status says the same as the document. */
export function reportOf(ended: Ended): Report {
  const report = { status: ended.status, ...documentOf(ended) } as Report;
  expect({ result: report.result, status: ended.status }, ended.stdout).toEqual({
    result: report.result,
    status: STATUS[report.result],
  });
  return report;
}

/** A document without a verdict, valid by its schema. */
export function refusalOf(ended: Ended): Refusal {
  const refusal = { status: ended.status, ...documentOf(ended) } as Refusal;
  expect(refusal.error, ended.stdout).not.toBeUndefined();
  expect([2, 3]).toContain(ended.status);
  return refusal;
}

function documentOf({ stdout, stderr }: Ended): object {
  if (stdout === "") throw new Error(`nothing was printed:\n${stderr}`);
  const document: unknown = JSON.parse(stdout);
  expect(isValid(document), JSON.stringify([isValid.errors, document])).toBe(true);
  return document as object;
}

/** Status and codes of each artifact, in their order: `verified`, `tampered DIGEST_MISMATCH`. */
export function verdictsOf({ artifacts }: Report): readonly string[] {
  return artifacts.map(({ status, findings }) => [status, ...findings.map(({ code }) => code)].join(" "));
}
