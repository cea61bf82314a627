import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { addressOf, PORTS } from "./servers/sigstore/addresses.ts";
import { writeAttestationInputs } from "./servers/sigstore/attestation-inputs.ts";
import { githubClaims, ISSUERS } from "./servers/sigstore/claims.ts";
import { hasRekorV1 } from "./servers/sigstore/rekor-v1.ts";
import { hasSigstore } from "./servers/sigstore.ts";
import { sigstoreBench } from "./servers/sigstore-bench.ts";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const cosign: string | null = goProgram("cosign");
const COSIGN = `cosign ${goProgramVersion("cosign")}`;
const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
/** As versions before 3 wrote, which this one still can. */
const OLD = ["--new-bundle-format=false", "--use-signing-config=false", "--yes"];

/** The exit status, and what became of the artifact. */
async function verify(cwd: string, bundle: string, ...more: string[]) {
  const { status, stdout } = await touchmark(["verify", "tool", "--bundle", bundle, ...more, "--offline", "--json"], {
    cwd,
  });
  const { artifacts, findings } = JSON.parse(stdout);
  return [status, artifacts[0].findings[0]?.code ?? artifacts[0].status, findings[0]?.code ?? null];
}

describe.skipIf(cosign === null)(`what ${COSIGN} writes in its old formats with a key`, () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  const at = (name: string) => join(folder.path, name);
  const KEY = ["--key", "cosign.pub"];
  const run = async (...args: string[]) => {
    const ended = await runProgram(cosign ?? "", args, { cwd: folder.path, env: { COSIGN_PASSWORD: "" } });
    expect(ended).toMatchObject({ status: 0 });
  };

  beforeAll(async () => {
    folder = await newFolder();
    await writeAttestationInputs(folder.path);
    await run("generate-key-pair");
    const local = ["--key", "cosign.key", "--tlog-upload=false", ...OLD];
    const attest = ["--predicate", "predicate.json", "--type", "slsaprovenance1"];
    await run("attest-blob", ...local, ...attest, "--bundle", "att.bundle", "--output-signature", "att.sig", "tool");
    await run("sign-blob", ...local, "--bundle", "sig.bundle", "--output-signature", "tool.sig", "tool");
  });
  afterAll(() => folder?.remove());

  it("holds: the bundle of attest-blob, and the envelope that --output-signature wrote", async () => {
    expect(await verify(folder.path, "att.bundle", ...KEY)).toEqual([0, "verified", null]);
    expect(await verify(folder.path, "att.sig", ...KEY)).toEqual([0, "verified", null]);
    await writeFile(
      at("both.jsonl"),
      `${(await readFile(at("sig.bundle"), "utf8")).trim()}\n${await readFile(at("att.sig"), "utf8")}`,
    );
    expect(await verify(folder.path, "both.jsonl", ...KEY)).toEqual([0, "verified", null]);
  });

  it("covers nothing: the bundle of sign-blob, and a signature alone", async () => {
    expect(await verify(folder.path, "sig.bundle", ...KEY)).toEqual([1, "NOT_COVERED", "NOT_PROVENANCE"]);
    expect(await verify(folder.path, "tool.sig", ...KEY)).toEqual([1, "NOT_COVERED", "BUNDLE_MALFORMED"]);
  });
});

describe.skipIf(!hasSigstore() || !hasRekorV1())(`what ${COSIGN} writes in its old formats with a certificate`, () => {
  const bench = sigstoreBench({ rekorV1: true, prepare: writeAttestationInputs });
  const { at } = bench;

  beforeAll(async () => {
    const { sigstore, folder } = bench;
    const services = ["--fulcio-url", addressOf(PORTS.fulcio), "--rekor-url", addressOf(PORTS.rekorV1)];
    const local = [
      ...services,
      "--identity-token",
      sigstore.token(githubClaims()),
      "--trusted-root",
      sigstore.trustedRootFile,
      ...OLD,
    ];
    const attest = ["--predicate", "predicate.json", "--type", "slsaprovenance1", "--bundle", "att.bundle"];
    for (const args of [
      ["attest-blob", ...local, ...attest, "--output-certificate", "att.pem", "--output-signature", "att.sig", "tool"],
      ["sign-blob", ...local, "--bundle", "sig.bundle", "--output-certificate", "tool.pem", "tool"],
    ]) {
      const ended = await sigstore.inside(cosign ?? "", args, { cwd: folder });
      expect(ended).toMatchObject({ status: 0 });
    }
  });

  const verifyHere = (bundle: string, ...more: string[]) => {
    const who = ["--signer-identity", IDENTITY, "--signer-issuer", ISSUERS.github];
    return verify(bench.folder, bundle, ...who, "--trusted-root", bench.sigstore.trustedRootFile, ...more);
  };

  it("holds: the bundle of attest-blob", async () => {
    expect(await verifyHere("att.bundle")).toEqual([0, "verified", null]);
  });

  it("lacks what --output-signature and --output-certificate leave out, and says so", async () => {
    expect(await verifyHere("att.sig")).toEqual([1, "LOG_ENTRY_MISSING", "LOG_ENTRY_MISSING"]);
    expect(await verifyHere("att.pem")).toEqual([1, "NOT_COVERED", "BUNDLE_MALFORMED"]);
    expect(await verifyHere("tool.pem")).toEqual([1, "NOT_COVERED", "BUNDLE_MALFORMED"]);
    const { rekorBundle } = JSON.parse(await readFile(at("att.bundle"), "utf8"));
    const { SignedEntryTimestamp: signedEntryTimestamp, Payload: payload } = rekorBundle;
    await writeFile(at("entry.json"), JSON.stringify({ id: { ...payload, verification: { signedEntryTimestamp } } }));
    // The log kept the certificate, too.
    expect(await verifyHere("att.sig", "--rekor-entry", "entry.json")).toEqual([0, "verified", null]);
  });

  it("covers nothing: the bundle of sign-blob", async () => {
    expect(await verifyHere("sig.bundle")).toEqual([1, "NOT_PROVENANCE", "NOT_PROVENANCE"]);
  });
});
