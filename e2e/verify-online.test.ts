import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { githubClaims, ISSUERS } from "./servers/sigstore/claims.ts";
import { hasSigstore, startSigstore } from "./servers/sigstore.ts";
import { startTufMirror, type TufMirror } from "./servers/tuf-mirror.ts";
import {
  firstState,
  hasTufRepository,
  inDays,
  makeTufRepository,
  nextState,
  type TufRepository,
  type TufState,
} from "./servers/tuf-repository.ts";
import { CLI, newFolder, touchmark } from "./touchmark-process.ts";

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";

describe.skipIf(!hasSigstore() || !hasTufRepository())("verify --online, of what a local Sigstore signed", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let repository: TufRepository;
  let mirror: TufMirror;
  let first: TufState;
  const at = (...parts: string[]) => join(folder.path, ...parts);

  beforeAll(async () => {
    folder = await newFolder();
    await writeFile(at("tool"), "the tool's bytes");
    const sigstore = await startSigstore(at("sigstore"));
    try {
      const claims = githubClaims({});
      const signed = await sigstore.inside(
        process.execPath,
        [
          ...[CLI, "attest", "--keyless", "--from", "files:tool", "--no-config", "--name", "tool", "--out", "out"],
          ...["--signing-config", sigstore.signingConfigFile, "--trusted-root", sigstore.trustedRootFile],
        ],
        {
          cwd: folder.path,
          env: {
            GITHUB_ACTIONS: "true",
            GITHUB_SERVER_URL: "https://github.com",
            GITHUB_REPOSITORY: String(claims["repository"]),
            GITHUB_SHA: String(claims["sha"]),
            GITHUB_RUN_ID: "42",
            RUNNER_ENVIRONMENT: "github-hosted",
            ...sigstore.tokenEnvironment(claims),
          },
        },
      );
      expect(signed).toMatchObject({ status: 0 });
      await cp(sigstore.trustedRootFile, at("trusted_root.json"));
    } finally {
      await sigstore.stop();
    }
    repository = await makeTufRepository(at("tuf"));
    mirror = await startTufMirror(repository.folder);
    first = firstState(await readFile(at("trusted_root.json"), "utf8"));
    await repository.publish(first);
    await cp(at("tuf", "repo", "1.root.json"), at("root.json"));
  });

  afterEach(() => mirror?.mend());

  afterAll(async () => {
    await mirror?.stop();
    await folder?.remove();
  });

  const verify = (...more: string[]) =>
    touchmark(
      [
        ...["verify", "tool", "--bundle", "out/tool.sigstore.json"],
        ...["--signer-identity", IDENTITY, "--signer-issuer", ISSUERS.github, ...more],
      ],
      { cwd: folder.path, env: { XDG_CACHE_HOME: at("cache") } },
    );
  const online = (...more: string[]) => verify("--online", "--mirror", mirror.url, "--root", "root.json", ...more);

  it("holds under the roots that the mirror has, and says of which day they are", async () => {
    const today = new Date().toISOString().slice(0, 10);
    const ended = await online();
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VERIFIED {2}1 of 1 artifact/) });
    expect(ended.stdout).toMatch(new RegExp(`roots {9}127\\.0\\.0\\.1:\\d+ {2}sha256:[0-9a-f]{12}… {2}of ${today}`));
    const { inputs } = JSON.parse((await online("--json")).stdout);
    expect(inputs.roots).toEqual({
      name: mirror.url.slice("http://".length),
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      date: expect.stringMatching(new RegExp(`^${today}T`)),
    });
    expect(await online("--max-roots-age", "1h")).toMatchObject({ status: 0 });
  });

  it("does not hold under the roots that came with the program, whatever is kept", async () => {
    expect(await online()).toMatchObject({ status: 0 });
    mirror.asked();
    expect((await verify()).status).not.toBe(0);
    expect(mirror.asked()).toEqual([]);
  });

  it("gives no verdict when the mirror does not answer, and takes no older roots for it", async () => {
    expect(await online()).toMatchObject({ status: 0 });
    mirror.fail(/./, { kind: "status", status: 503 });
    expect(await online()).toMatchObject({
      status: 3,
      stdout: "",
      stderr: expect.stringContaining("SERVICE_UNAVAILABLE"),
    });
    const gone = await verify("--online", "--mirror", "http://127.0.0.1:1", "--root", "root.json", "--json");
    expect([gone.status, JSON.parse(gone.stdout)]).toMatchObject([3, { error: { code: "NETWORK_UNAVAILABLE" } }]);
  });

  it("gives no verdict when the mirror's metadata has expired, or goes back", async () => {
    const second = nextState(first);
    await repository.publish(second);
    expect(await online()).toMatchObject({ status: 0 });
    await repository.publish(first);
    expect(await online()).toMatchObject({ status: 3, stderr: expect.stringContaining("ROOTS_ROLLBACK") });
    await repository.publish(nextState(second, { expires: { ...first.expires, timestamp: inDays(-1) } }));
    expect(await online()).toMatchObject({ status: 3, stderr: expect.stringContaining("ROOTS_STALE") });
    await repository.publish(nextState(nextState(second)));
    expect(await online()).toMatchObject({ status: 0 });
  });

  it("remembers release and roots with --state", async () => {
    await rm(at("cache"), { recursive: true, force: true });
    expect(await online("--state", "seen.json")).toMatchObject({ status: 0 });
    const { releases, roots } = JSON.parse(await readFile(at("seen.json"), "utf8"));
    expect(releases).toEqual({ "https://github.com/octo/widgets": { "": "1.2.3" } });
    expect(roots).toHaveLength(1);
    // The same roots out of a file are the same instance, and no older.
    expect(await verify("--trusted-root", "trusted_root.json", "--state", "seen.json")).toMatchObject({ status: 0 });
    const later = {
      ...JSON.parse(await readFile(at("seen.json"), "utf8")),
      releases: { "https://github.com/octo/widgets": { "": "1.3.0" } },
    };
    await writeFile(at("later.json"), JSON.stringify(later));
    expect(await online("--state", "later.json")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("ROLLBACK"),
    });
  });

  it("asks no mirror for roots that are in a file, and no log for evidence that lacks nothing", async () => {
    mirror.asked();
    expect(await verify("--online", "--trusted-root", "trusted_root.json")).toMatchObject({ status: 0 });
    expect(mirror.asked()).toEqual([]);
    const shown = ["roots", "show", "--online", "--trusted-root", "trusted_root.json"];
    expect(await touchmark(shown, { cwd: folder.path })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("USAGE"),
    });
  });

  it("shows the roots that the mirror has", async () => {
    const shown = await touchmark(["roots", "show", "--online", "--mirror", mirror.url, "--root", "root.json"], {
      cwd: folder.path,
      env: { XDG_CACHE_HOME: at("cache") },
    });
    expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining("transparency log") });
  });

  it.each([
    ["--online", "--offline"],
    ["--online", "--trusted-root", "trusted_root.json", "--mirror", "http://127.0.0.1:1", "--root", "root.json"],
    ["--mirror", "http://127.0.0.1:1", "--root", "root.json"],
    ["--online", "--mirror", "http://127.0.0.1:1"],
    ["--online", "--root", "root.json"],
  ])("%j %j contradict each other, or say too little", async (...flags) => {
    expect(await verify(...flags)).toMatchObject({ status: 2, stderr: expect.stringContaining("USAGE") });
  });
});
