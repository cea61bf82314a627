import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type BundleOptions,
  EKU,
  newTestKey,
  rootOf,
  signBundle,
  type TestSigstore,
  testSigstore,
} from "../packages/testkit/src/sigstore/index.ts";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { pythonProgram, pythonProgramVersion } from "./peers/python-programs.mjs";
import { ISSUERS } from "./servers/sigstore/claims.ts";
import { newFolder, runProgram } from "./touchmark-process.ts";

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const FILE = "the tool's bytes";

// The Sigstore without servers that our unit tests sign with: what it makes soundly must hold elsewhere too.
describe("what @touchmark/testkit signs", () => {
  const sigstore = testSigstore();
  let folder: Awaited<ReturnType<typeof newFolder>>;
  const at = (...parts: string[]) => join(folder.path, ...parts);

  beforeAll(async () => {
    folder = await newFolder();
    await writeFile(at("tool"), FILE);
    await writeFile(at("root.json"), JSON.stringify(rootOf(sigstore)));
    const signingConfig = {
      mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
      caUrls: [],
      oidcUrls: [],
    };
    const mediaType = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";
    const config = { mediaType, trustedRoot: rootOf(sigstore), signingConfig };
    await writeFile(at("config.json"), JSON.stringify(config));
  });

  afterAll(() => folder?.remove());

  async function sign(name: string, options: BundleOptions, changed: Partial<TestSigstore> = {}): Promise<string> {
    const { bundle } = signBundle({ ...sigstore, ...changed }, statement(), options);
    await writeFile(at(name), JSON.stringify(bundle));
    return at(name);
  }

  describe.skipIf(goProgram("cosign") === null)(`by cosign ${goProgramVersion("cosign")}`, () => {
    async function verdict(bundle: string, { entry, timestamp }: BundleOptions): Promise<string> {
      const logged = entry === null ? ["--insecure-ignore-tlog"] : [];
      const timed = timestamp === null ? [] : ["--use-signed-timestamps"];
      const trust = ["--trusted-root", at("root.json"), ...timed];
      const who = ["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", ISSUERS.github];
      const args = ["--bundle", bundle, ...trust, ...who, "--type", "slsaprovenance1", ...logged, at("tool")];
      const { stderr } = await runProgram(goProgram("cosign") ?? "", ["verify-blob-attestation", ...args], {
        cwd: folder.path,
      });
      return stderr;
    }

    it.each<[string, BundleOptions]>([
      ["in the newest log", {}],
      ["in the older log", { entry: "dsse-0.0.1" }],
      ["in the older log, as in-toto", { entry: "intoto-0.0.2" }],
      ["with a timestamp alone", { entry: null }],
      ["with the time of its log alone", { entry: "dsse-0.0.1", timestamp: null }],
      ["with a key on P-384", { key: newTestKey("P-384") }],
    ])("%s, holds", async (_, options) => {
      expect(await verdict(await sign("sound.json", options), options)).toContain("Verified OK");
    });

    it.each<[string, BundleOptions, Partial<TestSigstore>, RegExp]>([
      ["for TLS servers", { leaf: { purposes: [EKU.serverAuth] } }, {}, /failed to verify leaf certificate/],
      [
        "without a promise of its certificate",
        { leaf: { ctLogs: [] } },
        {},
        /failed to verify signed certificate timestamp/,
      ],
      ["in a log that nobody trusts", {}, { rekorV2: testSigstore().rekorV2 }, /failed to verify log inclusion/],
      [
        "by an authority that nobody trusts",
        {},
        { fulcio: testSigstore().fulcio },
        /failed to verify leaf certificate/,
      ],
      [
        "with a timestamp that nobody trusts",
        { entry: null },
        { timestamps: testSigstore().timestamps },
        /failed to verify timestamps/,
      ],
    ])("%s, does not hold", async (_, options, changed, why) => {
      expect(await verdict(await sign("unsound.json", options, changed), options)).toMatch(why);
    });
  });

  it.skipIf(pythonProgram("sigstore-python") === null).each<[string, BundleOptions]>([
    ["in the newest log", {}],
    ["in the older log", { entry: "dsse-0.0.1" }],
  ])(`holds for sigstore-python ${pythonProgramVersion("sigstore-python")}, %s`, async (_, options) => {
    const [python = "", ...module]: string[] = pythonProgram("sigstore-python") ?? [];
    const who = ["--cert-identity", IDENTITY, "--cert-oidc-issuer", ISSUERS.github];
    const bundle = ["--offline", "--bundle", await sign("python.json", options)];
    const args = [...module, "--trust-config", at("config.json"), "verify", "identity", ...bundle, ...who, at("tool")];
    expect(await runProgram(python, args, { cwd: folder.path })).toMatchObject({ status: 0 });
  });
});

function statement(): Uint8Array {
  const predicate = {
    buildDefinition: { buildType: "https://build.example", externalParameters: {} },
    runDetails: { builder: { id: "https://builder.example" } },
  };
  return new TextEncoder().encode(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "tool", digest: { sha256: createHash("sha256").update(FILE).digest("hex") } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate,
    }),
  );
}
