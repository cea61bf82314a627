import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { goProgramVersion } from "./peers/go-programs.mjs";
import { emailClaims, githubClaims, ISSUERS, kubernetesClaims, spiffeClaims } from "./servers/sigstore/claims.ts";
import type { Claims } from "./servers/sigstore/id-token.ts";
import { browsing, PEOPLE } from "./servers/sigstore/login-server-process.ts";
import { type PeerCommands, peerCommands } from "./servers/sigstore/peer-commands.ts";
import { hasSigstore, type InsideOptions, type Sigstore, startSigstore } from "./servers/sigstore.ts";
import { CLI, type Ended, newFolder, touchmark } from "./touchmark-process.ts";

const COSIGN = `cosign ${goProgramVersion("cosign")}`;
const ACCOUNT = "https://kubernetes.io/namespaces/ci/serviceaccounts/builder";
const WORKLOAD = "spiffe://touchmark.test/ns/ci/sa/builder";

describe.skipIf(!hasSigstore())("an identity that the user hands in", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let sigstore: Sigstore;
  let peers: PeerCommands;
  const at = (...parts: string[]) => join(folder.path, ...parts);

  beforeAll(async () => {
    folder = await newFolder();
    await writeFile(at("tool"), "the tool's bytes");
    sigstore = await startSigstore(at("sigstore"), { login: true });
    peers = peerCommands(sigstore, folder.path);
  });

  afterEach(() => sigstore?.mend());

  afterAll(async () => {
    await sigstore?.stop();
    await folder?.remove();
  });

  /** `attest` by the local services; the evidence is out/NAME.sigstore.json. */
  function sign(name: string, more: readonly string[], options: Partial<InsideOptions> = {}): Promise<Ended> {
    const what = ["--from", "files:tool", "--no-config", "--name", name, "--out", "out"];
    const services = ["--signing-config", sigstore.signingConfigFile, "--trusted-root", sigstore.trustedRootFile];
    const args = [CLI, "attest", ...what, ...services, ...more];
    return sigstore.inside(process.execPath, args, { cwd: folder.path, ...options });
  }

  const bundleOf = (name: string) => at("out", `${name}.sigstore.json`);
  const verify = (name: string, identity: string, issuer: string, ...more: string[]) =>
    touchmark(
      [
        ...["verify", "tool", "--bundle", bundleOf(name), "--trusted-root", sigstore.trustedRootFile, "--offline"],
        ...["--signer-identity", identity, "--signer-issuer", issuer, ...more],
      ],
      { cwd: folder.path },
    );
  const predicateIn = async (name: string) => {
    const { dsseEnvelope } = JSON.parse(await readFile(bundleOf(name), "utf8"));
    return JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString()).predicate;
  };

  async function expectSigned(ended: Ended, name: string, identity: string, issuer: string): Promise<void> {
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/^SIGNED /) });
    expect(ended.stderr).toContain(`--signer-identity ${identity} --signer-issuer ${issuer}`);
    expect(await verify(name, identity, issuer)).toMatchObject({ status: 0 });
    expect(await verify(name, `${identity}x`, issuer)).toMatchObject({ status: 1 });
    expect(await verify(name, identity, "https://other.example")).toMatchObject({ status: 1 });
    expect(await peers.cosignVerify(at("tool"), bundleOf(name), { identity, issuer })).toMatchObject({ status: 0 });
  }

  describe("by a file", () => {
    it.each<{
      name: string;
      platform: string;
      claims: () => Claims;
      identity: string;
      issuer: string;
      builder?: string;
    }>([
      { name: "person", platform: "local", claims: emailClaims, identity: "dev@touchmark.test", issuer: ISSUERS.email },
      { name: "workload", platform: "local", claims: spiffeClaims, identity: WORKLOAD, issuer: ISSUERS.spiffe },
      {
        name: "pod",
        platform: "kubernetes",
        claims: kubernetesClaims,
        identity: ACCOUNT,
        issuer: ISSUERS.kubernetes,
        builder: ACCOUNT,
      },
      {
        name: "task",
        platform: "tekton",
        claims: kubernetesClaims,
        identity: ACCOUNT,
        issuer: ISSUERS.kubernetes,
        builder: ACCOUNT,
      },
      {
        name: "svid",
        platform: "tekton",
        claims: spiffeClaims,
        identity: WORKLOAD,
        issuer: ISSUERS.spiffe,
        builder: WORKLOAD,
      },
      {
        name: "workflow",
        platform: "local",
        claims: githubClaims,
        identity: "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3",
        issuer: ISSUERS.github,
      },
    ])(`$name on $platform: signs, and ${COSIGN} verifies it too`, async ({ name, platform, claims, ...expected }) => {
      const { identity, issuer, builder = "https://touchmark.dev/builders/local" } = expected;
      const token = sigstore.token(claims());
      await writeFile(at("token"), `${token}\n`);
      // Of what does not say that it is public, a log gets an entry only where somebody asks for it.
      const asked = issuer === ISSUERS.email ? [] : ["--log", "public", "--acknowledge-private"];
      const handed = ["--platform", platform, "--identity-token", "token"];
      const ended = await sign(name, [...handed, ...asked, "--verbose"]);
      await expectSigned(ended, name, identity, issuer);
      expect((await predicateIn(name)).runDetails.builder.id).toBe(builder);
      expect(ended.stderr).toContain("level         SLSA Build L1");
      for (const part of token.split(".")) expect(`${ended.stdout}${ended.stderr}`).not.toContain(part);
      expect(await readFile(bundleOf(name), "utf8")).not.toContain(token);
    });

    it("a workload's, of which no log has an entry unless somebody asks for it, and the words to verify with say so", async () => {
      await writeFile(at("token"), sigstore.token(kubernetesClaims()));
      const ended = await sign("quiet", ["--platform", "kubernetes", "--identity-token", "token"]);
      expect(ended).toMatchObject({ status: 0, stderr: expect.stringMatching(/--signer-issuer \S+ --without-log\n/) });
      expect(await verify("quiet", ACCOUNT, ISSUERS.kubernetes)).toMatchObject({ status: 1 });
      expect(await verify("quiet", ACCOUNT, ISSUERS.kubernetes, "--without-log")).toMatchObject({ status: 0 });
    });

    it("on standard input", async () => {
      const ended = await sign("piped", ["--identity-token", "-"], { input: sigstore.token(emailClaims()) });
      await expectSigned(ended, "piped", "dev@touchmark.test", ISSUERS.email);
    });

    it.each<[string, () => Claims, readonly string[], string]>([
      ["of another audience", () => emailClaims({ aud: "other" }), [], "IDENTITY_TOKEN_INVALID"],
      ["that has expired", () => emailClaims({ exp: 1_700_000_000 }), [], "IDENTITY_TOKEN_EXPIRED"],
      ["of nobody's verified address", () => emailClaims({ email_verified: false }), [], "SERVICE_DENIED"],
      ["of a workload, in a pod", spiffeClaims, ["--platform", "kubernetes"], "IDENTITY_TOKEN_INVALID"],
      ["of a person, in a pod", emailClaims, ["--platform", "kubernetes"], "IDENTITY_TOKEN_INVALID"],
      ["of a job, where its platform does not show itself", githubClaims, ["--platform", "github-actions"], "USAGE"],
    ])("nothing by a token %s", async (_name, claims, more, code) => {
      const token = sigstore.token(claims());
      await writeFile(at("token"), token);
      const ended = await sign("nothing", ["--identity-token", "token", ...more]);
      expect(ended.status).toBeGreaterThan(1);
      expect(ended.stderr).toContain(code);
      for (const part of token.split(".")) expect(`${ended.stdout}${ended.stderr}`).not.toContain(part);
    });
  });

  describe("by a login", () => {
    /** The person's browser, at the address that the command shows. */
    function loggingIn(name: string, answers: Readonly<Record<string, string>>, more: readonly string[] = ["--login"]) {
      let browser: Promise<Ended> | null = null;
      const said = (stderr: string) => {
        const page = /^ {2}(https:\/\/accounts\.touchmark\.test\/\S+)\n/m.exec(stderr)?.[1];
        const code = /^and type the code {2}(\S+)\n/m.exec(stderr)?.[1];
        if (page === undefined || (more.includes("--login=device") && code === undefined)) return;
        const typed = code === undefined ? answers : { ...answers, user_code: code };
        browser ??= sigstore.inside(process.execPath, browsing(page, typed), { cwd: folder.path });
      };
      return sign(name, more, { said }).then(async (ended) => ({ ended, page: await browser }));
    }

    const dev = { login: PEOPLE.dev, password: "any" };

    it.each([
      ["with a browser here", "person-here", ["--login"]],
      ["with a browser anywhere", "person-elsewhere", ["--login=device"]],
    ])(`%s: signs as the person, and ${COSIGN} verifies it too`, async (_name, name, more) => {
      const { ended, page } = await loggingIn(name, dev, [...more, "--verbose"]);
      expect(page).toMatchObject({ status: 0, stdout: expect.stringMatching(/^200 /) });
      await expectSigned(ended, name, PEOPLE.dev, ISSUERS.login);
      expect((await predicateIn(name)).runDetails.builder.id).toBe("https://touchmark.dev/builders/local");
      expect(`${ended.stdout}${ended.stderr}`).not.toContain("eyJ");
    });

    it("signs nothing for an address that nobody has verified", async () => {
      const { ended } = await loggingIn("unverified", { ...dev, login: PEOPLE.unverified });
      expect(ended).toMatchObject({ status: 3, stderr: expect.stringContaining("SERVICE_DENIED") });
    });

    it.each([
      [
        "on a CI platform",
        {
          GITLAB_CI: "true",
          CI_SERVER_URL: "https://gitlab.com",
          CI_PROJECT_PATH: "o/r",
          CI_COMMIT_SHA: "1f".repeat(20),
          CI_PIPELINE_ID: "1",
        },
      ],
      ["on another CI system", { CI: "true" }],
    ])("is refused %s", async (_name, env) => {
      const ended = await sign("ci", ["--login"], { env });
      expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining("USAGE") });
    });

    it.each<[string, Parameters<Sigstore["fail"]>[1], string]>([
      ["is not there", { kind: "refuse" }, "NETWORK_UNAVAILABLE"],
      ["answers garbage", { kind: "bytes", body: "<html>" }, "LOGIN_FAILED"],
      ["answers 500", { kind: "answer", status: 500 }, "LOGIN_FAILED"],
      [
        "sends elsewhere",
        { kind: "answer", status: 302, headers: { location: "https://evil.example" } },
        "LOGIN_FAILED",
      ],
    ])("ends soon where the service %s", async (_name, fault, code) => {
      await sigstore.fail("login", fault);
      const ended = await sign("fault", ["--login"]);
      expect(ended).toMatchObject({ status: 3, stderr: expect.stringContaining(code) });
    });

    it("ends at once when it is interrupted", async () => {
      let kill: (signal: NodeJS.Signals) => void = () => undefined;
      const ended = await sign("stopped", ["--login"], {
        started: (stop) => {
          kill = stop;
        },
        said: (stderr) => {
          if (!stderr.includes("https://accounts")) return;
          kill("SIGINT");
          // A second one would end the process as the system does.
          kill = () => undefined;
        },
      });
      expect(ended).toMatchObject({ status: 3, stderr: expect.stringContaining("ABORTED") });
    });
  });
});
