import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { goProgramVersion } from "./peers/go-programs.mjs";
import { pythonProgram, pythonProgramVersion } from "./peers/python-programs.mjs";
import { addressOf, PORTS, type ServerName } from "./servers/sigstore/addresses.ts";
import { githubClaims, gitlabClaims } from "./servers/sigstore/claims.ts";
import type { FaultWindow, SigstoreFault } from "./servers/sigstore/faults.ts";
import { type PeerCommands, peerCommands } from "./servers/sigstore/peer-commands.ts";
import { hasRekorV1 } from "./servers/sigstore/rekor-v1.ts";
import type { SigningOrder } from "./servers/sigstore/signing-job.ts";
import { hasSigstore, type InsideOptions, type Sigstore, startSigstore } from "./servers/sigstore.ts";
import { newFolder } from "./touchmark-process.ts";

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const COSIGN = `cosign ${goProgramVersion("cosign")}`;
const PYTHON = `sigstore-python ${pythonProgramVersion("sigstore-python")}`;
const hasPython = pythonProgram("sigstore-python") !== null;
const TOOL = "the tool's bytes";

describe.skipIf(!hasSigstore())("a CI job that signs without a key", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let sigstore: Sigstore;
  let peers: PeerCommands;
  let job: string;
  const at = (...parts: string[]) => join(folder.path, ...parts);

  beforeAll(async () => {
    folder = await newFolder();
    await writeFile(at("tool"), TOOL);
    await writeFile(at("other"), "the other tool's bytes");
    job = at("signing-job.mjs");
    // Plain Node takes no types: the program is built as the command line is.
    await build({
      entryPoints: [fileURLToPath(new URL("servers/sigstore/signing-job.ts", import.meta.url))],
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      conditions: ["@touchmark/source"],
      banner: { js: 'import { createRequire as made } from "node:module"; const require = made(import.meta.url);' },
      outfile: job,
      logLevel: "silent",
    });
    sigstore = await startSigstore(at("sigstore"), { rekorV1: hasRekorV1() });
    peers = peerCommands(sigstore, folder.path);
  });

  afterEach(() => sigstore?.mend());

  afterAll(async () => {
    await sigstore?.stop();
    await folder?.remove();
  });

  interface Order extends Partial<SigningOrder> {
    readonly claims?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, string>>;
    readonly clockAhead?: number;
  }

  /** A GitHub job, unless `env` makes it another one. */
  function sign({ claims = {}, env, clockAhead, ...change }: Order = {}) {
    const order: SigningOrder = {
      file: "tool",
      sha256: createHash("sha256").update(TOOL).digest("hex"),
      bundle: "bundle.json",
      log: "auto",
      signingConfig: sigstore.signingConfigFile,
      fulcio: sigstore.fulcioUrl,
      rekor: null,
      timestamps: sigstore.timestampsUrl,
      ...change,
    };
    const stated = githubClaims(claims);
    const github = {
      GITHUB_ACTIONS: "true",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: String(stated["repository"]),
      GITHUB_SHA: String(stated["sha"]),
      GITHUB_RUN_ID: "42",
      RUNNER_ENVIRONMENT: "github-hosted",
      ...sigstore.tokenEnvironment(stated),
    };
    const options: InsideOptions = {
      cwd: folder.path,
      env: env ?? github,
      ...(clockAhead === undefined ? {} : { clockAhead }),
    };
    return sigstore.inside(process.execPath, [job, JSON.stringify(order)], options);
  }

  const materialIn = async (bundle: string) => JSON.parse(await readFile(at(bundle), "utf8")).verificationMaterial;

  describe.each<[string, () => Order, { kind: string; version: string } | null]>([
    ["into Rekor v2, by a SigningConfig", () => ({}), { kind: "hashedrekord", version: "0.0.2" }],
    [
      "into Rekor v2, by addresses",
      () => ({ signingConfig: null, rekor: { url: sigstore.rekorUrl, version: 2 } }),
      { kind: "hashedrekord", version: "0.0.2" },
    ],
    ...(hasRekorV1()
      ? ([
          [
            "into Rekor v1, by addresses",
            () => ({ signingConfig: null, rekor: { url: addressOf(PORTS.rekorV1), version: 1 } }),
            { kind: "dsse", version: "0.0.1" },
          ],
        ] as [string, () => Order, { kind: string; version: string }][])
      : []),
  ])("%s", (name, order, kindVersion) => {
    const bundle = `${name.replaceAll(/\W/g, "-")}.json`;

    it("signs", async () => {
      expect(await sign({ ...order(), bundle })).toMatchObject({ status: 0, stderr: "" });
      const material = await materialIn(bundle);
      expect(material.tlogEntries).toMatchObject([{ kindVersion, logIndex: expect.any(String) }]);
      expect(material.timestampVerificationData.rfc3161Timestamps).toHaveLength(1);
    });

    it(`what ${COSIGN} verifies without a network, by its bytes and its signer`, async () => {
      const verify = (file: string, identity: string) => peers.cosignVerify(at(file), at(bundle), { identity });
      expect(await verify("tool", IDENTITY)).toMatchObject({ status: 0 });
      expect(await verify("other", IDENTITY)).not.toMatchObject({ status: 0 });
      expect(await verify("tool", IDENTITY.replace("octo", "evil"))).not.toMatchObject({ status: 0 });
    });

    it.skipIf(!hasPython)(`what ${PYTHON} verifies without a network, by its bytes and its signer`, async () => {
      const verify = (file: string, identity: string) => peers.pythonVerify(at(file), at(bundle), { identity });
      expect(await verify("tool", IDENTITY)).toMatchObject({ status: 0 });
      expect(await verify("other", IDENTITY)).not.toMatchObject({ status: 0 });
      expect(await verify("tool", IDENTITY.replace("octo", "evil"))).not.toMatchObject({ status: 0 });
    });
  });

  it("signs for a private repository with a timestamp alone, and leaves no trace in the log", async () => {
    await sigstore.requests();
    const claims = { repository_visibility: "private" };
    expect(await sign({ claims, bundle: "private.json" })).toMatchObject({ status: 0 });
    expect((await materialIn("private.json")).tlogEntries).toEqual([]);
    expect((await sigstore.requests()).map(({ server }) => server)).not.toContain("rekor");
    expect(await sign({ claims, log: "public", bundle: "none.json" })).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/^PRIVATE_REPOSITORY/),
    });
  });

  it("signs as a GitLab job", async () => {
    const claims = gitlabClaims();
    const env = {
      GITLAB_CI: "true",
      CI_SERVER_URL: "https://gitlab.com",
      CI_PROJECT_PATH: "octo/widgets",
      CI_COMMIT_SHA: String(claims["sha"]),
      CI_PIPELINE_ID: "42",
      SIGSTORE_ID_TOKEN: sigstore.token(claims),
    };
    expect(await sign({ env, bundle: "gitlab.json" })).toMatchObject({ status: 0 });
    const identity = "https://gitlab.com/octo/widgets//.gitlab-ci.yml@refs/tags/v1.2.3";
    const expected = { identity, issuer: "https://gitlab.com" };
    expect(await peers.cosignVerify(at("tool"), at("gitlab.json"), expected)).toMatchObject({ status: 0 });
  });

  describe("with a fault", () => {
    const down = { kind: "refuse" } as const;
    it.each<[string, ServerName, SigstoreFault, RegExp]>([
      ["no token service", "tokens", down, /^NETWORK_UNAVAILABLE.*\nGitHub's token service: run-actions\./],
      ["no issuer", "issuer", down, /^NETWORK_UNAVAILABLE.*\nthe issuer of identity tokens: token\.actions\./],
      [
        "no certificate authority",
        "fulcio",
        down,
        /^NETWORK_UNAVAILABLE.*\nthe certificate authority: 127\.0\.0\.1:9401/,
      ],
      ["no log", "rekor", down, /^NETWORK_UNAVAILABLE.*\nthe log: 127\.0\.0\.1:9402/],
      ["no timestamps", "timestamps", down, /^NETWORK_UNAVAILABLE.*\nthe timestamp authority: 127\.0\.0\.1:9403/],
      [
        "a certificate log that says 400",
        "ctLog",
        { kind: "answer", status: 400 },
        /^SERVICE_UNAVAILABLE.*\nthe certificate authority at 127\.0\.0\.1:9401/,
      ],
      [
        "a log that says 500 and its request's number",
        "rekor",
        { kind: "answer", status: 500, headers: { "x-request-id": "r-7" } },
        /^SERVICE_UNAVAILABLE.*\nthe log at 127\.0\.0\.1:9402.*\n.*\nstatus 500 \(request r-7\)/,
      ],
      ["a log that answers garbage", "rekor", { kind: "bytes", body: "<html>" }, /^SERVICE_INVALID.*\nthe log/],
      [
        "half an answer of the authority",
        "fulcio",
        { kind: "half-body" },
        /^SERVICE_INVALID.*\nthe certificate authority/,
      ],
    ])("%s: ends soon, names the server, and leaves no bundle", async (_name, server, fault, words) => {
      await sigstore.fail(server, fault);
      const ended = await sign({ bundle: "half.json" });
      expect(ended).toMatchObject({ status: 3, stderr: "" });
      expect(ended.stdout).toMatch(words);
      expect(ended.stdout).not.toContain("eyJ");
      expect(await readdir(folder.path)).not.toContain("half.json");
    });

    it.each<[string, ServerName, SigstoreFault, FaultWindow]>([
      [
        "an authority that was busy",
        "fulcio",
        { kind: "answer", status: 429, headers: { "retry-after": "1" } },
        { times: 1 },
      ],
      ["a slow log", "rekor", { kind: "slow", ms: 6_000 }, { times: 1 }],
      ["a log whose answer was lost", "rekor", { kind: "lost-answer" }, { times: 1, request: "POST" }],
      ["a timestamp authority that hung up", "timestamps", { kind: "hang-up" }, { times: 1 }],
    ])("%s: signs all the same", async (_name, server, fault, window) => {
      await sigstore.fail(server, fault, window);
      expect(await sign({ bundle: "late.json" })).toMatchObject({ status: 0 });
      expect(await peers.cosignVerify(at("tool"), at("late.json"), { identity: IDENTITY })).toMatchObject({
        status: 0,
      });
    });

    it.skipIf(!hasRekorV1())("the answer of Rekor v1 lost: its entry is fetched", async () => {
      await sigstore.fail("rekorV1", { kind: "lost-answer" }, { times: 1, request: "POST" });
      const rekor = { url: addressOf(PORTS.rekorV1), version: 1 } as const;
      await sigstore.requests();
      expect(await sign({ signingConfig: null, rekor, bundle: "fetched.json" })).toMatchObject({ status: 0 });
      const methods = (await sigstore.requests())
        .filter(({ server }) => server === "rekorV1")
        .map(({ method }) => method);
      expect(methods).toEqual(["POST", "POST", "GET"]);
      expect(await peers.cosignVerify(at("tool"), at("fetched.json"), { identity: IDENTITY })).toMatchObject({
        status: 0,
      });
    });

    it("a log that dies after the certificate: no bundle, and the next try signs", async () => {
      await sigstore.down("rekor");
      const ended = await sign({ bundle: "dead.json" });
      expect(ended).toMatchObject({ status: 3 });
      expect(await readdir(folder.path)).not.toContain("dead.json");
      await sigstore.up("rekor");
      expect(await sign({ bundle: "dead.json" })).toMatchObject({ status: 0 });
    });

    it.each([
      ["an hour ahead", 3_600, /^IDENTITY_TOKEN_EXPIRED/],
      ["an hour behind", -3_600, /^IDENTITY_TOKEN_INVALID/],
    ])("a clock %s: says so", async (_name, clockAhead, code) => {
      const ended = await sign({ clockAhead, bundle: "clock.json" });
      expect(ended).toMatchObject({ status: 2, stdout: expect.stringMatching(code) });
      expect(ended.stdout).toContain("by this machine's clock");
    });

    it("a token that has expired", async () => {
      const claims = { exp: Math.floor(Date.now() / 1_000) - 60 };
      expect(await sign({ claims, bundle: "old.json" })).toMatchObject({
        status: 2,
        stdout: expect.stringMatching(/^IDENTITY_TOKEN_EXPIRED/),
      });
    });
  });
});
