import {
  checkSubjectName,
  decodeBase64,
  decodeUtf8,
  issueText,
  MAX_METADATA_BYTES,
  MAX_SUBJECTS,
  parseJsonText,
  type Subject,
  TouchmarkError,
} from "@touchmark/core";
import { type Adapter, API_VERSION, defineAdapter, type Host, requireAll } from "@touchmark/plugin";
import * as z from "zod";
import { refuseStandardInput } from "./file-name.ts";
import { baseName, Expect, Path, requireArgument } from "./options.ts";

export interface Base64SubjectsOptions {
  /** The base64 text, or the handle that slsa-github-generator's create-base64-subjects-from-file gives. */
  readonly file: string;
  readonly expect?: readonly string[] | number | undefined;
}

/**
 * What slsa-github-generator takes as `base64-subjects`: `--from base64-subjects:FILE`. Nothing is compared with bytes;
 * every subject is marked as declared. Never null: the file was named by the user.
 * Format: https://github.com/slsa-framework/slsa-github-generator/blob/main/internal/builders/generic/README.md
 */
export const base64Subjects: Adapter<Base64SubjectsOptions> = defineAdapter({
  apiVersion: API_VERSION,
  name: "base64-subjects",
  completeness: "manifest",
  marks: [],
  suggest: { file: "subjects.b64" },
  options: z.strictObject({
    file: Path.describe("base64 text of sha256sum lines, or slsa-github-generator's handle"),
    expect: Expect.optional(),
  }),
  fromArgument: (argument) => ({ file: requireArgument(argument, "base64-subjects:FILE") }),
  async collect(host, options) {
    const decoded = await readDecoded(host, options.file);
    const subjects = decoded.trimStart().startsWith("{")
      ? parseSubjects(await readHandled(host, options.file, decoded), "the file that the handle names")
      : parseSubjects(decoded, baseName(options.file));
    requireAll(
      subjects.map((subject) => subject.name),
      options.expect ?? null,
    );
    return { subjects, resolvedDependencies: [], byproducts: [] };
  },
});

/** The text inside the base64; wrapped lines are joined, as the generator's decoder does. */
async function readDecoded(host: Host, path: string): Promise<string> {
  const what = baseName(path);
  const text = (await host.readText(path, { max: MAX_METADATA_BYTES })).trim();
  refuseNearMiss(text, what);
  const joined = text.replaceAll(/\r?\n/g, "");
  return decodeUtf8(decodeBase64(joined, what), `${what}, decoded,`);
}

/** Inputs that people mistake for this one, each with what to do instead. */
function refuseNearMiss(text: string, what: string): void {
  if (/^[[{]/.test(text)) {
    throw new TouchmarkError("INPUT_INVALID", `${what} is JSON, not base64`, {
      expected: jsonAdvice(text),
      actual: JSON.stringify(text.slice(0, 60)),
    });
  }
  if (/^(?:\\?[0-9A-Fa-f]{32,128}[ \t]|[A-Za-z0-9-]{2,16} ?\([^\n]+\) ?= )/.test(text)) {
    throw new TouchmarkError("INPUT_INVALID", `${what} is a plain checksum list, not base64`, {
      expected: `--from checksums:${what}, which also hashes the files; or the output of base64 -w0 < ${what}`,
      actual: JSON.stringify(text.slice(0, 80)),
    });
  }
}

function jsonAdvice(text: string): string {
  if (text.includes('"artifact_name"')) return "the handle as the action gave it, in base64; this is its decoded form";
  if (text.includes("https://touchmark.dev/subjects/")) return "--subjects FILE for a subjects file";
  if (text.includes('"kind"')) return "--from artifacts-list:FILE for $GITHUB_ARTIFACTS_LIST";
  return "base64 of sha256sum lines";
}

/** create-base64-subjects-from-file: the subjects are in an uploaded file, and the handle binds its bytes. */
const Handle = z.object({
  artifact_name: z.string().min(1).max(512),
  filename: z.string().min(1).max(512),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Follows the handle to the file beside it, or in the folder into which download-artifact puts it. */
async function readHandled(host: Host, path: string, decoded: string): Promise<string> {
  const what = `${baseName(path)}, decoded,`;
  const parsed = Handle.safeParse(parseJsonText(decoded, { what, maxBytes: MAX_METADATA_BYTES }));
  if (!parsed.success) {
    throw new TouchmarkError("INPUT_INVALID", `${what} is neither a checksum list nor a handle`, {
      expected: "sha256sum lines, or {artifact_name, filename, sha256}",
      actual: issueText(parsed.error),
      cause: parsed.error,
    });
  }
  const { artifact_name: artifact, filename, sha256 } = parsed.data;
  for (const segment of [artifact, filename]) checkSegment(segment);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  for (const candidate of [`${folder}${filename}`, `${folder}${artifact}/${filename}`]) {
    if ((await host.kind(candidate)) === null) continue;
    const [digest] = await host.digest([await host.file(candidate)], ["sha256"]);
    if (digest?.["sha256"] === sha256) return readDecoded(host, candidate);
    throw new TouchmarkError("DIGEST_MISMATCH", `${JSON.stringify(filename)} is not the file that the handle names`, {
      expected: `sha256:${sha256}`,
      actual: `sha256:${digest?.["sha256"]}`,
    });
  }
  throw new TouchmarkError("INPUT_MISSING", `the handle names ${JSON.stringify(filename)}, which is not here`, {
    expected: `${filename} beside the handle, or in a folder ${artifact}`,
    actual: "neither",
  });
}

function checkSegment(segment: string): void {
  checkSubjectName(segment);
  if (!segment.includes("/")) return;
  throw new TouchmarkError("NAME_REFUSED", `the handle names ${JSON.stringify(segment)}`, {
    expected: "a name without folders",
    actual: "a path",
  });
}

/**
 * The generator's parseSubjects: each line trimmed and split once at a space or tab, sha256 only, no name twice. Other
 * than the generator we drop the `*` by which sha256sum marks binary mode, and a leading `./`.
 */
function parseSubjects(text: string, what: string): readonly Subject[] {
  const subjects = new Map<string, Subject>();
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "") continue;
    const subject = parseSubject(line, index + 1, what);
    const earlier = subjects.get(subject.name);
    if (earlier !== undefined) throw repeated(earlier, subject, what);
    subjects.set(subject.name, subject);
    if (subjects.size > MAX_SUBJECTS) {
      throw new TouchmarkError("LIMIT_EXCEEDED", `${what} has too many subjects`, {
        expected: `at most ${MAX_SUBJECTS}`,
        actual: "more",
      });
    }
  }
  if (subjects.size > 0) return [...subjects.values()];
  throw new TouchmarkError("SUBJECTS_EMPTY", `${what} lists no subject`, { expected: "at least one", actual: "none" });
}

function parseSubject(line: string, number: number, what: string): Subject {
  const match = /^([0-9A-Fa-f]{64})[ \t](.+)$/.exec(line);
  const written = match?.[2];
  if (match?.[1] === undefined || written === undefined) {
    throw new TouchmarkError("INPUT_INVALID", `${what} line ${number} is not a subject`, {
      expected: "64 hex digits of SHA-256, a space, a name",
      actual: JSON.stringify(line.slice(0, 120)),
    });
  }
  const name = (written.startsWith("*") ? written.slice(1) : written).trim().replace(/^(?:\.\/)+/, "");
  checkSubjectName(name);
  refuseStandardInput(name);
  return { name, digest: { sha256: match[1].toLowerCase() }, declared: true };
}

function repeated(earlier: Subject, later: Subject, what: string): TouchmarkError {
  const same = earlier.digest["sha256"] === later.digest["sha256"];
  return new TouchmarkError(
    same ? "INPUT_INVALID" : "SUBJECT_CONFLICT",
    `${what} lists ${JSON.stringify(later.name)} twice`,
    { expected: `once, sha256:${earlier.digest["sha256"]}`, actual: `again, sha256:${later.digest["sha256"]}` },
  );
}
