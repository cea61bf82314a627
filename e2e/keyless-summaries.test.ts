import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { githubClaims, ISSUERS } from "./servers/sigstore/claims.ts";
import { hasSigstore } from "./servers/sigstore.ts";
import { sigstoreBench } from "./servers/sigstore-bench.ts";
import { CLI, touchmark } from "./touchmark-process.ts";

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const VERIFIER = "https://verifier.example.com/v1";
const RESOURCE = "pkg:generic/widgets@1.2.3";

describe.skipIf(!hasSigstore())("a CI job that summarizes without a key", () => {
  const bench = sigstoreBench({
    rekorV1: false,
    prepare: async (folder) => {
      await writeFile(join(folder, "tool"), "the tool's bytes");
      const run = (...args: string[]) => touchmark(args, { cwd: folder });
      expect(await run("keys", "generate")).toMatchObject({ status: 0 });
      const attest = ["attest", "--from", "files:tool", "--no-config", "--key", "touchmark.key", "--name", "r"];
      expect(await run(...attest, "--out", "out")).toMatchObject({ status: 0 });
    },
  });
  const { at } = bench;
  const EVIDENCE = ["verify", "tool", "--key", "touchmark.pub", "--bundle", "out/r.intoto.jsonl"];
  const written = (file: string) => ["--vsa-out", file, "--vsa-verifier-id", VERIFIER, "--vsa-release", RESOURCE];

  /** In a job of GitHub's, whose services are the bench's. */
  function summarize(file: string, more: readonly string[] = [], claims: object = {}) {
    const stated = githubClaims({ ...claims });
    const env = {
      GITHUB_ACTIONS: "true",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: String(stated["repository"]),
      GITHUB_SHA: String(stated["sha"]),
      GITHUB_RUN_ID: "42",
      RUNNER_ENVIRONMENT: "github-hosted",
      ...bench.sigstore.tokenEnvironment(stated),
    };
    const services = [
      ...["--vsa-keyless", "--vsa-signing-config", bench.sigstore.signingConfigFile],
      ...["--vsa-signing-root", bench.sigstore.trustedRootFile],
    ];
    const args = [CLI, ...EVIDENCE, ...written(file), ...services, ...more];
    return bench.sigstore.inside(process.execPath, args, { cwd: bench.folder, env });
  }

  const accept = (file: string, identity: string) =>
    touchmark(
      [
        ...["verify", "tool", "--bundle", file, "--offline", "--vsa-verifier", VERIFIER, "--vsa-resource", RESOURCE],
        ...["--vsa-signer-identity", identity, "--vsa-signer-issuer", ISSUERS.github],
        ...["--vsa-trusted-root", bench.sigstore.trustedRootFile],
      ],
      { cwd: bench.folder },
    );

  it("signs by its identity, which is who consumers believe", async () => {
    const ended = await summarize("vsa.sigstore.json");
    expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining("wrote vsa.sigstore.json: 1 summary") });
    expect(`${ended.stdout}${ended.stderr}`).not.toContain("eyJ");
    expect(await accept("vsa.sigstore.json", IDENTITY)).toMatchObject({ status: 0 });
    expect(await accept("vsa.sigstore.json", IDENTITY.replace("octo", "evil"))).toMatchObject({ status: 1 });
  });

  it("signs nothing for a request that anybody can make", async () => {
    const ended = await summarize("pull.sigstore.json", [], { event_name: "pull_request" });
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining("EVENT_REFUSED") });
    await expect(readFile(at("pull.sigstore.json"))).rejects.toThrow("ENOENT");
  });
});
