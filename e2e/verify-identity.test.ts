import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "../packages/core/src/index.ts";
import { RELEASE_RUN, rootOf, signBundle, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { CLI, newFolder, runProgram, touchmark } from "./touchmark-process.ts";

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

const sigstore = testSigstore();
const identity = [
  ["--signer-identity", RELEASE_RUN.buildSignerUri ?? ""],
  ["--signer-issuer", RELEASE_RUN.issuer ?? ""],
  ["--trusted-root", "roots.json"],
].flat();

beforeAll(async () => {
  folder = await newFolder();
  await mkdir(at("release"));
  const subject = [];
  for (const name of ["tool", "lib"]) {
    await writeFile(at("release", name), name);
    subject.push({ name, digest: { sha256: createHash("sha256").update(name).digest("hex") } });
  }
  const predicate = {
    buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
    runDetails: { builder: { id: "https://example.com/builder" } },
  };
  const statement = encodeJson({ _type: STATEMENT_V1, subject, predicateType: PROVENANCE_V1, predicate });
  await writeFile(at("release", "app.sigstore.json"), JSON.stringify(signBundle(sigstore, statement).bundle));
  await writeFile(at("roots.json"), JSON.stringify(rootOf(sigstore)));
});

afterAll(() => folder.remove());

it("a release that was signed without a key verifies, offline and whole", async () => {
  const ended = await run("verify", "release", ...identity, "--complete", "--offline", "--source", "octo/widgets");
  expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VERIFIED {2}2 of 2 artifacts/) });
});

it.each([
  [
    "another signer",
    ["--signer-identity", "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.4"],
    "IDENTITY_MISMATCH",
    1,
  ],
  ["another source", ["--source", "octo/widget"], "SOURCE_MISMATCH", 1],
  ["roots that are none", ["--trusted-root", "release/tool"], "ROOTS_INVALID", 2],
  ["roots that are not there", ["--trusted-root", "none.json"], "INPUT_MISSING", 2],
  ["a short ref", ["--source", "octo/widgets@v1"], "USAGE", 2],
])("with %s it does not", async (_, args, code, status) => {
  const ended = await run("verify", "release", ...identity, ...args);
  expect([ended.status, `${ended.stdout}${ended.stderr}`]).toEqual([status, expect.stringContaining(code)]);
});

it("one who trusts a key needs nothing of what verifies certificates", async () => {
  await run("keys", "generate");
  await run("attest", "--from", "files:release/tool", "--key", "touchmark.key", "--name", "keyed");
  const dist = at("dist");
  await cp(dirname(CLI), dist, { recursive: true });
  let removed = 0;
  for (const name of await readdir(dist)) {
    if (
      !name.endsWith(".mjs") ||
      !/sigstore\.dev|TLOG_INCLUSION_PROOF_ERROR/.test(await readFile(join(dist, name), "utf8"))
    )
      continue;
    if (name.startsWith("touchmark") || name.startsWith("conformance")) continue;
    await rm(join(dist, name));
    removed += 1;
  }
  expect(removed).toBeGreaterThan(0);
  const cli = (...args: string[]) =>
    runProgram(process.execPath, [join(dist, "touchmark.mjs"), ...args], { cwd: folder.path });
  const evidence = ["--bundle", "touchmark-out/keyed.sigstore.json"];
  expect(await cli("verify", "release/tool", "--key", "touchmark.pub", ...evidence)).toMatchObject({ status: 0 });
  expect(await cli("verify", "release", ...identity)).toMatchObject({ status: 3 });
});
