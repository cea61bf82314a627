import { createHash } from "node:crypto";
import {
  ACCEPTABLE_ALGORITHMS,
  type AcceptableAlgorithm,
  algorithmByName,
  checkSubjectName,
  type DigestSet,
  isAcceptableAlgorithm,
  MAX_METADATA_BYTES,
  type Subject,
  TouchmarkError,
} from "@touchmark/core";
import {
  type Adapter,
  API_VERSION,
  defineAdapter,
  type HashAlgorithm,
  type Host,
  type HostFile,
  requireAll,
} from "@touchmark/plugin";
import * as z from "zod";
import { checkFileName, refuseStandardInput } from "./file-name.ts";
import { type ListedDigest, type ListedFiles, readListedFiles } from "./listed-digest.ts";
import { baseName, Expect, Path, requireArgument } from "./options.ts";

export interface ChecksumsOptions {
  /** The list. */
  readonly file: string;
  /** The folder that the listed names are relative to; the list's own when absent. */
  readonly base?: string | undefined;
  /** Of lines that do not name theirs: `sha256`, `sha512` … */
  readonly algorithm?: string | undefined;
  /** True when the list itself is uploaded with the release: it becomes a subject instead of a byproduct. */
  readonly "include-list"?: boolean | undefined;
  /** True when the files are not here: the list is believed, and every subject is marked as declared. */
  readonly declared?: boolean | undefined;
  /** Digests beside sha256, which is always there; of files that are here. */
  readonly algorithms?: readonly AcceptableAlgorithm[] | undefined;
  readonly expect?: readonly string[] | number | undefined;
}

/**
 * A checksum list and the files that it lists: `--from checksums:SHA256SUMS`.
 *
 * The files are hashed again and compared with every line about them. Never null: the list was named by the user.
 * A list that was cut off at a line's end looks like a shorter list; only `expect` can tell.
 */
export const checksums: Adapter<ChecksumsOptions> = defineAdapter({
  apiVersion: API_VERSION,
  name: "checksums",
  completeness: "manifest",
  marks: [],
  suggest: { file: "SHA256SUMS" },
  options: z
    .strictObject({
      file: Path.describe("the list"),
      base: Path.optional().describe("the folder that the listed names are relative to; the list's own when absent"),
      algorithm: z
        .string()
        .refine((name) => algorithmByName(name) !== null, "not an algorithm that we know")
        .optional()
        .describe("of lines that do not name theirs"),
      "include-list": z.boolean().optional().describe("the list is an artifact of the release too"),
      declared: z.boolean().optional().describe("the files are not here; believe the list"),
      algorithms: z.array(z.enum(ACCEPTABLE_ALGORITHMS)).optional().describe("digests beside sha256"),
      expect: Expect.optional(),
    })
    .refine((options) => options.declared !== true || (options.base ?? options.algorithms) === undefined, {
      message: "base and algorithms are for files that are here; declared says that they are not",
    }),
  fromArgument: (argument) => ({ file: requireArgument(argument, "checksums:FILE") }),
  async collect(host, options) {
    const bytes = await host.readBytes(options.file, { max: MAX_METADATA_BYTES });
    const list = baseName(options.file);
    const listed = readListedFiles(bytes, list, algorithmByName(options.algorithm ?? ""));
    const found = options.declared ? declaredSubjects(listed, list) : await hashedSubjects(host, listed, list, options);
    requireAll(
      found.map((subject) => subject.name),
      options.expect ?? null,
    );
    const itself = { name: list, digest: { sha256: createHash("sha256").update(bytes).digest("hex") } };
    if (options["include-list"] !== true) return { subjects: found, resolvedDependencies: [], byproducts: [itself] };
    checkFileName(list);
    return { subjects: withList(found, itself), resolvedDependencies: [], byproducts: [] };
  },
});

function withList(found: readonly Subject[], itself: Subject): readonly Subject[] {
  if (!found.some((subject) => subject.name === itself.name)) return [...found, itself];
  throw new TouchmarkError("SUBJECT_CONFLICT", `${JSON.stringify(itself.name)} lists a file of its own name`, {
    expected: "another name for the list, or no include-list",
    actual: itself.name,
  });
}

/** Digests that nobody compares with bytes: one algorithm for each line, and at least one that verifiers accept. */
function declaredSubjects(listed: ListedFiles, list: string): readonly Subject[] {
  return [...listed].map(([name, lines]) => {
    checkSubjectName(name);
    refuseStandardInput(name);
    const digest: Record<string, string> = {};
    for (const line of lines) {
      const [algorithm, other] = line.algorithms;
      if (algorithm === undefined || other !== undefined) throw unnamedAlgorithm(list, line);
      if (!isAcceptableAlgorithm(algorithm)) continue;
      const earlier = digest[algorithm] ?? line.hex;
      if (earlier !== line.hex) throw contradiction(list, name, `${algorithm}:${earlier}`, `${algorithm}:${line.hex}`);
      digest[algorithm] = line.hex;
    }
    if (Object.keys(digest).length === 0) throw onlyWeak(list, name, lines);
    return { name, digest, declared: true };
  });
}

function unnamedAlgorithm(list: string, line: ListedDigest): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${list} line ${line.line} does not say which algorithm it is of`, {
    expected: "a line or a list's name that says so, or the option algorithm; without the files nothing else can tell",
    actual: `${line.hex.length} hex digits: ${line.algorithms.join(", ")}`,
  });
}

function contradiction(list: string, name: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("SUBJECT_CONFLICT", `${list} has two digests for ${JSON.stringify(name)}`, {
    expected,
    actual,
  });
}

function onlyWeak(list: string, name: string, lines: readonly ListedDigest[]): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${list} has no digest of ${JSON.stringify(name)} that verifiers accept`, {
    expected: ACCEPTABLE_ALGORITHMS.join(", "),
    actual: lines.flatMap((line) => line.algorithms).join(", "),
  });
}

/** Finds the listed files, hashes them and compares. All missing ones are named at once. */
async function hashedSubjects(
  host: Host,
  listed: ListedFiles,
  list: string,
  options: ChecksumsOptions,
): Promise<readonly Subject[]> {
  const base = options.base ?? options.file.slice(0, options.file.lastIndexOf("/") + 1);
  const found: Listed[] = [];
  const missing: string[] = [];
  for (const [name, lines] of listed) {
    checkFileName(name); // before it becomes a path
    refuseStandardInput(name);
    const path = base === "" || base.endsWith("/") ? `${base}${name}` : `${base}/${name}`;
    if ((await host.kind(path)) === null) missing.push(name);
    else found.push({ name, lines, file: await host.file(path) });
  }
  if (missing.length > 0) throw missingFiles(list, missing, listed.size);
  const extra = options.algorithms ?? [];
  const digests = await hashAll(host, found, extra);
  return found.map((one, index) => {
    const actual = digests[index] ?? {};
    for (const line of one.lines) compare(list, one.name, line, actual);
    const kept = ["sha256", ...extra].map((algorithm) => [algorithm, actual[algorithm] ?? ""] as const);
    return { name: one.name, digest: Object.fromEntries(kept) };
  });
}

interface Listed {
  readonly name: string;
  readonly lines: readonly ListedDigest[];
  readonly file: HostFile;
}

function missingFiles(list: string, missing: readonly string[], listed: number): TouchmarkError {
  return new TouchmarkError(
    "ARTIFACT_MISSING",
    `${missing.slice(0, 20).join(", ")} should be there: ${list} lists it`,
    {
      expected: `${listed} listed files; base says where, declared says that they are elsewhere`,
      actual: `${listed - missing.length} of them`,
    },
  );
}

/** One pass over each file for all the algorithms that its lines may be of; most lists need one call for all files. */
async function hashAll(
  host: Host,
  found: readonly Listed[],
  extra: readonly AcceptableAlgorithm[],
): Promise<readonly DigestSet[]> {
  const wanted = found.map((one) => {
    const algorithms = new Set<HashAlgorithm>(["sha256", ...extra, ...one.lines.flatMap((line) => line.algorithms)]);
    return [...algorithms].sort();
  });
  const digests: DigestSet[] = [];
  for (const key of new Set(wanted.map((algorithms) => algorithms.join()))) {
    const members = wanted.flatMap((algorithms, index) => (algorithms.join() === key ? [index] : []));
    const files = members.flatMap((index) => found[index]?.file ?? []);
    const hashed = await host.digest(files, wanted[members[0] ?? 0]);
    for (const [position, index] of members.entries()) digests[index] = hashed[position] ?? {};
  }
  return digests;
}

/**
 * One of the algorithms that a line may be of must give its digest. Where the line names none, that is no guess: the
 * bytes are here and decide, and what is stated is the sha256 that was computed from them, whatever the line was.
 */
function compare(list: string, name: string, line: ListedDigest, actual: DigestSet): void {
  if (line.algorithms.some((algorithm) => actual[algorithm] === line.hex)) return;
  const [only, other] = line.algorithms;
  throw new TouchmarkError("DIGEST_MISMATCH", `${JSON.stringify(name)} is not what ${list} line ${line.line} says`, {
    expected: other === undefined ? `${only}:${line.hex}` : `${line.hex} (${line.algorithms.join(", ")})`,
    actual: only !== undefined && other === undefined ? `${only}:${actual[only]}` : `sha256:${actual["sha256"]}`,
  });
}
