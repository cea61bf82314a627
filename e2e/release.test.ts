import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFolder, touchmark } from "./touchmark-process.ts";

interface Report {
  readonly result: string;
  readonly artifacts: readonly {
    readonly name: string | null;
    readonly digest: string | null;
    readonly status: string;
    readonly statements: readonly { readonly level: number | null; readonly builder: string | null }[];
    readonly findings: readonly { readonly code: string }[];
  }[];
  readonly findings: readonly { readonly code: string }[];
  readonly absent: { readonly count: number };
}

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });
const report = async (...args: string[]) => {
  const ended = await run("verify", ...args, "--json");
  return { status: ended.status, report: JSON.parse(ended.stdout) as Report };
};
const statusOf = (found: Report, name: string) => found.artifacts.find((artifact) => artifact.name === name);

beforeAll(async () => {
  folder = await newFolder();
  await mkdir(at("release", "linux"), { recursive: true });
  await writeFile(at("release", "tool.tar.gz"), "archive bytes");
  await writeFile(at("release", "linux", "tool"), "binary bytes");
  await writeFile(at("release", "install.sh"), "#!/bin/sh\n");
  expect(await run("keys", "generate")).toMatchObject({ status: 0 });
  const signed = await run("attest", "--from", "files:release/**", "--key", "touchmark.key", "--name", "tool-1.0");
  expect(signed).toMatchObject({ status: 0, stdout: expect.stringContaining("SIGNED") });
});

afterAll(() => folder.remove());

/** A copy of the release with its evidence, to damage. */
async function copyRelease(name: string): Promise<string> {
  await mkdir(at(name, "linux"), { recursive: true });
  for (const file of ["tool.tar.gz", "linux/tool", "install.sh"]) await copyFile(at("release", file), at(name, file));
  await copyFile(at("touchmark-out", "tool-1.0.sigstore.json"), at(name, "tool-1.0.sigstore.json"));
  return name;
}

describe("attest", () => {
  it("writes exactly the two files of DESIGN, with the same bundle in both", async () => {
    expect((await readdir(at("touchmark-out"))).sort()).toEqual(["tool-1.0.intoto.jsonl", "tool-1.0.sigstore.json"]);
    const lines = await readFile(at("touchmark-out", "tool-1.0.intoto.jsonl"), "utf8");
    const bundle = await readFile(at("touchmark-out", "tool-1.0.sigstore.json"), "utf8");
    expect(lines.trimEnd()).toBe(bundle.trimEnd());
  });

  it("signs nothing in a dry run, which shows the statement", async () => {
    const ended = await run("attest", "--from", "files:release/**", "--dry-run", "--out", "never", "--json");
    expect(ended.status).toBe(0);
    const shown = JSON.parse(ended.stdout) as { statements: { subject: { name: string }[] }[] };
    expect(shown.statements[0]?.subject.map((subject) => subject.name)).toEqual([
      "install.sh",
      "linux/tool",
      "tool.tar.gz",
    ]);
    await expect(readdir(at("never"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("replaces its own files when it runs again, and says a statement of the same bytes", async () => {
    const payload = async (dir: string) =>
      (JSON.parse(await readFile(at(dir, "r.sigstore.json"), "utf8")) as { dsseEnvelope: { payload: string } })
        .dsseEnvelope.payload;
    const args = ["attest", "--from", "files:release/**", "--key", "touchmark.key", "--name", "r", "--out", "again"];
    expect(await run(...args)).toMatchObject({ status: 0 });
    const first = await payload("again");
    expect(await run(...args)).toMatchObject({ status: 0 });
    expect(await payload("again")).toBe(first);
    expect((await readdir(at("again"))).sort()).toEqual(["r.intoto.jsonl", "r.sigstore.json"]);
  });

  it("writes one statement for each subject on request, and all of them verify", async () => {
    const ended = await run(
      "attest",
      "--from",
      "files:release/**",
      "--key",
      "touchmark.key",
      "--name",
      "each",
      "--out",
      "each",
      "--per-subject",
    );
    expect(ended).toMatchObject({ status: 0 });
    const { status, report: found } = await report(
      "release",
      "--key",
      "touchmark.pub",
      "--bundle",
      "each/each.intoto.jsonl",
    );
    expect(status).toBe(0);
    expect(found.artifacts.map((artifact) => artifact.status)).toEqual(["verified", "verified", "verified"]);
  });

  it("keeps a private key out of everything it prints", async () => {
    const pem = await readFile(at("touchmark.key"), "utf8");
    const secret = pem.split("\n")[1] ?? "";
    const ended = await run(
      "attest",
      "--from",
      "files:release/**",
      "--key",
      "touchmark.key",
      "--verbose",
      "--out",
      "v",
    );
    expect(secret.length).toBeGreaterThan(40);
    expect(ended.stdout + ended.stderr).not.toContain(secret);
  });
});

describe("collect, combine, attest --subjects", () => {
  it("carries the parts of two jobs to a third that signs them", async () => {
    expect(
      await run("collect", "--from", "files:release/linux/*", "--part", "linux", "-o", "a.subjects.json"),
    ).toMatchObject({ status: 0 });
    expect(await run("collect", "--from", "files:release/*", "--part", "rest", "-o", "b.subjects.json")).toMatchObject({
      status: 0,
    });
    expect(await run("combine", "a.subjects.json", "b.subjects.json", "-o", "ab.json")).toMatchObject({ status: 0 });
    expect(await run("combine", "b.subjects.json", "a.subjects.json", "-o", "ba.json")).toMatchObject({ status: 0 });
    expect(await readFile(at("ab.json"), "utf8")).toBe(await readFile(at("ba.json"), "utf8"));
    const signed = await run(
      "attest",
      "--subjects",
      "ab.json",
      "--key",
      "touchmark.key",
      "--name",
      "parts",
      "--out",
      "parts",
    );
    expect(signed).toMatchObject({ status: 0 });
    const { status } = await report(
      "release/tool.tar.gz",
      "--key",
      "touchmark.pub",
      "--bundle",
      "parts/parts.sigstore.json",
    );
    expect(status).toBe(0);
  });

  it("refuses two parts that give one name different bytes, whatever the order", async () => {
    await mkdir(at("x"), { recursive: true });
    await mkdir(at("y"), { recursive: true });
    await writeFile(at("x", "tool"), "one");
    await writeFile(at("y", "tool"), "two");
    await run("collect", "--from", "files:x/*", "-o", "x.json");
    await run("collect", "--from", "files:y/*", "-o", "y.json");
    const [left, right] = [
      await run("combine", "x.json", "y.json", "-o", "n.json"),
      await run("combine", "y.json", "x.json", "-o", "n.json"),
    ];
    expect(left).toMatchObject({ status: 2, stderr: expect.stringContaining("E SUBJECT_CONFLICT") });
    expect(right.stderr).toBe(left.stderr);
    await expect(readFile(at("n.json"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("verify", () => {
  it("verifies a folder with its evidence beside the files", async () => {
    const name = await copyRelease("good");
    const { status, report: found } = await report(name, "--key", "touchmark.pub", "--complete");
    expect(status).toBe(0);
    expect(found.result).toBe("verified");
    expect(found.absent.count).toBe(0);
    expect(statusOf(found, "linux/tool")).toMatchObject({
      status: "verified",
      statements: [{ level: 1, builder: "https://touchmark.dev/builders/local" }],
    });
    expect(statusOf(found, "tool-1.0.sigstore.json")).toMatchObject({ status: "evidence" });
  });

  it("catches one changed byte and names the file", async () => {
    const name = await copyRelease("changed");
    const bytes = await readFile(at(name, "tool.tar.gz"));
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    await writeFile(at(name, "tool.tar.gz"), bytes);
    const { status, report: found } = await report(name, "--key", "touchmark.pub");
    expect(status).toBe(1);
    expect(found.result).toBe("failed");
    expect(statusOf(found, "tool.tar.gz")).toMatchObject({
      status: "tampered",
      findings: [{ code: "SUBJECT_MISMATCH" }],
    });
    expect(statusOf(found, "install.sh")).toMatchObject({ status: "verified" });
    const screen = await run("verify", name, "--key", "touchmark.pub");
    expect(screen).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/FAILED {2}1 of 3 artifacts[\s\S]*tool\.tar\.gz {2}TAMPERED/),
    });
  });

  it("fails a file that nothing covers, hidden or not, and one that only looks like evidence", async () => {
    const name = await copyRelease("extra");
    await writeFile(at(name, ".hidden"), "x");
    await writeFile(at(name, "run.intoto.jsonl"), "#!/bin/sh\necho owned\n");
    const { status, report: found } = await report(name, "--key", "touchmark.pub");
    expect(status).toBe(1);
    expect(statusOf(found, ".hidden")).toMatchObject({ status: "not-covered" });
    expect(statusOf(found, "run.intoto.jsonl")).toMatchObject({ status: "not-covered" });
  });

  it("follows no link out of the release", async () => {
    const name = await copyRelease("linked");
    await symlink("/etc/passwd", at(name, "passwd"));
    const { status, report: found } = await report(name, "--key", "touchmark.pub");
    expect(status).toBe(1);
    expect(statusOf(found, "passwd")?.findings[0]?.code).toBe("LINK_REFUSED");
  });

  it("counts what is not there, and fails for it with --complete", async () => {
    const alone = await report(
      "release/install.sh",
      "--key",
      "touchmark.pub",
      "--bundle",
      "touchmark-out/tool-1.0.sigstore.json",
    );
    expect(alone).toMatchObject({ status: 0, report: { absent: { count: 2 } } });
    const complete = await report(
      "release/install.sh",
      "--key",
      "touchmark.pub",
      "--bundle",
      "touchmark-out/tool-1.0.sigstore.json",
      "--complete",
    );
    expect(complete.status).toBe(1);
    expect(complete.report.findings.map((finding) => finding.code)).toContain("SUBJECT_ABSENT");
  });

  it("verifies a digest without the bytes", async () => {
    const { createHash } = await import("node:crypto");
    const digest = createHash("sha256").update("archive bytes").digest("hex");
    const bundle = ["--bundle", "touchmark-out/tool-1.0.sigstore.json"];
    expect(await report(`sha256:${digest}`, "--key", "touchmark.pub", ...bundle)).toMatchObject({ status: 0 });
    expect(
      await report(
        `sha256:${digest.replace(/^./, (c) => (c === "0" ? "1" : "0"))}`,
        "--key",
        "touchmark.pub",
        ...bundle,
      ),
    ).toMatchObject({ status: 1 });
  });

  it("asks whom to believe before it judges anything", async () => {
    const ended = await run("verify", "release", "--bundle", "touchmark-out/tool-1.0.sigstore.json");
    expect(ended.status).toBe(2);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toContain("E TRUST_UNSET");
    expect(ended.stderr).toContain("https://touchmark.dev/builders/local");
    expect(ended.stderr).toContain("touchmark verify release --key");
    const json = await run("verify", "release", "--json");
    expect(json.status).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: {
        code: "TRUST_UNSET",
        message: expect.any(String),
        expected: expect.any(String),
        actual: expect.any(String),
      },
    });
  });

  it("does not believe another key", async () => {
    expect(await run("keys", "generate", "--out", "other")).toMatchObject({ status: 0 });
    const { status, report: found } = await report(
      "release/install.sh",
      "--key",
      "other/touchmark.pub",
      "--bundle",
      "touchmark-out/tool-1.0.sigstore.json",
    );
    expect(status).toBe(1);
    expect(found.artifacts[0]?.status).toBe("untrusted");
  });
});
