import {
  type BuildClaim,
  type Collected,
  combine,
  encodeKeyBundle,
  encodeStatement,
  encodeSubjectsFile,
  generate,
  INTOTO_PAYLOAD_TYPE,
  type SubjectsFile,
  subjectsFileOf,
} from "../src/index.ts";
import { subjectsJsonSchema } from "../src/subjects-json-schema.ts";

/** A digest of the text, so that the inputs below are real and short. */
type Sha256 = (bytes: Uint8Array) => string;

/**
 * Files whose bytes are fixed, by path from the root of the repository. `node scripts/make-golden.mjs` writes them and
 * nothing else does: a change of these bytes is a change of what users sign.
 */
export function goldenFiles(sha256: Sha256): ReadonlyMap<string, Uint8Array> {
  const file = release(sha256, (values) => values);
  const statement = encodeStatement(generate(claim, file));
  const bundle = encodeKeyBundle({
    payloadType: INTOTO_PAYLOAD_TYPE,
    payload: statement,
    signature: Uint8Array.from({ length: 64 }, (_, index) => index * 3),
    hint: "golden",
  });
  return new Map([
    ["packages/core/golden/release.subjects.golden", encodeSubjectsFile(file)],
    ["packages/core/golden/release.statement.golden", statement],
    ["packages/core/golden/release.bundle.golden", bundle],
    ["docs/schemas/subjects-v1.schema.json", utf8(`${JSON.stringify(subjectsJsonSchema(), null, 2)}\n`)],
  ]);
}

const COMMIT = "4f2d8b1c6a9e03577d1be2c8a4f60913be7c5d20";
const origin = { repository: "https://github.com/octo/widgets", commit: COMMIT, runId: "7001" };

export const claim: BuildClaim = {
  buildType: "https://touchmark.dev/buildtypes/local/v1",
  externalParameters: { release: "v1.4.0", "10": "ten", "9": "nine", "-": "code unit order, also for keys like 10" },
  internalParameters: { retries: 2 },
  source: { uri: "git+https://github.com/octo/widgets@refs/tags/v1.4.0", digest: { gitCommit: COMMIT } },
  builder: { id: "https://touchmark.dev/builders/local", version: { touchmark: "0.1.0" } },
  invocationId: "https://ci.example/runs/7001",
  startedOn: "2026-01-02T03:04:05Z",
  finishedOn: null,
};

/** Three adapters' parts. @param arranged - the order of every list; the result must not depend on it. */
export function release(sha256: Sha256, arranged: <T>(values: readonly T[]) => readonly T[]): SubjectsFile {
  const digest = (text: string) => ({ sha256: sha256(utf8(text)) });
  const parts: readonly Collected[] = [
    {
      adapter: "goreleaser",
      artifact: "binaries",
      part: "linux",
      origin,
      checkouts: arranged([
        { repository: "https://github.com/octo/widgets.git", commit: COMMIT, dirty: true },
        { repository: "git@github.com:octo/widgets.git", commit: COMMIT, dirty: false },
        { repository: null, commit: "b".repeat(40), dirty: false },
      ]),
      output: {
        subjects: arranged([
          { name: "widgets_1.4.0_linux_amd64.tar.gz", digest: digest("linux"), mediaType: "application/gzip" },
          { name: "widgets_1.4.0_linux_amd64.tar.gz", digest: digest("linux") },
          { name: "widgets_1.4.0_checksums.txt", digest: digest("checksums") },
          { name: "Größe/日本.txt", digest: digest("names are UTF-8, unescaped") },
        ]),
        resolvedDependencies: arranged([
          { uri: "git+https://github.com/octo/widgets@refs/tags/v1.4.0", digest: { gitCommit: COMMIT } },
        ]),
        byproducts: arranged([
          { name: "metadata.json", digest: digest("metadata"), mediaType: "application/json" },
          { name: "config.yaml", digest: digest("config") },
        ]),
      },
    },
    {
      adapter: "npm-pack",
      artifact: "package",
      part: null,
      origin,
      checkouts: [],
      output: {
        subjects: [
          { name: "pkg:npm/%40octo/widgets@1.4.0", digest: { ...digest("tarball"), sha512: "5".repeat(128) } },
        ],
        resolvedDependencies: arranged([
          { uri: "pkg:npm/left-pad@1.3.0", digest: { sha512: "c".repeat(128) } },
          { uri: "pkg:npm/%40octo/base@2.0.0", digest: { sha1: "d".repeat(40) }, annotations: { dev: true } },
        ]),
        byproducts: [],
      },
    },
    {
      adapter: "files",
      artifact: "images",
      part: null,
      origin,
      checkouts: [],
      output: {
        subjects: arranged([
          {
            name: "ghcr.io/octo/widgets",
            digest: digest("image index"),
            uri: "pkg:oci/widgets@sha256%3Aindex?repository_url=ghcr.io/octo/widgets",
            declared: true,
          },
          {
            name: "ghcr.io/octo/widgets",
            digest: digest("image for arm64"),
            uri: "pkg:oci/widgets@sha256%3Aarm64?repository_url=ghcr.io/octo/widgets&platform=linux/arm64",
          },
          { name: "share/widgets", digest: { narSha256: sha256(utf8("a tree")) }, annotations: { unpacked: true } },
        ]),
        resolvedDependencies: [],
        byproducts: [],
      },
    },
  ];
  return combine(arranged(parts.map((part) => subjectsFileOf(part, sha256))));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
