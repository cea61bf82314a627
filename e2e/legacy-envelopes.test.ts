import { createHash, X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import type { BundleJson } from "../packages/testkit/src/sigstore/index.ts";
import { PORTS } from "./servers/sigstore/addresses.ts";
import { writeAttestationInputs } from "./servers/sigstore/attestation-inputs.ts";
import { githubClaims, ISSUERS } from "./servers/sigstore/claims.ts";
import { hasRekorV1 } from "./servers/sigstore/rekor-v1.ts";
import { hasSigstore } from "./servers/sigstore.ts";
import { type SigstoreBench, sigstoreBench } from "./servers/sigstore-bench.ts";
import { CLI } from "./touchmark-process.ts";

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";

const LEGACY = "tool.intoto.jsonl";
const LOST = "lost.intoto.jsonl";
const KINDS = ["intoto 0.0.1", "intoto 0.0.2", "dsse 0.0.1"] as const;

type Signed = Awaited<ReturnType<typeof signed>>;
type Kind = (typeof KINDS)[number];

/** An envelope as slsa-github-generator wrote it before 2.1.0, and its entry in a real Rekor. */
describe.skipIf(!hasSigstore() || !hasRekorV1())("an envelope that came without its log entry", () => {
  const bench = sigstoreBench({ rekorV1: true, prepare: writeAttestationInputs });
  const { at } = bench;
  const entryOf = (kind: Kind) => `entry ${kind}.json`;

  beforeAll(async () => {
    const one = await signed(bench, "bundle.json");
    await writeFile(at("tool.intoto.jsonl"), one.envelope);
    await writeFile(
      at("lost.intoto.jsonl"),
      JSON.stringify({ ...JSON.parse(one.envelope), signatures: [{ sig: one.sig }] }),
    );
    for (const kind of KINDS) await writeFile(at(entryOf(kind)), await logged(proposed(kind, one)));
    const other = await signed(bench, "other.json", "other");
    await writeFile(at("entry of another.json"), await logged(proposed("intoto 0.0.1", other)));
    await bench.sigstore.requests();
  });

  async function logged(body: unknown): Promise<string> {
    const answer = await bench.sigstore.send({
      method: "POST",
      port: PORTS.rekorV1,
      path: "/api/v1/log/entries",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer).toMatchObject({ status: 201 });
    return answer?.body ?? "";
  }

  const verify = async (bundles: readonly string[], ...more: string[]) => {
    const who = ["--signer-identity", IDENTITY, "--signer-issuer", ISSUERS.github];
    const evidence = ["--trusted-root", bench.sigstore.trustedRootFile, ...bundles.flatMap((one) => ["--bundle", one])];
    const args = [CLI, "verify", "tool", ...evidence, ...who, "--json", ...more];
    const ended = await bench.sigstore.inside(process.execPath, args, { cwd: bench.folder });
    const [artifact] = JSON.parse(ended.stdout).artifacts;
    return [ended.status, artifact.findings[0]?.code ?? artifact.status];
  };
  const asked = async () => (await bench.sigstore.requests()).filter(({ server }) => server === "rekorV1");

  it("is refused offline, and says what it needs", async () => {
    expect(await verify([LEGACY])).toEqual([1, "LOG_ENTRY_MISSING"]);
    expect(await verify([LEGACY], "--offline")).toEqual([1, "LOG_ENTRY_MISSING"]);
    expect(await asked()).toEqual([]);
  });

  it.each(KINDS)("holds with its entry, %s, in a file, and nobody is asked", async (kind) => {
    expect(await verify([LEGACY], "--rekor-entry", entryOf(kind), "--offline")).toEqual([0, "verified"]);
    expect(await verify([LOST], "--rekor-entry", entryOf(kind), "--offline")).toEqual([0, "verified"]);
    expect(await asked()).toEqual([]);
  });

  it("finds the entry among others by what it says, in one file or in several", async () => {
    const all = await Promise.all(
      ["entry of another.json", entryOf("dsse 0.0.1")].map((one) => readFile(at(one), "utf8")),
    );
    await writeFile(at("lines.jsonl"), all.map((one) => one.trim()).join("\n"));
    await writeFile(at("list.json"), `[${all.join(",")}]`);
    for (const file of ["lines.jsonl", "list.json"]) {
      expect(await verify([LEGACY], "--rekor-entry", file)).toEqual([0, "verified"]);
    }
    const files = ["--rekor-entry", "entry of another.json", "--rekor-entry", entryOf("intoto 0.0.1")];
    expect(await verify([LEGACY], ...files)).toEqual([0, "verified"]);
    expect(await verify([LEGACY], ...files.slice(0, 2))).toEqual([1, "LOG_ENTRY_MISSING"]);
  });

  it("asks the roots' log with --online, and sends it nothing but hashes", async () => {
    expect(await verify([LEGACY], "--online")).toEqual([0, "verified"]);
    expect(await asked()).toEqual([expect.objectContaining({ method: "POST", path: "/api/v1/log/entries/retrieve" })]);
    // Right ones that were given cost no question, and wrong ones do no harm.
    expect(await verify([LEGACY], "--online", "--rekor-entry", entryOf("dsse 0.0.1"))).toEqual([0, "verified"]);
    expect(await asked()).toEqual([]);
    expect(await verify([LEGACY], "--online", "--rekor-entry", "entry of another.json")).toEqual([0, "verified"]);
  });

  it("asks nobody for a bundle, which has its entry", async () => {
    await asked();
    expect(await verify(["bundle.json"], "--online")).toEqual([0, "verified"]);
    expect(await asked()).toEqual([]);
  });

  it("cannot tell when the log does not answer, unless other evidence holds", async () => {
    await bench.sigstore.down("rekorV1");
    try {
      expect(await verify([LEGACY], "--online")).toEqual([3, expect.stringMatching(/^(?:NETWORK|SERVICE)_/)]);
      expect(await verify([LEGACY, "bundle.json"], "--online")).toEqual([0, "verified"]);
    } finally {
      await bench.sigstore.up("rekorV1");
    }
    // Without its certificate the envelope is found by the log's index alone, which this log does not keep.
    expect(await verify([LOST], "--online")).toEqual([3, "SERVICE_UNAVAILABLE"]);
    await bench.sigstore.fail("rekorV1", { kind: "answer", status: 200, body: '[{"id":{}}]' });
    expect(await verify([LEGACY], "--online")).toEqual([3, "SERVICE_INVALID"]);
  }, 120_000);
});

async function signed(bench: SigstoreBench, name: string, file = "tool") {
  const { at, sigstore } = bench;
  const config = sigstore.rekorV1SigningConfigFile ?? "";
  const token = sigstore.token(githubClaims());
  const ended = await bench.peers.cosignAttest(at(file), at("predicate.json"), at(name), token, config);
  expect(ended).toMatchObject({ status: 0 });
  const bundle: BundleJson = JSON.parse(await readFile(at(name), "utf8"));
  const { payload = "", payloadType = "", signatures = [] } = bundle.dsseEnvelope ?? {};
  const [{ sig } = { sig: "" }] = signatures;
  const certificate = bundle.verificationMaterial.certificate?.rawBytes ?? "";
  const pem = new X509Certificate(Buffer.from(certificate, "base64")).toString();
  const envelope = JSON.stringify({ payloadType, payload, signatures: [{ keyid: "", sig, cert: pem }] });
  return { envelope, pem, payload, payloadType, sig };
}

function proposed(kind: Kind, { envelope, pem, payload, payloadType, sig }: Signed) {
  const publicKey = Buffer.from(pem).toString("base64");
  switch (kind) {
    case "intoto 0.0.1":
      return { apiVersion: "0.0.1", kind: "intoto", spec: { content: { envelope }, publicKey } };
    case "intoto 0.0.2": {
      const twice = (text: string) => Buffer.from(text).toString("base64");
      const hash = { algorithm: "sha256", value: createHash("sha256").update(envelope).digest("hex") };
      const payloadHash = {
        algorithm: "sha256",
        value: createHash("sha256").update(Buffer.from(payload, "base64")).digest("hex"),
      };
      const content = {
        envelope: { payloadType, payload: twice(payload), signatures: [{ sig: twice(sig), publicKey }] },
        hash,
        payloadHash,
      };
      return { apiVersion: "0.0.2", kind: "intoto", spec: { content } };
    }
    case "dsse 0.0.1":
      return {
        apiVersion: "0.0.1",
        kind: "dsse",
        spec: { proposedContent: { envelope, verifiers: [publicKey] } },
      };
  }
}
