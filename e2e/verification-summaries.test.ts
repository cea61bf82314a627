import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const slsaVerifier: string | null = goProgram("slsa-verifier");
const VERIFIER = "https://verifier.example.com/v1";
const RESOURCE = "pkg:generic/widgets@1.0.0";

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (name: string) => join(folder.path, name);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });
const sha256 = createHash("sha256").update("the tool's bytes").digest("hex");

beforeAll(async () => {
  folder = await newFolder();
  await writeFile(at("tool"), "the tool's bytes");
  for (const who of ["builder", "verifier"])
    expect(await run("keys", "generate", "--out", who)).toMatchObject({ status: 0 });
  const attest = [
    "attest",
    "--from",
    "files:tool",
    "--key",
    "builder/touchmark.key",
    "--name",
    "r",
    "--out",
    "evidence",
  ];
  expect(await run(...attest)).toMatchObject({ status: 0 });
  const verify = ["verify", "tool", "--bundle", "evidence/r.intoto.jsonl", "--key", "builder/touchmark.pub"];
  const write = [
    ...["--vsa-out", "vsa.sigstore.json", "--vsa-verifier-id", VERIFIER, "--vsa-release", RESOURCE],
    ...["--vsa-signing-key", "verifier/touchmark.key"],
  ];
  expect(await run(...verify, ...write)).toMatchObject({ status: 0 });
  expect(await run("convert", "vsa.sigstore.json", "--to", "dsse", "--output", "vsa.json")).toMatchObject({
    status: 0,
  });
});
afterAll(() => folder.remove());

const accept = (level: string, ...more: string[]) =>
  run(
    ...["verify", "tool", "--bundle", "vsa.sigstore.json", "--vsa-key", "verifier/touchmark.pub"],
    ...["--vsa-verifier", VERIFIER, "--vsa-resource", RESOURCE, "--vsa-level", level, ...more],
  );

it("touchmark verify accepts what --vsa-out wrote, and no more than it says", async () => {
  expect(await accept("SLSA_BUILD_LEVEL_1")).toMatchObject({ status: 0 });
  const refused = await accept("SLSA_BUILD_LEVEL_2");
  expect(refused).toMatchObject({ status: 1, stdout: expect.stringContaining("VSA_LEVEL_TOO_LOW") });
});

async function summaryFlags(level: string): Promise<readonly string[]> {
  const { signatures } = JSON.parse(await readFile(at("vsa.json"), "utf8"));
  return [
    ...["verify-vsa", "--attestation-path", "vsa.json", "--public-key-path", "verifier/touchmark.pub"],
    ...["--public-key-id", signatures[0].keyid, "--subject-digest", `sha256:${sha256}`],
    ...["--verifier-id", VERIFIER, "--resource-uri", RESOURCE, "--verified-level", level],
  ];
}

it("touchmark slsa-verifier verify-vsa does", async () => {
  expect(await run("slsa-verifier", ...(await summaryFlags("SLSA_BUILD_LEVEL_1")))).toMatchObject({ status: 0 });
  expect(await run("slsa-verifier", ...(await summaryFlags("SLSA_BUILD_LEVEL_2")))).toMatchObject({ status: 1 });
});

describe.skipIf(slsaVerifier === null)(`slsa-verifier ${goProgramVersion("slsa-verifier")}`, () => {
  it("verify-vsa does", async () => {
    const peer = async (level: string) =>
      runProgram(slsaVerifier ?? "", await summaryFlags(level), { cwd: folder.path });
    expect(await peer("SLSA_BUILD_LEVEL_1")).toMatchObject({ status: 0, stderr: expect.stringContaining("PASSED") });
    expect(await peer("SLSA_BUILD_LEVEL_2")).toMatchObject({ status: 1 });
  });
});
