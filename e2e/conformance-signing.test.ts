import { createHash } from "node:crypto";
import { access, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "../packages/core/src/index.ts";
import { goProgramVersion } from "./peers/go-programs.mjs";
import { pythonProgram, pythonProgramVersion } from "./peers/python-programs.mjs";
import { addressOf, PORTS } from "./servers/sigstore/addresses.ts";
import { emailClaims, githubClaims, ISSUERS } from "./servers/sigstore/claims.ts";
import { hasRekorV1 } from "./servers/sigstore/rekor-v1.ts";
import { hasSigstore } from "./servers/sigstore.ts";
import { sigstoreBench } from "./servers/sigstore-bench.ts";

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const TOOL = "the tool's bytes";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(await readFile(join(checkout, "package.json"), "utf8"));
const ENTRY = resolve(checkout, manifest.touchmark.conformance);

/** https://github.com/sigstore/sigstore-conformance/blob/main/docs/cli_protocol.md */
describe.skipIf(!hasSigstore())("the entry for sigstore-conformance signs", () => {
  const bench = sigstoreBench({
    rekorV1: true,
    prepare: async (folder) => {
      await writeFile(join(folder, "tool"), TOOL);
      await writeFile(join(folder, "other"), "the other tool's bytes");
      const subject = [{ name: "tool", digest: { sha256: createHash("sha256").update(TOOL).digest("hex") } }];
      const predicate = {
        buildDefinition: { buildType: "https://build.example", externalParameters: {} },
        runDetails: { builder: { id: "https://builder.example" } },
      };
      const statement = { _type: STATEMENT_V1, subject, predicateType: PROVENANCE_V1, predicate };
      await writeFile(join(folder, "statement.json"), encodeJson(statement));
    },
  });
  const { at } = bench;

  interface Order {
    readonly token?: string;
    readonly inToto?: boolean;
    readonly config?: string;
    readonly root?: string;
  }

  /** The words in the order in which the suite gives them. */
  function sign(file: string, bundle: string, order: Order = {}) {
    const { trustedRootFile, signingConfigFile } = bench.sigstore;
    const { token = bench.sigstore.token(githubClaims()), inToto = false } = order;
    const { root = trustedRootFile, config = signingConfigFile } = order;
    const words = ["sign-bundle", ...(inToto ? ["--in-toto"] : []), "--identity-token", token, "--bundle", at(bundle)];
    const services = ["--trusted-root", root, "--signing-config", config, at(file)];
    return bench.sigstore.inside(process.execPath, [ENTRY, ...words, ...services], { cwd: bench.folder });
  }

  /** The older log by an address that Touchmark takes: http is for loopback. */
  async function oldConfig(): Promise<string> {
    const config = JSON.parse(await readFile(bench.sigstore.signingConfigFile, "utf8"));
    const [log] = config.rekorTlogUrls;
    const rekorTlogUrls = [{ ...log, url: addressOf(PORTS.rekorV1), majorApiVersion: 1 }];
    await writeFile(at("old-config.json"), JSON.stringify({ ...config, rekorTlogUrls }));
    return at("old-config.json");
  }

  const entryKind = async (bundle: string) =>
    JSON.parse(await readFile(at(bundle), "utf8")).verificationMaterial.tlogEntries[0].kindVersion;

  interface Variant {
    readonly name: string;
    readonly inToto: boolean;
    readonly old: boolean;
    readonly kind: string;
    readonly version: string;
  }
  const variants: readonly Variant[] = [
    { name: "file", inToto: false, old: false, kind: "hashedrekord", version: "0.0.2" },
    { name: "statement", inToto: true, old: false, kind: "hashedrekord", version: "0.0.2" },
    { name: "old-file", inToto: false, old: true, kind: "hashedrekord", version: "0.0.1" },
    { name: "old-statement", inToto: true, old: true, kind: "dsse", version: "0.0.1" },
  ];

  describe.each(variants.filter(({ old }) => !old || hasRekorV1()))("a $name as $kind $version", (variant) => {
    const { name, inToto, old, kind, version } = variant;
    const bundle = `${name}.sigstore.json`;

    it("and verifies it", async () => {
      const ended = await sign(inToto ? "statement.json" : "tool", bundle, {
        inToto,
        ...(old ? { config: await oldConfig() } : {}),
      });
      expect(ended).toMatchObject({ status: 0, stdout: "", stderr: "" });
      expect(await entryKind(bundle)).toEqual({ kind, version });
    });

    const verifiers = [
      {
        verifier: "ours",
        verify: (file: string, identity: string) =>
          bench.sigstore.inside(
            process.execPath,
            [
              ...[ENTRY, "verify-bundle", "--bundle", at(bundle)],
              ...["--certificate-identity", identity, "--certificate-oidc-issuer", ISSUERS.github],
              ...["--trusted-root", bench.sigstore.trustedRootFile, at(file)],
            ],
            { cwd: bench.folder },
          ),
      },
      {
        verifier: `cosign ${goProgramVersion("cosign")}`,
        verify: (file: string, identity: string) =>
          bench.peers[inToto ? "cosignVerify" : "cosignVerifyFile"](at(file), at(bundle), { identity }),
      },
      ...(pythonProgram("sigstore-python") === null
        ? []
        : [
            {
              verifier: `sigstore-python ${pythonProgramVersion("sigstore-python")}`,
              verify: (file: string, identity: string) => bench.peers.pythonVerify(at(file), at(bundle), { identity }),
            },
          ]),
    ];
    it.each(verifiers)("for $verifier to verify", async ({ verify }) => {
      expect(await verify("tool", IDENTITY)).toMatchObject({ status: 0 });
      expect(await verify("other", IDENTITY)).not.toMatchObject({ status: 0 });
      expect(await verify("tool", IDENTITY.replace("octo", "evil"))).not.toMatchObject({ status: 0 });
    });
  });

  it("as a person, and with a client trust config", async () => {
    const token = bench.sigstore.token(emailClaims());
    const config = bench.sigstore.clientTrustConfigFile;
    expect(await sign("tool", "person.json", { token, config, root: config })).toMatchObject({ status: 0 });
    const expected = { identity: "dev@touchmark.test", issuer: ISSUERS.email };
    expect(await bench.peers.cosignVerifyFile(at("tool"), at("person.json"), expected)).toMatchObject({ status: 0 });
  });

  it.each<[string, () => Promise<{ status: number | null; stderr: string }>]>([
    ["no statement", () => sign("tool", "none.json", { inToto: true })],
    ["a token that has expired", () => sign("tool", "none.json", { token: expired() })],
    ["a token that is none", () => sign("tool", "none.json", { token: "x" })],
    ["roots that do not know the services", () => sign("tool", "none.json", { root: at("other-root.json") })],
  ])("nothing for %s, and shows no token", async (_name, signing) => {
    const root = JSON.parse(await readFile(bench.sigstore.trustedRootFile, "utf8"));
    await writeFile(at("other-root.json"), JSON.stringify({ ...root, timestampAuthorities: [] }));
    const ended = await signing();
    expect(ended).toMatchObject({ status: 1, stderr: expect.stringMatching(/./) });
    expect(ended.stderr).not.toContain("eyJ");
    await expect(access(at("none.json"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  function expired(): string {
    return bench.sigstore.token(githubClaims(), { age: 3_600, lifetime: 600 });
  }
});
