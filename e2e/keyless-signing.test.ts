import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { goProgramVersion } from "./peers/go-programs.mjs";
import { pythonProgram, pythonProgramVersion } from "./peers/python-programs.mjs";
import { addressOf, PORTS, type ServerName, TOKEN_HOST } from "./servers/sigstore/addresses.ts";
import { githubClaims, gitlabClaims, ISSUERS } from "./servers/sigstore/claims.ts";
import type { FaultWindow, SigstoreFault } from "./servers/sigstore/faults.ts";
import { hasRekorV1 } from "./servers/sigstore/rekor-v1.ts";
import { hasSigstore, type InsideOptions } from "./servers/sigstore.ts";
import { sigstoreBench } from "./servers/sigstore-bench.ts";
import { CLI, touchmark } from "./touchmark-process.ts";

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const COSIGN = `cosign ${goProgramVersion("cosign")}`;
const PYTHON = `sigstore-python ${pythonProgramVersion("sigstore-python")}`;
const hasPython = pythonProgram("sigstore-python") !== null;
const TOOL = "the tool's bytes";

describe.skipIf(!hasSigstore())("a CI job that signs without a key", () => {
  const bench = sigstoreBench({
    rekorV1: true,
    prepare: async (folder) => {
      await writeFile(join(folder, "tool"), TOOL);
      await writeFile(join(folder, "other"), "the other tool's bytes");
      await mkdir(join(folder, "out"));
    },
  });
  const { at } = bench;

  interface Order {
    /** Of GitHub's token. */
    readonly claims?: Readonly<Record<string, unknown>>;
    /** Instead of a GitHub job's. */
    readonly env?: Readonly<Record<string, string>>;
    /** Of the GitHub job. */
    readonly server?: string;
    readonly clockAhead?: number;
    /** To interrupt it. */
    readonly started?: NonNullable<InsideOptions["started"]>;
    /** Instead of the SigningConfig. */
    readonly services?: readonly string[];
    readonly more?: readonly string[];
  }

  /** `attest --keyless` in a job; the evidence is out/NAME.sigstore.json. */
  function sign(
    name: string,
    { claims = {}, env, server = "https://github.com", clockAhead, started, services, more = [] }: Order = {},
  ) {
    const stated = githubClaims(claims);
    const github = {
      GITHUB_ACTIONS: "true",
      GITHUB_SERVER_URL: server,
      GITHUB_REPOSITORY: String(stated["repository"]),
      GITHUB_SHA: String(stated["sha"]),
      GITHUB_RUN_ID: "42",
      RUNNER_ENVIRONMENT: "github-hosted",
      ...bench.sigstore.tokenEnvironment(stated),
    };
    const options: InsideOptions = {
      cwd: bench.folder,
      env: env ?? github,
      ...(clockAhead === undefined ? {} : { clockAhead }),
      ...(started === undefined ? {} : { started }),
    };
    const instance = services ?? ["--signing-config", bench.sigstore.signingConfigFile, ...trustedRoot()];
    const what = ["--from", "files:tool", "--no-config", "--name", name, "--out", "out"];
    return bench.sigstore.inside(
      process.execPath,
      [CLI, "attest", "--keyless", ...what, ...instance, ...more],
      options,
    );
  }

  const bundleOf = (name: string) => at("out", `${name}.sigstore.json`);
  const verify = (name: string, file: string, identity: string, ...more: string[]) =>
    touchmark(
      [
        ...["verify", file, "--bundle", bundleOf(name), "--trusted-root", bench.sigstore.trustedRootFile, "--offline"],
        ...["--signer-identity", identity, "--signer-issuer", ISSUERS.github, ...more],
      ],
      { cwd: bench.folder },
    );

  const materialIn = async (name: string) => JSON.parse(await readFile(bundleOf(name), "utf8")).verificationMaterial;

  describe.each<{ name: string; services: () => readonly string[] | undefined; kind: string; version: string }>([
    { name: "config", services: () => undefined, kind: "hashedrekord", version: "0.0.2" },
    {
      name: "client",
      services: () => ["--signing-config", bench.sigstore.clientTrustConfigFile],
      kind: "hashedrekord",
      version: "0.0.2",
    },
    {
      name: "rekor2",
      services: () => addresses("--rekor-url", bench.sigstore.rekorUrl),
      kind: "hashedrekord",
      version: "0.0.2",
    },
    ...(hasRekorV1()
      ? [{ name: "rekor1", services: () => addresses(...REKOR_V1), kind: "dsse", version: "0.0.1" }]
      : []),
  ])("by $name, into $kind $version", ({ name, services, kind, version }) => {
    it("signs, and verifies it again", async () => {
      const chosen = services();
      const ended = await sign(name, chosen === undefined ? {} : { services: chosen });
      expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/^SIGNED /) });
      expect(ended.stderr).toContain("level         SLSA Build L2: GitHub names workflow and commit in a token");
      expect(`${ended.stdout}${ended.stderr}`).not.toContain("eyJ");
      const material = await materialIn(name);
      expect(material.tlogEntries).toMatchObject([{ kindVersion: { kind, version }, logIndex: expect.any(String) }]);
      expect(material.timestampVerificationData.rfc3161Timestamps).toHaveLength(1);
    });

    it("what touchmark verify verifies without a network, by its bytes, its signer and its source", async () => {
      expect(await verify(name, "tool", IDENTITY)).toMatchObject({ status: 0 });
      expect(await verify(name, "tool", IDENTITY, "--source", "octo/widgets@refs/tags/v1.2.3")).toMatchObject({
        status: 0,
      });
      expect(await verify(name, "tool", IDENTITY, "--source", "octo/other")).toMatchObject({ status: 1 });
      expect(await verify(name, "other", IDENTITY)).toMatchObject({ status: 1 });
      expect(await verify(name, "tool", IDENTITY.replace("octo", "evil"))).toMatchObject({ status: 1 });
    });

    it(`what ${COSIGN} verifies without a network, by its bytes and its signer`, async () => {
      const holds = (file: string, identity: string) =>
        bench.peers.cosignVerify(at(file), bundleOf(name), { identity });
      expect(await holds("tool", IDENTITY)).toMatchObject({ status: 0 });
      expect(await holds("other", IDENTITY)).not.toMatchObject({ status: 0 });
      expect(await holds("tool", IDENTITY.replace("octo", "evil"))).not.toMatchObject({ status: 0 });
    });

    it.skipIf(!hasPython)(`what ${PYTHON} verifies without a network, by its bytes and its signer`, async () => {
      const holds = (file: string, identity: string) =>
        bench.peers.pythonVerify(at(file), bundleOf(name), { identity });
      expect(await holds("tool", IDENTITY)).toMatchObject({ status: 0 });
      expect(await holds("other", IDENTITY)).not.toMatchObject({ status: 0 });
      expect(await holds("tool", IDENTITY.replace("octo", "evil"))).not.toMatchObject({ status: 0 });
    });
  });

  it("signs for a private repository with a timestamp alone, and leaves no trace in the log", async () => {
    await bench.sigstore.requests();
    const claims = { repository_visibility: "private" };
    expect(await sign("private", { claims })).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("--without-log"),
    });
    expect((await materialIn("private")).tlogEntries).toEqual([]);
    expect((await bench.sigstore.requests()).map(({ server }) => server)).not.toContain("rekor");
    expect(await verify("private", "tool", IDENTITY)).toMatchObject({ status: 1 });
    expect(await verify("private", "tool", IDENTITY, "--without-log")).toMatchObject({ status: 0 });
    expect(await sign("none", { claims, more: ["--log", "public"] })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("PRIVATE_REPOSITORY"),
    });
    const acknowledged = await sign("known", { claims, more: ["--log", "public", "--acknowledge-private"] });
    expect(acknowledged).toMatchObject({ status: 0 });
    expect(await verify("known", "tool", IDENTITY)).toMatchObject({ status: 0 });
  });

  it("signs in a reusable workflow, which is then the builder", async () => {
    const job_workflow_sha = "ab".repeat(20);
    const job_workflow_ref = `octo/builders/.github/workflows/go.yml@${job_workflow_sha}`;
    expect(await sign("reusable", { claims: { job_workflow_ref, job_workflow_sha } })).toMatchObject({ status: 0 });
    const identity = `https://github.com/${job_workflow_ref}`;
    expect(await verify("reusable", "tool", identity, "--source", "octo/widgets")).toMatchObject({ status: 0 });
    expect(await verify("reusable", "tool", identity, "--source", "octo/other")).toMatchObject({ status: 1 });
  });

  it("signs a scheduled run, with our own build type", async () => {
    const claims = { event_name: "schedule", environment: "release" };
    expect(await sign("schedule", { claims })).toMatchObject({ status: 0 });
    expect(await verify("schedule", "tool", IDENTITY)).toMatchObject({ status: 0 });
  });

  it.each([
    ["an enterprise with an issuer of its own", ISSUERS.enterprise, "https://github.com"],
    ["an Enterprise Server", ISSUERS.enterpriseServer, "https://github.touchmark.test"],
  ])("signs in a GitHub job of %s, once its issuer is named", async (_name, issuer, server) => {
    const job = { claims: { iss: issuer }, server };
    expect(await sign("enterprise", { ...job, more: ["--github-issuer", issuer] })).toMatchObject({ status: 0 });
    const identity = IDENTITY.replace("https://github.com", server);
    const holds = (signerIssuer: string) =>
      verify("enterprise", "tool", identity, "--source", "octo/widgets", "--signer-issuer", signerIssuer);
    expect(await holds(issuer)).toMatchObject({ status: 0 });
    expect(await holds(ISSUERS.github)).toMatchObject({ status: 1 });
    const expected = { identity, issuer };
    expect(await bench.peers.cosignVerify(at("tool"), bundleOf("enterprise"), expected)).toMatchObject({ status: 0 });
    expect(await sign("unnamed", job)).toMatchObject({ status: 2, stderr: expect.stringContaining("IDENTITY_TOKEN_") });
  });

  it("signs as a GitLab job", async () => {
    const claims = gitlabClaims();
    const env = {
      GITLAB_CI: "true",
      CI_SERVER_URL: "https://gitlab.com",
      CI_PROJECT_PATH: "octo/widgets",
      CI_COMMIT_SHA: String(claims["sha"]),
      CI_PIPELINE_ID: "42",
      SIGSTORE_ID_TOKEN: bench.sigstore.token(claims),
    };
    expect(await sign("gitlab", { env })).toMatchObject({ status: 0 });
    const identity = "https://gitlab.com/octo/widgets//.gitlab-ci.yml@refs/tags/v1.2.3";
    const expected = { identity, issuer: ISSUERS.gitlab };
    expect(await bench.peers.cosignVerify(at("tool"), bundleOf("gitlab"), expected)).toMatchObject({ status: 0 });
  });

  it.each<[string, () => Order, string]>([
    ["a pull request's run", () => ({ claims: { event_name: "pull_request" } }), "EVENT_REFUSED"],
    ["a laptop", () => ({ env: {} }), "IDENTITY_TOKEN_MISSING"],
    ["a key beside it", () => ({ more: ["--key", "tool"] }), "USAGE"],
    ["services named twice", () => ({ more: ["--fulcio-url", bench.sigstore.fulcioUrl] }), "USAGE"],
    ["a log without a name", () => ({ more: ["--log", "sometimes"] }), "USAGE"],
  ])("signs nothing for %s", async (_name, order, code) => {
    expect(await sign("nothing", order())).toMatchObject({ status: 2, stderr: expect.stringContaining(code) });
    expect(await readdir(at("out"))).not.toContain("nothing.sigstore.json");
  });

  it("publishes nothing that the named roots do not trust", async () => {
    const other = await readFile(bench.sigstore.trustedRootFile, "utf8");
    const root = JSON.parse(other);
    root.timestampAuthorities = [];
    await writeFile(at("other-root.json"), JSON.stringify(root));
    const before = await readdir(at("out"));
    const ended = await sign("untrusted", { more: ["--trusted-root", "other-root.json"] });
    expect(ended).toMatchObject({ status: 3, stderr: expect.stringContaining("SELF_CHECK_FAILED") });
    expect(await readdir(at("out"))).toEqual(before);
  });

  describe("with a fault", () => {
    const local = (port: number) => new URL(addressOf(port)).host;
    const servers: readonly (readonly [ServerName, named: string, host: string])[] = [
      ["tokens", "GitHub's token service", TOKEN_HOST],
      ["issuer", "the issuer of identity tokens", new URL(ISSUERS.github).host],
      ["fulcio", "the certificate authority", local(PORTS.fulcio)],
      ["rekor", "the log", local(PORTS.rekor)],
      ...(hasRekorV1() ? [["rekorV1", "the log", local(PORTS.rekorV1)] as const] : []),
      ["timestamps", "the timestamp authority", local(PORTS.timestamps)],
    ];
    const ids = { "x-request-id": "r-7" };
    const faults: readonly (readonly [string, SigstoreFault, code: string, words: string])[] = [
      ["is down", { kind: "refuse" }, "NETWORK_UNAVAILABLE", "ECONNREFUSED"],
      ["says 500", { kind: "answer", status: 500, headers: ids }, "SERVICE_UNAVAILABLE", "status 500 (request r-7)"],
      ["says 429", { kind: "answer", status: 429, headers: ids }, "SERVICE_UNAVAILABLE", "status 429 (request r-7)"],
      ["answers garbage", { kind: "bytes", body: "<html>" }, "SERVICE_INVALID", "answered wrongly"],
      ["sends half an answer", { kind: "half-body" }, "SERVICE_INVALID", "ends early"],
    ];

    it.each(servers.flatMap(([server, ...shown]) => faults.map((fault) => [server, ...fault, ...shown] as const)))(
      "%s %s: ends soon, names the server and what to do, and leaves no bundle",
      async (server, _name, fault, code, words, named, host) => {
        await bench.sigstore.fail(server, fault);
        const ended = await sign("half", server === "rekorV1" ? { services: addresses(...REKOR_V1) } : {});
        expect(ended).toMatchObject({ status: 3, stdout: "" });
        expect(ended.stderr).toContain(`E ${code}  ${named}`);
        expect(ended.stderr).toContain(host);
        expect(ended.stderr).toContain(words);
        expect(ended.stderr).toMatch(/^ {4}do {9}\S/m);
        expect(ended.stderr).not.toContain("eyJ");
        expect(await readdir(at("out"))).not.toContain("half.sigstore.json");
      },
    );

    // Fulcio asks it, and is named.
    it.each([400, 500])(
      "a certificate log that says %i: the authority is named, and no bundle is left",
      async (status) => {
        await bench.sigstore.fail("ctLog", { kind: "answer", status });
        const ended = await sign("half");
        expect(ended).toMatchObject({ status: 3, stdout: "" });
        expect(ended.stderr).toContain("SERVICE_UNAVAILABLE  the certificate authority at 127.0.0.1:9401");
        expect(await readdir(at("out"))).not.toContain("half.sigstore.json");
      },
    );

    // Fulcio asks it again and again, for as long as we wait.
    it("a certificate log that is down: says soon whom it waits for, and gives up in time", async () => {
      await bench.sigstore.fail("ctLog", { kind: "refuse" });
      const began = Date.now();
      const ended = await sign("half", { more: ["--json"] });
      expect(Date.now() - began).toBeLessThan(55_000);
      expect(ended).toMatchObject({ status: 3, stdout: expect.stringMatching(/"code": ?"NETWORK_UNAVAILABLE"/) });
      const [note, ...more] = ended.stderr.split("\n").filter((line) => line.startsWith("note: "));
      expect(note).toBe(
        "note: the certificate authority: 127.0.0.1:9401 did not answer: expected an answer within 20000 ms, got none that is whole; it is asked again now",
      );
      expect(more).toEqual([]);
      expect(await readdir(at("out"))).not.toContain("half.sigstore.json");
      // Its pauses grow from fault to fault, and it would have none but long ones from here on.
      await bench.sigstore.down("fulcio");
      await bench.sigstore.up("fulcio");
    });

    it("an authority that was busy: a note says so, beside the document", async () => {
      const busy = { kind: "answer", status: 503, headers: { ...ids, "retry-after": "1" } } as const;
      await bench.sigstore.fail("fulcio", busy, { times: 1 });
      const ended = await sign("noted", { more: ["--json"] });
      expect(JSON.parse(ended.stdout)).toMatchObject({ release: "noted" });
      expect(ended.stderr).toContain(
        "note: the certificate authority at 127.0.0.1:9401 could not do it now: expected an answer, got status 503 (request r-7); it is asked again in 1 s",
      );
      await bench.sigstore.fail("fulcio", busy, { times: 1 });
      expect((await sign("quiet", { more: ["--quiet"] })).stderr).toBe("");
    });

    it("a certificate log that is down for a while: signs all the same", async () => {
      await bench.sigstore.fail("ctLog", { kind: "refuse" });
      const mended = sleep(3_000).then(() => bench.sigstore.mend());
      expect(await sign("later")).toMatchObject({ status: 0 });
      await mended;
    });

    it("every server slow: signs all the same", async () => {
      for (const [server] of servers) await bench.sigstore.fail(server, { kind: "slow", ms: 2_000 });
      expect(await sign("slow")).toMatchObject({ status: 0 });
    });

    it.each<[string, ServerName, SigstoreFault, FaultWindow]>([
      [
        "an authority that was busy",
        "fulcio",
        { kind: "answer", status: 429, headers: { "retry-after": "1" } },
        { times: 1 },
      ],
      ["a certificate log that was busy", "ctLog", { kind: "answer", status: 429 }, { times: 1 }],
      ["a certificate log that answered garbage", "ctLog", { kind: "bytes", body: "<html>" }, { times: 1 }],
      ["a certificate log that sent half an answer", "ctLog", { kind: "half-body" }, { times: 1 }],
      ["a slow log", "rekor", { kind: "slow", ms: 6_000 }, { times: 1 }],
      ["a log whose answer was lost", "rekor", { kind: "lost-answer" }, { times: 1, request: "POST" }],
      ["a timestamp authority that hung up", "timestamps", { kind: "hang-up" }, { times: 1 }],
    ])("%s: signs all the same", async (_name, server, fault, window) => {
      await bench.sigstore.fail(server, fault, window);
      expect(await sign("late")).toMatchObject({ status: 0 });
      expect(await bench.peers.cosignVerify(at("tool"), bundleOf("late"), { identity: IDENTITY })).toMatchObject({
        status: 0,
      });
    });

    it.skipIf(!hasRekorV1())("the answer of Rekor v1 lost: its entry is fetched", async () => {
      await bench.sigstore.fail("rekorV1", { kind: "lost-answer" }, { times: 1, request: "POST" });
      await bench.sigstore.requests();
      expect(await sign("fetched", { services: addresses(...REKOR_V1) })).toMatchObject({ status: 0 });
      const requests = (await bench.sigstore.requests()).filter(({ server }) => server === "rekorV1");
      expect(requests.map(({ method }) => method)).toEqual(["POST", "POST", "GET"]);
      const verifying = bench.peers.cosignVerify(at("tool"), bundleOf("fetched"), { identity: IDENTITY });
      expect(await verifying).toMatchObject({ status: 0 });
    });

    it.each<[ServerName, NodeJS.Signals]>([
      ["tokens", "SIGINT"],
      ["issuer", "SIGINT"],
      ["fulcio", "SIGINT"],
      ["rekor", "SIGINT"],
      ["rekor", "SIGTERM"],
      ["timestamps", "SIGINT"],
    ])(
      "an interruption while nothing comes from %s, by %s: ends at once, and leaves nothing",
      async (server, signal) => {
        const before = await readdir(at("out"));
        await bench.sigstore.fail(server, { kind: "silence" });
        const began = Date.now();
        const started = (kill: (signal: NodeJS.Signals) => void) => setTimeout(() => kill(signal), 3_000);
        const ended = await sign("stopped", { started });
        expect(ended.stderr).toContain("ABORTED");
        expect(Date.now() - began).toBeLessThan(10_000);
        expect(await readdir(at("out"))).toEqual(before);
      },
    );

    it("a log that dies after the certificate: no bundle, and the next try signs", async () => {
      await bench.sigstore.down("rekor");
      expect(await sign("dead")).toMatchObject({ status: 3 });
      expect(await readdir(at("out"))).not.toContain("dead.sigstore.json");
      await bench.sigstore.up("rekor");
      expect(await sign("dead")).toMatchObject({ status: 0 });
    });

    it.each([
      ["an hour ahead", 3_600, "IDENTITY_TOKEN_EXPIRED"],
      ["an hour behind", -3_600, "IDENTITY_TOKEN_INVALID"],
    ])("a clock %s: says so", async (_name, clockAhead, code) => {
      const ended = await sign("clock", { clockAhead });
      expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining(code) });
      expect(ended.stderr).toContain("by this machine's clock");
    });

    it("a token that has expired", async () => {
      const claims = { exp: Math.floor(Date.now() / 1_000) - 60 };
      const ended = await sign("old", { claims });
      expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining("IDENTITY_TOKEN_EXPIRED") });
    });
  });

  function addresses(...log: readonly string[]): readonly string[] {
    const others = ["--fulcio-url", bench.sigstore.fulcioUrl, "--tsa-url", bench.sigstore.timestampsUrl];
    return [...others, ...log, ...trustedRoot()];
  }

  function trustedRoot(): readonly string[] {
    return ["--trusted-root", bench.sigstore.trustedRootFile];
  }
});

const REKOR_V1 = ["--rekor-url", addressOf(PORTS.rekorV1), "--rekor-version", "1"];
