import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tarballOf } from "../packages/package-identity/test/tarball-of.ts";
import { zipOf } from "../packages/package-identity/test/zip-of.ts";
import { pythonProgram, pythonProgramVersion } from "./peers/python-programs.mjs";
import { githubClaims, ISSUERS } from "./servers/sigstore/claims.ts";
import { hasRekorV1 } from "./servers/sigstore/rekor-v1.ts";
import { hasSigstore } from "./servers/sigstore.ts";
import { sigstoreBench } from "./servers/sigstore-bench.ts";
import { type Ended, touchmark } from "./touchmark-process.ts";

const SCRIPT = fileURLToPath(new URL("servers/pypi/attestations.py", import.meta.url));
const PEER = `pypi-attestations ${pythonProgramVersion("pypi-attestations")}`;
const [python = "", ...module]: string[] = pythonProgram("pypi-attestations") ?? [];

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const WHEEL = "octo_pad-1.0.0-py3-none-any.whl";
const SDIST = "octo_pad-1.0.0.tar.gz";
const PUBLISH = "https://docs.pypi.org/attestations/publish/v1";
const METADATA = "Metadata-Version: 2.4\nName: octo-pad\nVersion: 1.0.0\n";

async function writeDistributions(folder: string): Promise<void> {
  await writeFile(`${folder}/${WHEEL}`, zipOf([{ name: "octo_pad-1.0.0.dist-info/METADATA", content: METADATA }]));
  await writeFile(`${folder}/${SDIST}`, await tarballOf([["octo_pad-1.0.0/PKG-INFO", METADATA]]));
  const predicate = {
    buildDefinition: { buildType: "https://build.example", externalParameters: {} },
    runDetails: { builder: { id: "https://builder.example" } },
  };
  await writeFile(`${folder}/predicate.json`, JSON.stringify(predicate));
}

// PyPI's attestations bring no timestamp: only the older log says when.
describe.skipIf(!hasSigstore() || !hasRekorV1() || python === "")(`attestations as ${PEER} makes them`, () => {
  const bench = sigstoreBench({ rekorV1: true, prepare: writeDistributions });
  const { at } = bench;

  it(`${PEER} signs, and both believe the same`, async () => {
    await writeTrustConfig();
    const token = bench.sigstore.token(githubClaims());

    // The upload: no predicate, and no provenance.
    const publish = `${WHEEL}.publish.attestation`;
    expect(await inside("sign", at("trust.json"), token, at(WHEEL), at(publish))).toMatchObject({ status: 0 });
    expect(await peerVerify(WHEEL, publish)).toMatchObject({ status: 0, stdout: `${PUBLISH}\n` });
    expect(await verify(WHEEL)).toEqual({ status: 1, codes: ["NOT_PROVENANCE"], bundles: [] });

    // The build.
    const slsa = `${WHEEL}.slsa.attestation`;
    const attest = ["-m", "sigstore", "--trust-config", at("trust.json"), "attest", "--identity-token", token];
    const what = ["--predicate", at("predicate.json"), "--predicate-type", "https://slsa.dev/provenance/v1"];
    const bundle = ["--bundle", at("bundle.json"), at(WHEEL)];
    const signed = await bench.sigstore.inside(python, [...attest, ...what, ...bundle], { cwd: bench.folder });
    expect(signed).toMatchObject({ status: 0 });
    expect(await inside("convert", at("bundle.json"), at(slsa))).toMatchObject({ status: 0 });
    expect(await peerVerify(WHEEL, slsa)).toMatchObject({ status: 0, stdout: "https://slsa.dev/provenance/v1\n" });
    expect(await verify(WHEEL)).toEqual({ status: 0, codes: [], bundles: [slsa] });

    // Both as PyPI's integrity API answers.
    const both = [at(publish), at(slsa)];
    expect(await inside("provenance", "octo/widgets", "release.yml", at("provenance.json"), ...both)).toMatchObject({
      status: 0,
    });
    const named = ["--bundle", "provenance.json"];
    expect(await verify(WHEEL, ...named)).toEqual({ status: 0, codes: [], bundles: ["provenance.json#2"] });

    // Another file, another name, another signer.
    expect((await peerVerify(SDIST, slsa)).status).not.toBe(0);
    expect(await verify(SDIST, ...named)).toMatchObject({ status: 1, codes: ["NOT_COVERED"] });
    const other = "octo_wide-1.0.0-py3-none-any.whl";
    await writeFile(at(other), await readFile(at(WHEEL)));
    expect((await peerVerify(other, slsa)).status).not.toBe(0);
    expect(await verify(other, ...named)).toMatchObject({ status: 1, codes: ["SUBJECT_MISMATCH"] });
    const stranger = IDENTITY.replace("release.yml", "other.yml");
    expect((await peerVerify(WHEEL, slsa, stranger)).status).not.toBe(0);
    const refused = await touchmark(["verify", WHEEL, ...named, ...trusting(stranger)], { cwd: bench.folder });
    expect(refused.status).toBe(1);
  });

  async function writeTrustConfig(): Promise<void> {
    const { trustedRootFile, rekorV1SigningConfigFile } = bench.sigstore;
    const read = async (file: string) => JSON.parse(await readFile(file, "utf8"));
    const config = {
      mediaType: "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
      trustedRoot: await read(trustedRootFile),
      signingConfig: await read(rekorV1SigningConfigFile ?? ""),
    };
    await writeFile(at("trust.json"), JSON.stringify(config));
  }

  function inside(...args: readonly string[]): Promise<Ended> {
    return bench.sigstore.inside(python, [...module, SCRIPT, ...args], { cwd: bench.folder });
  }

  function peerVerify(file: string, attestation: string, identity = IDENTITY): Promise<Ended> {
    return inside("verify", at("trust.json"), identity, ISSUERS.github, at(file), at(attestation));
  }

  function trusting(identity = IDENTITY): readonly string[] {
    const { trustedRootFile } = bench.sigstore;
    return ["--signer-identity", identity, "--signer-issuer", ISSUERS.github, "--trusted-root", trustedRootFile];
  }

  async function verify(file: string, ...more: readonly string[]) {
    const { status, stdout } = await touchmark(["verify", file, "--json", ...trusting(), ...more], {
      cwd: bench.folder,
    });
    const { artifacts } = JSON.parse(stdout) as {
      artifacts: { findings: { code: string }[]; statements: { bundle: string }[] }[];
    };
    return {
      status,
      codes: artifacts.flatMap(({ findings }) => findings.map(({ code }) => code)),
      bundles: artifacts.flatMap(({ statements }) => statements.map(({ bundle }) => bundle)),
    };
  }
});
