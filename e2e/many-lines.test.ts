import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RELEASE_RUN, rootOf, signBundle, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { hex, provenance, type SubjectEntry, signedBundle } from "./signed-bundle.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";

interface Report {
  readonly result: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly skippedLines: number;
  readonly artifacts: readonly { readonly name: string; readonly status: string }[];
  readonly findings: readonly { readonly code: string; readonly message: string }[];
}

/** What a process may keep: above it, Node ends it. */
const LITTLE_MEMORY = { NODE_OPTIONS: "--max-old-space-size=192" };

let folder: Awaited<ReturnType<typeof newFolder>>;
let [own, stranger] = ["", ""];
const at = (...parts: string[]) => join(folder.path, ...parts);
const subjectOf = (name: string, bytes: string): SubjectEntry => ({ name, digest: { sha256: hex("sha256", bytes) } });

beforeAll(async () => {
  folder = await newFolder();
  for (const out of ["own", "stranger"]) {
    expect(await touchmark(["keys", "generate", "--out", out], { cwd: folder.path })).toMatchObject({ status: 0 });
  }
  own = await readFile(at("own", "touchmark.key"), "utf8");
  stranger = await readFile(at("stranger", "touchmark.key"), "utf8");
  await writeFile(at("tool"), "tool");
});

afterAll(() => folder.remove());

async function verify(targets: readonly string[], evidence: string, who = ["--key", "own/touchmark.pub"], env = {}) {
  const ended = await touchmark(["verify", ...targets, "--bundle", evidence, ...who, "--json"], {
    cwd: folder.path,
    env,
  });
  if (ended.stdout === "") throw new Error(ended.stderr);
  return { status: ended.status, report: JSON.parse(ended.stdout) as Report };
}

/** Writes lines, one after the other. */
async function writeLines(name: string, lines: Iterable<string | Buffer>): Promise<string> {
  const file = createWriteStream(at(name));
  for (const line of lines) {
    file.write(line);
    if (!file.write("\n")) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return name;
}

describe("a file of many lines", () => {
  const good = () => signedBundle(own, provenance([subjectOf("tool", "tool")]));

  it("above 64 MiB is read line by line: the one that counts is found, in little memory", async () => {
    const predicate = { padding: "x".repeat(60_000) };
    const other = (index: number) =>
      signedBundle(
        stranger,
        JSON.stringify({ ...JSON.parse(provenance([subjectOf(`other-${index}`, `${index}`)])), predicate }),
      );
    const name = await writeLines(
      "large.jsonl",
      (function* () {
        for (let index = 0; index < 2_500; index += 1) yield other(index);
        yield good();
      })(),
    );
    expect((await stat(at(name))).size).toBeGreaterThan(180 * 2 ** 20);
    const { status, report } = await verify(["tool"], name, undefined, LITTLE_MEMORY);
    expect(report).toMatchObject({ result: "verified", skippedLines: 2_500, findings: [] });
    expect(status).toBe(0);
  });

  it.each([
    ["small enough to be read whole", "{}"],
    ["larger", JSON.stringify({ padding: "x".repeat(80) })],
  ])("a million of them are answered, %s", async (_what, line) => {
    const name = await writeLines(
      "million.jsonl",
      (function* () {
        const block = Array.from({ length: 1_000 }, () => line).join("\n");
        for (let index = 0; index < 1_000; index += 1) yield block;
      })(),
    );
    const { status, report } = await verify(["tool"], name, undefined, LITTLE_MEMORY);
    expect(status).toBe(1);
    expect(report.counts).toMatchObject({ notCovered: 1 });
    expect(report.findings.map(({ code }) => code)).toContain("EVIDENCE_TOO_LARGE");
  });

  it("each broken in another way, and one that is not", async () => {
    const bundle = JSON.parse(good());
    const subjects = Array.from({ length: 100_001 }, (_one, index) => subjectOf(`f${index}`, "x"));
    const material = { ...bundle.verificationMaterial, tlogEntries: Array.from({ length: 33 }, () => ({})) };
    const broken: readonly (readonly [string, string | Buffer])[] = [
      ["BUNDLE_MALFORMED", good().replace("{", '{"mediaType":"x",')],
      ["BUNDLE_MALFORMED", good().replace("{", '{"__proto__":{},')],
      ["BUNDLE_MALFORMED", `${'{"a":'.repeat(65)}1${"}".repeat(65)}`],
      ["BUNDLE_MALFORMED", Buffer.from(good().replace('"hint":"', '"hint":"\xff'), "latin1")],
      ["BUNDLE_MALFORMED", JSON.stringify({ ...bundle, verificationMaterial: material })],
      ["STATEMENT_MALFORMED", signedBundle(own, provenance(subjects))],
    ];
    const name = await writeLines("broken.jsonl", [...broken.map(([, line]) => line), good()]);
    const { status, report } = await verify(["tool"], name);
    expect({ status, result: report.result }).toEqual({ status: 0, result: "verified" });
    const said = report.findings.map(({ code, message }) => `${code} ${/^broken\.jsonl:\d+/.exec(message)?.[0]}`);
    expect(said.sort()).toEqual(broken.map(([code], index) => `${code} broken.jsonl:${index + 1}`).sort());
  });
});

describe("many statements without a key", () => {
  const sigstore = testSigstore();
  const { buildSignerUri, issuer } = RELEASE_RUN;
  const who = [
    "--signer-identity",
    `${buildSignerUri}`,
    "--signer-issuer",
    `${issuer}`,
    "--trusted-root",
    "roots.json",
  ];
  const COUNT = 300;
  const forged = 123;

  it("are verified in threads, each for its own artifact, and none for another", async () => {
    await mkdir(at("files"));
    await writeFile(at("roots.json"), JSON.stringify(rootOf(sigstore)));
    const lines: string[] = [];
    for (let index = 0; index < COUNT; index += 1) {
      await writeFile(at("files", `f${index}`), `${index}`);
      const payload = Buffer.from(provenance([subjectOf(`f${index}`, `${index}`)]));
      const { bundle } = signBundle(sigstore, payload);
      const other = provenance([subjectOf(`f${index}`, "evil")]);
      if (index === forged && bundle.dsseEnvelope !== undefined) {
        bundle.dsseEnvelope.payload = Buffer.from(other).toString("base64");
        await writeFile(at("files", `f${index}`), "evil");
      }
      lines.push(JSON.stringify(bundle));
    }
    const name = await writeLines("keyless.jsonl", lines);
    const { status, report } = await verify(["files"], name, who);
    expect(status).toBe(1);
    expect(report.counts).toMatchObject({ verified: COUNT - 1, untrusted: 1 });
    expect(report.artifacts.find((one) => one.status === "untrusted")?.name).toBe(`f${forged}`);
    const one = await verify(["files/f7"], name, who);
    expect(one).toMatchObject({ status: 0, report: { result: "verified", skippedLines: COUNT - 1, findings: [] } });
  });
});
