import { createHash } from "node:crypto";
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { adapterLaws, shuffleLines, withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ChecksumsOptions, checksums } from "./checksums.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/checksums", import.meta.url));
const A = "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7";
const B = "0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f";
const G = "768c71d785bf6bbbf8c4d6af6582041f2659027140a962cd0c55b11eddfd5e3d";

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "checksums-")));
  await cp(FIXTURE, folder, { recursive: true });
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function collect(options: ChecksumsOptions) {
  return withTestHost(folder, (host) => checksums.collect(host, options));
}

/** Writes a list beside the fixture's files and collects it. */
async function collectList(name: string, text: string, options: Omit<ChecksumsOptions, "file"> = {}) {
  await writeFile(join(folder, name), text);
  return collect({ file: name, ...options });
}

function hex(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest("hex");
}

adapterLaws(checksums, [
  {
    name: "a list and its files",
    fixture: "fixtures/checksums",
    options: { file: "sha256sum-binary.txt", expect: ["a.txt", "with space.txt", "sub/g.txt"] },
    metadata: ["sha256sum-binary.txt"],
    shuffle: shuffleLines("sha256sum-binary.txt"),
    absent: "INPUT_MISSING",
    subjects: { "a.txt": `sha256:${A}`, "with space.txt": `sha256:${B}`, "sub/g.txt": `sha256:${G}` },
  },
  {
    name: "the list is an artifact too",
    fixture: "fixtures/checksums",
    options: { file: "openssl-dgst.txt", "include-list": true, expect: 2 },
    metadata: ["openssl-dgst.txt"],
    shuffle: shuffleLines("openssl-dgst.txt"),
    artifacts: { "a.txt": "a.txt", "sub/g.txt": "sub/g.txt", "openssl-dgst.txt": "openssl-dgst.txt" },
    absent: "INPUT_MISSING",
  },
  {
    name: "lines that name no algorithm",
    fixture: "fixtures/checksums",
    options: { file: "mixed-algs.txt", expect: 1 },
    metadata: ["mixed-algs.txt"],
    shuffle: shuffleLines("mixed-algs.txt"),
    absent: "INPUT_MISSING",
  },
  {
    name: "declared",
    fixture: "fixtures/checksums",
    options: { file: "sha512sum.txt", declared: true, expect: ["a.txt", "sub/g.txt"] },
    metadata: ["sha512sum.txt"],
    shuffle: shuffleLines("sha512sum.txt"),
    absent: "INPUT_MISSING",
    declared: true,
    subjects: { "a.txt": `sha512:${hex("sha512", "a\n")}`, "sub/g.txt": `sha512:${hex("sha512", "g\n")}` },
  },
]);

describe("real lists", () => {
  test.each(["sha256sum-binary.txt", "sha256sum-crlf.txt", "sha256sum-bom.txt"])("%s", async (file) => {
    const output = await collect({ file });
    expect(output?.subjects).toEqual([
      { name: "a.txt", digest: { sha256: A } },
      { name: "with space.txt", digest: { sha256: B } },
      { name: "sub/g.txt", digest: { sha256: G } },
    ]);
  });

  test.each(["openssl-dgst.txt", "sha512sum.txt"])("%s: what is stated is always sha256", async (file) => {
    expect((await collect({ file }))?.subjects).toEqual([
      { name: "a.txt", digest: { sha256: A } },
      { name: "sub/g.txt", digest: { sha256: G } },
    ]);
  });

  test.each([
    "cksum-sha256.txt",
    "cksum-sm3.txt",
    "b2sum.txt",
    "mixed-algs.txt",
    "no-trailing-newline.txt",
    "sha256sum-upper.txt",
    "a.txt.sha256",
  ])("%s", async (file) => {
    expect((await collect({ file }))?.subjects).toEqual([{ name: "a.txt", digest: { sha256: A } }]);
  });

  test.each([
    ["stdin-dash.txt", "NAME_REFUSED", "standard input"],
    ["traversal.txt", "NAME_REFUSED", "a .. segment"],
    ["duplicates-conflict.txt", "DIGEST_MISMATCH", `sha256:${A}`],
    ["b2sum-bsd-tag.txt", "INPUT_INVALID", '"the algorithm \\"BLAKE2b-256\\""'],
    ["sha256sum-bsd-tag.txt", "NAME_REFUSED", "a control character"],
  ])("%s is refused: %s", async (file, code, actual) => {
    await expect(collect({ file })).rejects.toMatchObject({ code, actual });
  });
});

describe("the list", () => {
  test("is a byproduct, with its digest", async () => {
    const output = await collectList("SHA256SUMS", `${A}  a.txt\n`);
    expect(output?.byproducts).toEqual([{ name: "SHA256SUMS", digest: { sha256: hex("sha256", `${A}  a.txt\n`) } }]);
    expect(output?.subjects).toHaveLength(1);
  });

  test("is a subject instead where include-list says so", async () => {
    const output = await collectList("SHA256SUMS", `${A}  a.txt\n`, { "include-list": true });
    expect(output?.byproducts).toEqual([]);
    expect(output?.subjects.map((subject) => subject.name)).toEqual(["a.txt", "SHA256SUMS"]);
  });

  test("must not have the name of a file that it lists, where it is a subject", async () => {
    const made = collectList("list", `${A}  list\n`, { "include-list": true, declared: true, algorithm: "sha256" });
    await expect(made).rejects.toMatchObject({ code: "SUBJECT_CONFLICT" });
  });

  test("must be there, and list something", async () => {
    await expect(collect({ file: "nothing" })).rejects.toMatchObject({ code: "INPUT_MISSING" });
    await expect(collectList("SHA256SUMS", "# nothing\n\n")).rejects.toMatchObject({ code: "SUBJECTS_EMPTY" });
    await expect(collectList("SHA256SUMS", "")).rejects.toMatchObject({ code: "SUBJECTS_EMPTY" });
  });

  test("may lie elsewhere: names are relative to it, or to base", async () => {
    await writeFile(join(folder, "sub/SHA256SUMS"), `${G}  g.txt\n`);
    expect((await collect({ file: "sub/SHA256SUMS" }))?.subjects).toEqual([{ name: "g.txt", digest: { sha256: G } }]);
    await writeFile(join(folder, "sub/SHA256SUMS"), `${A}  a.txt\n`);
    await expect(collect({ file: "sub/SHA256SUMS" })).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    for (const base of [".", "./", "sub/..", folder]) {
      expect((await collect({ file: "sub/SHA256SUMS", base }))?.subjects).toEqual([
        { name: "a.txt", digest: { sha256: A } },
      ]);
    }
  });
});

describe("the files", () => {
  test("all missing ones are named at once", async () => {
    const made = collectList("SHA256SUMS", `${A}  a.txt\n${B}  b.txt\n${B}  c.txt\n`);
    await expect(made).rejects.toMatchObject({
      code: "ARTIFACT_MISSING",
      message: "b.txt, c.txt should be there: SHA256SUMS lists it",
    });
  });

  test("one with other bytes is named with its line", async () => {
    await expect(collectList("SHA256SUMS", `${A}  a.txt\n${A}  sub/g.txt\n`)).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      message: '"sub/g.txt" is not what SHA256SUMS line 2 says',
      expected: `sha256:${A}`,
      actual: `sha256:${G}`,
    });
  });

  test("every line about a file counts, not the first", async () => {
    const lines = `${A}  a.txt\n${hex("sha512", "other")}  a.txt\n`;
    await expect(collectList("list", lines)).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  test("one line twice, and one name with and without ./, are one file", async () => {
    const output = await collectList("SHA256SUMS", `${A}  a.txt\n${A}  ./a.txt\n${A}  ././a.txt\n`);
    expect(output?.subjects).toEqual([{ name: "a.txt", digest: { sha256: A } }]);
  });

  test("a link is refused", async () => {
    await symlink("a.txt", join(folder, "link.txt"));
    await expect(collectList("SHA256SUMS", `${A}  link.txt\n`)).rejects.toMatchObject({ code: "FILE_REFUSED" });
  });

  test.each([
    ["/etc/passwd", "an absolute path"],
    ["sub/../a.txt", "a .. segment"],
    ["C:/a.txt", "an absolute path"],
    ["sub\\g.txt", "a backslash"],
    ["pkg:npm/x@1.0.0", "the start of a purl"],
  ])("the name %s is refused before anything is opened", async (name, actual) => {
    await expect(collectList("SHA256SUMS", `${A}  ${name}\n`)).rejects.toMatchObject({ code: "NAME_REFUSED", actual });
  });

  test("algorithms adds digests that were computed", async () => {
    const output = await collectList("SHA256SUMS", `${A}  a.txt\n`, { algorithms: ["sha512"] });
    expect(output?.subjects).toEqual([{ name: "a.txt", digest: { sha256: A, sha512: hex("sha512", "a\n") } }]);
  });

  test("expect tells a list that was cut off at a line's end", async () => {
    const made = collectList("SHA256SUMS", `${A}  a.txt\n`, { expect: ["a.txt", "sub/g.txt"] });
    await expect(made).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
  });
});

describe("which algorithm a line is of", () => {
  const SHA3 = hex("sha3-256", "a\n");

  test("without a word from anybody the bytes decide among all of its length", async () => {
    expect((await collectList("list", `${SHA3}  a.txt\n`))?.subjects).toEqual([
      { name: "a.txt", digest: { sha256: A } },
    ]);
    await expect(collectList("list", `${hex("sha256", "x")}  a.txt\n`)).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      expected: `${hex("sha256", "x")} (sha256, sha512_256, sha3_256, blake2s, sm3)`,
      actual: `sha256:${A}`,
    });
  });

  test("the list's name says it, and then nothing else will do", async () => {
    await expect(collectList("SHA256SUMS", `${SHA3}  a.txt\n`)).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    expect(await collectList("a.sha3-256", `${SHA3}  a.txt\n`)).not.toBeNull();
    await expect(collectList("SHA512SUMS", `${A}  a.txt\n`)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: "SHA512SUMS line 1 has 64 hex digits",
    });
  });

  test("the option overrules the name, and a line overrules both", async () => {
    expect(await collectList("SHA256SUMS", `${SHA3}  a.txt\n`, { algorithm: "sha3-256" })).not.toBeNull();
    await expect(collectList("list", `${SHA3}  a.txt\n`, { algorithm: "SHA256" })).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
    });
    expect(await collectList("SHA512SUMS", `SHA256 (a.txt) = ${A}\n`, { algorithm: "md5" })).not.toBeNull();
  });

  test.each([
    ["crc32", "12345678"],
    ["nothing that we know", "a".repeat(60)],
  ])("a digest of the length of %s", async (_what, digest) => {
    await expect(collectList("list", `${digest}  a.txt\n`)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("a list of weak digests still binds nothing but sha256", async () => {
    const output = await collectList("MD5SUMS", `${hex("md5", "a\n")}  a.txt\n`);
    expect(output?.subjects).toEqual([{ name: "a.txt", digest: { sha256: A } }]);
  });

  test("a bare digest needs a list that is named after its file", async () => {
    await expect(collectList("digest.txt", A)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect((await collectList("a.txt.sha256sum", A))?.subjects).toEqual([{ name: "a.txt", digest: { sha256: A } }]);
  });
});

describe("declared: the files are elsewhere", () => {
  test("subjects are marked, with every acceptable digest of the list", async () => {
    const text = `SHA256 (x) = ${A}\nSHA512 (x) = ${hex("sha512", "a\n")}\nMD5 (x) = ${hex("md5", "a\n")}\n`;
    const output = await collectList("list", text, { declared: true });
    expect(output?.subjects).toEqual([
      { name: "x", digest: { sha256: A, sha512: hex("sha512", "a\n") }, declared: true },
    ]);
  });

  test("the algorithm is never guessed", async () => {
    await expect(collectList("list", `${A}  x\n`, { declared: true })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: "list line 1 does not say which algorithm it is of",
    });
    for (const [list, algorithm] of [["SHA256SUMS"], ["list", "sha256"]] as const) {
      const output = await collectList(list, `${A}  x\n`, { declared: true, algorithm });
      expect(output?.subjects).toEqual([{ name: "x", digest: { sha256: A }, declared: true }]);
    }
  });

  test("two digests of one algorithm contradict each other; no bytes can decide", async () => {
    const made = collectList("SHA256SUMS", `${A}  x\n${B}  x\n`, { declared: true });
    await expect(made).rejects.toMatchObject({ code: "SUBJECT_CONFLICT", actual: `sha256:${B}` });
  });

  test("a file with nothing but weak digests is refused", async () => {
    const made = collectList("MD5SUMS", `${hex("md5", "a\n")}  x\n`, { declared: true });
    await expect(made).rejects.toMatchObject({ code: "INPUT_INVALID", actual: "md5" });
  });

  test("names are checked all the same; a package's name is one here", async () => {
    for (const name of ["../x", "-"]) {
      const made = collectList("SHA256SUMS", `${A}  ${name}\n`, { declared: true });
      await expect(made).rejects.toMatchObject({ code: "NAME_REFUSED" });
    }
    const output = await collectList("SHA256SUMS", `${A}  pkg:npm/x@1.0.0\n`, { declared: true });
    expect(output?.subjects[0]?.name).toBe("pkg:npm/x@1.0.0");
  });
});

describe("options", () => {
  test.each([
    ["an algorithm that we do not know", { file: "x", algorithm: "blake3" }],
    ["base for files that are not here", { file: "x", declared: true, base: "dist" }],
    ["digests of files that are not here", { file: "x", declared: true, algorithms: ["sha512"] }],
    ["a misspelled key", { file: "x", includeList: true }],
    ["no list", {}],
  ])("%s is refused", (_what, options) => {
    expect(checksums.options.safeParse(options).success).toBe(false);
  });

  test("--from checksums:FILE", () => {
    expect(checksums.fromArgument("dist/SHA256SUMS")).toEqual({ file: "dist/SHA256SUMS" });
    expect(checksums.options.safeParse(checksums.fromArgument("dist/SHA256SUMS")).success).toBe(true);
    expect(checksums.options.safeParse(checksums.suggest).success).toBe(true);
    expect(() => checksums.fromArgument(null)).toThrowError(expect.objectContaining({ code: "USAGE" }));
  });
});
