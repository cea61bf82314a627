import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { chmod, mkdir, readdir, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newFolder, touchmark } from "./touchmark-process.ts";

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

beforeAll(async () => {
  folder = await newFolder();
  await writeFile(at("tool"), "bytes of the tool");
  await run("keys", "generate");
});

afterAll(() => folder.remove());

/** Every error tells code, expected, got and what to do, and leaves nothing behind. */
async function refused(args: readonly string[], code: string, status: number): Promise<string> {
  const before = (await readdir(folder.path)).sort();
  const ended = await run(...args);
  expect({ status: ended.status, stderr: ended.stderr }).toMatchObject({
    status,
    stderr: expect.stringMatching(new RegExp(`^E ${code} {2}`, "m")),
  });
  expect(ended.stderr).toMatch(/^ {4}do {9}\S/m);
  expect((await readdir(folder.path)).sort()).toEqual(before);
  return ended.stderr;
}

/** Only root may mount, and some containers forbid it to root too. */
function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), "touchmark-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "touchmark-e2e", probe], { stdio: "ignore" });
    execFileSync("umount", [probe], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(probe);
  }
}

const attest = (from: string, ...more: string[]) => [
  "attest",
  "--from",
  from,
  "--key",
  "touchmark.key",
  "--out",
  "out",
  ...more,
];

it("malformed, truncated and empty metadata", async () => {
  await mkdir(at("dist"));
  await writeFile(at("dist/artifacts.json"), '[{"name":"tool","path":"dist/to');
  await refused(attest("goreleaser:dist"), "INPUT_INVALID", 2);
  await writeFile(at("dist/artifacts.json"), "[]");
  const ended = await run(...attest("goreleaser:dist"));
  expect(ended.status).toBe(2);
});

it("a JSON of 2 GiB is refused before it is read", async () => {
  await mkdir(at("huge"));
  await writeFile(at("huge/artifacts.json"), "");
  await truncate(at("huge/artifacts.json"), 2 * 1024 ** 3);
  await refused(attest("goreleaser:huge"), "INPUT_TOO_LARGE", 2);
});

it("a listed file that is missing, and a digest that disagrees", async () => {
  await writeFile(at("SHA256SUMS"), `${"0".repeat(64)}  gone\n`);
  await refused(attest("checksums:SHA256SUMS"), "ARTIFACT_MISSING", 2);
  await writeFile(at("SHA256SUMS"), `${"0".repeat(64)}  tool\n`);
  await refused(attest("checksums:SHA256SUMS"), "DIGEST_MISMATCH", 2);
});

it("two digests for one name", async () => {
  await writeFile(at("subjects.b64"), Buffer.from(`${"0".repeat(64)}  a\n${"1".repeat(64)}  a\n`).toString("base64"));
  const ended = await run(...attest("base64-subjects:subjects.b64"));
  expect(ended).toMatchObject({ status: 2, stderr: expect.stringMatching(/^E (SUBJECT_CONFLICT|INPUT_INVALID)/) });
});

it("a pattern that matches nothing, an adapter and a flag that do not exist", async () => {
  await refused(attest("files:nothing/*"), "PATTERN_UNMATCHED", 2);
  expect(await refused(attest("gorelaeser:dist"), "ADAPTER_UNKNOWN", 2)).toContain("goreleaser");
  const ended = await run("attest", "--form", "files:tool");
  expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining("--from") });
});

it("a listing that finds other than what is expected", async () => {
  await refused(attest("files:tool", "--expect", "2"), "ARTIFACT_MISSING", 2);
  await refused(attest("files:tool", "--expect", "tool", "--expect", "other"), "ARTIFACT_MISSING", 2);
});

it("the wrong half of a key, no key, no passphrase, a wrong one", async () => {
  await refused(["attest", "--from", "files:tool", "--key", "touchmark.pub", "--out", "out"], "KEY_IS_PUBLIC", 2);
  await refused(["verify", "tool", "--key", "touchmark.key"], "KEY_IS_PRIVATE", 2);
  await refused(["attest", "--from", "files:tool", "--out", "out"], "KEY_UNSET", 2);
  await writeFile(at("passphrase"), "correct horse\n");
  await writeFile(at("wrong"), "battery staple\n");
  const made = await run("keys", "generate", "--out", "locked", "--passphrase-file", "passphrase");
  expect(made).toMatchObject({ status: 0 });
  const locked = ["attest", "--from", "files:tool", "--key", "locked/touchmark.key", "--out", "out"];
  await refused(locked, "PASSPHRASE_MISSING", 2);
  const shown = await refused([...locked, "--passphrase-file", "wrong"], "PASSPHRASE_WRONG", 2);
  expect(shown).not.toContain("battery");
  expect(await run(...locked, "--passphrase-file", "passphrase", "--out", "locked-out")).toMatchObject({ status: 0 });
});

it("keys are never overwritten", async () => {
  await refused(["keys", "generate"], "KEY_EXISTS", 2);
});

it("an output folder that cannot be written, or made", async () => {
  await writeFile(at("file"), "");
  await refused(
    ["attest", "--from", "files:tool", "--key", "touchmark.key", "--out", "file/out"],
    "OUTPUT_UNWRITABLE",
    3,
  );
  await mkdir(at("closed"), { recursive: true });
  await chmod(at("closed"), 0o500);
  if (process.getuid?.() !== 0) {
    await refused(
      ["attest", "--from", "files:tool", "--key", "touchmark.key", "--out", "closed"],
      "OUTPUT_UNWRITABLE",
      3,
    );
  }
});

it.skipIf(!canMount())("a disk that fills up leaves no half-written file", async () => {
  await mkdir(at("small"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "touchmark-e2e", at("small")]);
  try {
    await mkdir(at("many"));
    for (let i = 0; i < 200; i += 1) await writeFile(at("many", `file-${i}`), String(i));
    const ended = await run(...attest("files:many/*"), "--out", "small/out");
    expect(ended).toMatchObject({ status: 3, stderr: expect.stringContaining("E DISK_FULL") });
    expect(await readdir(at("small/out")).catch(() => [])).toEqual([]);
  } finally {
    execFileSync("umount", [at("small")]);
  }
});

it("an interruption in the middle leaves nothing behind", async () => {
  await writeFile(at("large"), "");
  await truncate(at("large"), 16 * 1024 ** 3);
  const ended = await touchmark(attest("files:large"), {
    cwd: folder.path,
    started: (kill) => setTimeout(() => kill("SIGINT"), 700),
  });
  expect(ended).toMatchObject({ status: 3, stderr: expect.stringContaining("E ABORTED") });
  expect((await readdir(folder.path)).filter((name) => name === "out" || name.endsWith(".tmp"))).toEqual([]);
});

it("a release with nothing in it, and evidence that is none, are failures of verification", async () => {
  await mkdir(at("empty"));
  expect(await run("verify", "empty", "--key", "touchmark.pub")).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("NOTHING_TO_VERIFY"),
  });
  await writeFile(at("broken.sigstore.json"), '{"mediaType":"x"');
  expect(await run("verify", "tool", "--key", "touchmark.pub", "--bundle", "broken.sigstore.json")).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("BUNDLE_MALFORMED"),
  });
});

it("a target that is not there is the caller's mistake", async () => {
  await refused(["verify", "gone", "--key", "touchmark.pub"], "TARGET_MISSING", 2);
});

it("a name that no verifier may be given", async () => {
  await writeFile(at("SHA256SUMS"), `${"0".repeat(64)}  ../../etc/passwd\n`);
  await refused(attest("checksums:SHA256SUMS"), "NAME_REFUSED", 2);
});
