import { createHash } from "node:crypto";
import {
  type BuildOutput,
  encodeSubjectsFile,
  issueText,
  isTouchmarkError,
  type SubjectsFile,
  subjectsFileOf,
  TouchmarkError,
} from "@touchmark/core";
import type { Adapter, Host } from "@touchmark/plugin";
import type { FixtureCopy } from "./fixture-copy.ts";
import type { LawCase } from "./law.ts";
import { type TestHostOptions, withTestHost } from "./test-host.ts";

/** What `collect` did. */
export type Outcome =
  | { readonly kind: "output"; readonly output: BuildOutput }
  | { readonly kind: "null" }
  /** One of our errors: the adapter noticed. */
  | { readonly kind: "refused"; readonly error: TouchmarkError }
  /** Any other error: nobody can tell whether it noticed or fell over. */
  | { readonly kind: "crashed"; readonly error: unknown };

/** Runs an adapter over a folder, with its options read by its own schema. */
export async function run(
  adapter: Adapter,
  lawCase: LawCase,
  folder: string,
  options: TestHostOptions & { readonly wrap?: (host: Host) => Host } = {},
): Promise<Outcome> {
  const { wrap = (host: Host) => host, ...hostOptions } = options;
  try {
    const parsed = adapter.options.safeParse(lawCase.options);
    if (!parsed.success) throw new TouchmarkError("CONFIG_INVALID", issueText(parsed.error), { cause: parsed.error });
    const output = await withTestHost(folder, (host) => adapter.collect(wrap(host), parsed.data), {
      userCode: lawCase.userCode ?? false,
      ...hostOptions,
    });
    return output === null ? { kind: "null" } : { kind: "output", output };
  } catch (error) {
    return isTouchmarkError(error) ? { kind: "refused", error } : { kind: "crashed", error };
  }
}

/** The output over the unspoilt fixture, or a text that says why there is none: then no law can be judged. */
export async function baseline(
  adapter: Adapter,
  lawCase: LawCase,
  copy: FixtureCopy,
): Promise<BuildOutput | { readonly broken: string }> {
  const outcome = await run(adapter, lawCase, copy.folder);
  if (outcome.kind !== "output") return { broken: showOutcome(outcome) };
  return outcome.output.subjects.length === 0 ? { broken: "an output without subjects" } : outcome.output;
}

/** For a person: `2 subjects (a, b)`, `null`, `ARTIFACT_MISSING: …`. */
export function showOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "output": {
      const names = outcome.output.subjects.map((subject) => subject.name);
      return `${names.length} subject${names.length === 1 ? "" : "s"} (${names.slice(0, 8).join(", ")})`;
    }
    case "null":
      return "null";
    case "refused":
      return `${outcome.error.code}: ${outcome.error.message}`;
    case "crashed":
      return `an error that is no TouchmarkError: ${String(outcome.error)}`;
  }
}

/** The output as the subjects file that would be written. */
export function subjectsFile(adapter: Adapter, output: BuildOutput): SubjectsFile {
  return subjectsFileOf(
    { adapter: adapter.name, artifact: adapter.name, part: null, origin: null, checkouts: [], output },
    (bytes) => createHash("sha256").update(bytes).digest("hex"),
  );
}

/** The bytes that would be written: equal for equal outputs, whatever their order. */
export function canonical(adapter: Adapter, output: BuildOutput): string {
  return new TextDecoder().decode(encodeSubjectsFile(subjectsFile(adapter, output)));
}

/**
 * What must not shrink when metadata was touched: names, dependencies, and digests of what is not metadata itself.
 *
 * @param metadata - names of the subjects that are metadata: their digests change when it is touched.
 */
export function listing(adapter: Adapter, output: BuildOutput, metadata: ReadonlySet<string>): string {
  const file = subjectsFile(adapter, output);
  return JSON.stringify({
    subjects: file.subjects.map(({ name, digest }) => [name, metadata.has(name) ? null : digest]),
    dependencies: file.resolvedDependencies,
    // Sorted here: the file's own order goes by digests too, which change with the metadata.
    byproducts: file.byproducts.map(({ name, uri }) => JSON.stringify([name, uri])).sort(),
  });
}

/** Names of the subjects that are metadata files themselves, such as an uploaded checksum list. */
export function metadataSubjects(output: BuildOutput, lawCase: LawCase, copy: FixtureCopy): ReadonlySet<string> {
  const metadata = lawCase.metadata ?? [];
  const isMetadata = (sha256: string) => (copy.byContent.get(sha256) ?? []).some((path) => metadata.includes(path));
  const subjects = output.subjects.filter(({ digest }) => isMetadata(digest["sha256"] ?? ""));
  return new Set(subjects.map(({ name }) => name));
}
