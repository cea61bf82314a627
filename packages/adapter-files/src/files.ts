import { ACCEPTABLE_ALGORITHMS, type AcceptableAlgorithm, type Subject, TouchmarkError } from "@touchmark/core";
import { type Adapter, API_VERSION, defineAdapter, type Host, requireAll, subjectsOf } from "@touchmark/plugin";
import * as z from "zod";
import { checkFileName } from "./file-name.ts";
import { Expect, Path, requireArgument } from "./options.ts";
import { filesOf, type NamedFile } from "./pattern-files.ts";

export interface FilesOptions {
  /** Paths, folders and globs; each must name at least one file. */
  readonly include: string | readonly string[];
  /** Paths, folders and globs whose files are left out; one that names nothing is no error. */
  readonly exclude?: string | readonly string[] | undefined;
  readonly expect?: readonly string[] | number | undefined;
  /** Digests beside sha256, which is always there. */
  readonly algorithms?: readonly AcceptableAlgorithm[] | undefined;
}

const Patterns = z.union([Path, z.array(Path).min(1)]);

/**
 * Loose files: `--from 'files:dist/*'`. Nothing lists them, so what must be there is the user's to say (`expect`).
 *
 * Never null: the patterns are the user's words, and one that names nothing is `PATTERN_UNMATCHED`.
 */
export const files: Adapter<FilesOptions> = defineAdapter({
  apiVersion: API_VERSION,
  name: "files",
  completeness: "listing",
  marks: [],
  suggest: { include: "dist/*" },
  options: z.strictObject({
    include: Patterns.describe("paths, folders and globs; each must name at least one file"),
    exclude: Patterns.optional().describe("paths, folders and globs whose files are left out"),
    expect: Expect.optional(),
    algorithms: z.array(z.enum(ACCEPTABLE_ALGORITHMS)).optional().describe("digests beside sha256"),
  }),
  fromArgument: (argument) => ({ include: requireArgument(argument, "files:GLOB") }),
  async collect(host, options) {
    const found = await select(host, listed(options.include), listed(options.exclude));
    for (const { name } of found) checkFileName(name);
    const subjects = await hash(host, found, options.algorithms ?? []);
    requireAll(
      subjects.map((subject) => subject.name),
      options.expect ?? null,
    );
    return { subjects, resolvedDependencies: [], byproducts: [] };
  },
});

function listed(option: string | readonly string[] | undefined): readonly string[] {
  return typeof option === "string" ? [option] : (option ?? []);
}

/** Every file that a pattern names, once for each name that it has. */
async function select(
  host: Host,
  include: readonly string[],
  exclude: readonly string[],
): Promise<readonly NamedFile[]> {
  const excluded = new Set<string>();
  for (const pattern of exclude) {
    for (const { file } of await filesOf(host, pattern)) excluded.add(file.path);
  }
  const selected = new Map<string, NamedFile>();
  for (const pattern of include) {
    const matched = await filesOf(host, pattern);
    const kept = excluded.size === 0 ? matched : matched.filter(({ file }) => !excluded.has(file.path));
    if (kept.length === 0) throw unmatched(pattern, matched.length);
    if (include.length === 1) return kept;
    for (const found of kept) selected.set(`${found.name}\0${found.file.path}`, found);
  }
  return [...selected.values()];
}

function unmatched(pattern: string, excluded: number): TouchmarkError {
  return new TouchmarkError("PATTERN_UNMATCHED", `${pattern} names no file`, {
    expected: "at least one regular file",
    actual: excluded === 0 ? "none" : `${excluded}, all of them excluded`,
  });
}

/** @throws TouchmarkError `SUBJECT_CONFLICT` when two files with different bytes have one name; says which. */
async function hash(
  host: Host,
  found: readonly NamedFile[],
  algorithms: readonly AcceptableAlgorithm[],
): Promise<readonly Subject[]> {
  const subjects = await subjectsOf(
    host,
    found.map(({ file }) => file),
    {
      name: (file, index) => found[index]?.name ?? file.name,
      algorithms: [...new Set<AcceptableAlgorithm>(["sha256", ...algorithms])],
    },
  );
  // As the files of one pattern are: each name is there once, and nothing has to be looked up.
  if (subjects.every(({ name }, index) => index === 0 || (subjects[index - 1]?.name ?? "") < name)) return subjects;
  const byName = new Map<string, number>();
  for (const [index, { name, digest }] of subjects.entries()) {
    const earlier = byName.get(name);
    byName.set(name, index);
    if (earlier === undefined || subjects[earlier]?.digest["sha256"] === digest["sha256"]) continue;
    const paths = [earlier, index].map((at) => found[at]?.file.path).sort();
    throw new TouchmarkError("SUBJECT_CONFLICT", `${JSON.stringify(name)} would be the name of two files`, {
      expected: "one file for each name; a longer literal prefix, or name: in the configuration, tells them apart",
      actual: paths.join(" and "),
    });
  }
  return byName.size === subjects.length
    ? subjects
    : subjects.filter((subject, index) => byName.get(subject.name) === index);
}
