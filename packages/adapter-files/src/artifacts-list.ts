import {
  issueText,
  MAX_METADATA_BYTES,
  MAX_SUBJECTS,
  mergeSubjects,
  parseDigest,
  parseJson,
  type Subject,
  TouchmarkError,
} from "@touchmark/core";
import { imagePurl, parseReference } from "@touchmark/oci";
import { type Adapter, API_VERSION, defineAdapter, requireAll } from "@touchmark/plugin";
import * as z from "zod";
import { checkFileName } from "./file-name.ts";
import { baseName, Expect, Path, requireArgument } from "./options.ts";

export interface ArtifactsListOptions {
  /** The file that `$GITHUB_ARTIFACTS_LIST` names. */
  readonly file: string;
  readonly expect?: readonly string[] | number | undefined;
}

/**
 * The list that GitHub's runner keeps of what a job's steps declared in `$GITHUB_ARTIFACTS`:
 * `--from artifacts-list:"$GITHUB_ARTIFACTS_LIST"`. The runner hashed the files, not we: every subject is marked as
 * declared. Format: https://github.com/actions/runner/pull/4527
 *
 * @returns null for an empty file (the runner's feature is off) and for an empty list (no step declared anything).
 */
export const artifactsList: Adapter<ArtifactsListOptions> = defineAdapter({
  apiVersion: API_VERSION,
  name: "artifacts-list",
  completeness: "manifest",
  marks: [],
  suggest: { file: "artifacts-list.json" },
  options: z.strictObject({
    file: Path.describe("the file that $GITHUB_ARTIFACTS_LIST names"),
    expect: Expect.optional(),
  }),
  fromArgument: (argument) => ({ file: requireArgument(argument, "artifacts-list:FILE") }),
  async collect(host, options) {
    const bytes = await host.readBytes(options.file, { max: MAX_METADATA_BYTES });
    if (bytes.byteLength === 0) return null;
    const entries = parseList(bytes, baseName(options.file));
    if (entries.length === 0) return null;
    const subjects = mergeSubjects(entries.map(subjectOf));
    requireAll(
      subjects.map((subject) => subject.name),
      options.expect ?? null,
    );
    return { subjects, resolvedDependencies: [], byproducts: [] };
  },
});

const Entry = z.object({
  name: z.string().min(1),
  digest: z.string().startsWith("sha256:"), // the runner also takes longer ones for images; actions/attest refuses them
  kind: z.enum(["file", "oci"]),
});
type Entry = z.infer<typeof Entry>;

const ArtifactsList = z.object({ version: z.literal(1), subjects: z.array(Entry).max(MAX_SUBJECTS) });

function parseList(bytes: Uint8Array, what: string): readonly Entry[] {
  const parsed = ArtifactsList.safeParse(parseJson(bytes, { what, maxBytes: MAX_METADATA_BYTES }));
  if (parsed.success) return parsed.data.subjects;
  throw new TouchmarkError("INPUT_INVALID", `${what} is not a list of artifacts that we can read`, {
    expected: '{"version": 1, "subjects": [{"name", "digest": "sha256:…", "kind": "file" or "oci"}]}',
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
}

function subjectOf(entry: Entry): Subject {
  const { hex } = parseDigest(entry.digest, `the digest of ${JSON.stringify(entry.name.slice(0, 200))}`);
  if (entry.kind === "file") {
    checkFileName(entry.name);
    return { name: entry.name, digest: { sha256: hex }, declared: true };
  }
  // Without tag and digest: a tag moves, and verifiers know an image by its repository.
  const { name } = parseReference(entry.name, "an image of the list");
  const uri = imagePurl({ name, digest: `sha256:${hex}` });
  return { name, digest: { sha256: hex }, uri, declared: true };
}
