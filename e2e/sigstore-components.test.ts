import { generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { describe, expect, it } from "vitest";
import {
  type BundleJson,
  fulcioExtensions,
  octets,
  oid,
  RELEASE_RUN,
  sequence,
} from "../packages/testkit/src/sigstore/index.ts";
import { goProgramVersion } from "./peers/go-programs.mjs";
import { pythonProgram, pythonProgramVersion } from "./peers/python-programs.mjs";
import { PORTS } from "./servers/sigstore/addresses.ts";
import { writeAttestationInputs } from "./servers/sigstore/attestation-inputs.ts";
import {
  emailClaims,
  githubClaims,
  gitlabClaims,
  ISSUERS,
  kubernetesClaims,
  spiffeClaims,
} from "./servers/sigstore/claims.ts";
import type { Claims, TokenTimes } from "./servers/sigstore/id-token.ts";
import { hasRekorV1 } from "./servers/sigstore/rekor-v1.ts";
import { hasSigstore } from "./servers/sigstore.ts";
import { type SigstoreBench, sigstoreBench } from "./servers/sigstore-bench.ts";
import { touchmark } from "./touchmark-process.ts";

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const COSIGN = `cosign ${goProgramVersion("cosign")}`;
const PYTHON = `sigstore-python ${pythonProgramVersion("sigstore-python")}`;

describe.skipIf(!hasSigstore())("a local Sigstore", () => {
  const bench = sigstoreBench({ prepare: writeAttestationInputs });
  const { at } = bench;

  const attest = (signer: "cosignAttest" | "pythonAttest", bundle: string, token: string) =>
    bench.peers[signer](at("tool"), at("predicate.json"), at(bundle), token);

  describe.each([
    { peer: COSIGN, signer: "cosignAttest", bundle: "cosign.json", missing: false },
    { peer: PYTHON, signer: "pythonAttest", bundle: "python.json", missing: pythonProgram("sigstore-python") === null },
  ] as const)("signs for $peer", ({ signer, bundle, missing }) => {
    it.skipIf(missing)("with a GitHub job's token", async () => {
      expect(await attest(signer, bundle, bench.sigstore.token(githubClaims()))).toMatchObject({ status: 0 });
      expect(JSON.parse(await readFile(at(bundle), "utf8"))).toMatchObject({
        verificationMaterial: {
          tlogEntries: [{ kindVersion: { kind: "hashedrekord", version: "0.0.2" } }],
          timestampVerificationData: { rfc3161Timestamps: [expect.anything()] },
        },
      });
    });

    it.skipIf(missing)(`what ${COSIGN} verifies without a network, by its bytes and its signer`, async () => {
      const verify = (file: string, identity: string) => bench.peers.cosignVerify(at(file), at(bundle), { identity });
      expect(await verify("tool", IDENTITY)).toMatchObject({ status: 0 });
      expect(await verify("other", IDENTITY)).not.toMatchObject({ status: 0 });
      expect(await verify("tool", IDENTITY.replace("octo", "evil"))).not.toMatchObject({ status: 0 });
    });

    it.skipIf(missing)(
      "what touchmark verifies without a network, by its bytes, its signer and its source",
      async () => {
        const verify = (...args: [file: string, who: string, ...more: string[]]) =>
          touchmarkVerify(bench, bundle, ...args);
        expect(await verify("tool", IDENTITY, "--source", "octo/widgets")).toEqual([0, "verified"]);
        expect(await verify("other", IDENTITY)).toEqual([1, "NOT_COVERED"]);
        expect(await verify("tool", IDENTITY.replace("octo", "evil"))).toEqual([1, "IDENTITY_MISMATCH"]);
        expect(await verify("tool", IDENTITY, "--source", "octo/other")).toEqual([1, "SOURCE_MISMATCH"]);
      },
    );

    it.skipIf(missing)("what @sigstore/verify verifies", async () => {
      expect(
        verifiedIdentity(await readFile(at(bundle), "utf8"), await readFile(bench.sigstore.trustedRootFile, "utf8")),
      ).toBe(IDENTITY);
    });
  });

  it.skipIf(pythonProgram("sigstore-python") === null)(
    `${PYTHON} verifies what it signed without a network, by its bytes and its signer`,
    async () => {
      const verify = (file: string, identity: string) =>
        bench.peers.pythonVerify(at(file), at("python.json"), { identity });
      expect(await verify("tool", IDENTITY)).toMatchObject({ status: 0 });
      expect(await verify("other", IDENTITY)).not.toMatchObject({ status: 0 });
      expect(await verify("tool", IDENTITY.replace("octo", "evil"))).not.toMatchObject({ status: 0 });
    },
  );

  it("writes a GitHub job's claims into the certificate as the public instance does", async () => {
    const { certificate, status } = await certificateFor(githubClaims());
    expect(status).toBe(200);
    const expected = fulcioExtensions(RELEASE_RUN).map((one) => sequence(oid(one.oid), octets(one.value)));
    expect(expected).toHaveLength(22);
    for (const extension of expected) expect(certificate?.raw.includes(Buffer.from(extension))).toBe(true);
    expect(certificate?.subjectAltName).toBe(`URI:${IDENTITY}`);
  });

  it.each<[string, Claims, string]>([
    [
      "GitHub",
      githubClaims({ job_workflow_ref: "octo/build/.github/workflows/go.yml@v1" }),
      "URI:https://github.com/octo/build/.github/workflows/go.yml@v1",
    ],
    ["GitLab", gitlabClaims(), "URI:https://gitlab.com/octo/widgets//.gitlab-ci.yml@refs/tags/v1.2.3"],
    ["Kubernetes", kubernetesClaims(), "URI:https://kubernetes.io/namespaces/ci/serviceaccounts/builder"],
    ["SPIFFE", spiffeClaims(), "URI:spiffe://touchmark.test/ns/ci/sa/builder"],
    ["a person", emailClaims(), "email:dev@touchmark.test"],
  ])("certifies %s", async (_, claims, name) => {
    const { certificate } = await certificateFor(claims);
    expect(certificate?.subjectAltName).toBe(name);
  });

  it.each<[string, Claims, TokenTimes, RegExp]>([
    [
      "for another audience",
      githubClaims({ aud: "npm:registry.npmjs.org" }),
      {},
      /oidc: expected audience "sigstore" got/,
    ],
    ["that has expired", githubClaims(), { age: 3600 }, /oidc: token is expired/],
    ["by a clock an hour ahead", githubClaims(), { age: -3600 }, /oidc: current time .* before the nbf/],
    [
      "of an issuer that it does not know",
      githubClaims({ iss: "https://evil.example" }),
      {},
      /failed to match issuer URL https:..evil.example/,
    ],
  ])("certifies nobody by a token %s", async (_, claims, times, why) => {
    const before = (await bench.sigstore.log("fulcio")).length;
    expect(await certificateFor(claims, times)).toMatchObject({ status: 400, certificate: null });
    expect((await bench.sigstore.log("fulcio")).slice(before)).toMatch(why);
  });

  /** https://github.com/sigstore/fulcio/blob/main/fulcio.proto: the proof is a signature over who the token is about. */
  async function certificateFor(claims: Claims, times?: TokenTimes) {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const about = String(claims["email"] ?? claims.sub);
    const body = {
      credentials: { oidcIdentityToken: bench.sigstore.token(claims, times) },
      publicKeyRequest: {
        publicKey: { algorithm: "ECDSA", content: publicKey.export({ type: "spki", format: "pem" }) },
        proofOfPossession: sign("sha256", Buffer.from(about), privateKey).toString("base64"),
      },
    };
    const answer = await bench.sigstore.send({
      method: "POST",
      port: PORTS.fulcio,
      path: "/api/v2/signingCert",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(
      (answer?.body ?? "").replaceAll("\\n", "\n"),
    );
    const certificate = pem === null ? null : new X509Certificate(pem[0]);
    return { status: answer?.status, certificate };
  }
});

describe.skipIf(!hasSigstore() || !hasRekorV1())("a local Sigstore with the older log", () => {
  const bench = sigstoreBench({ rekorV1: true, prepare: writeAttestationInputs });
  const { at } = bench;

  it(`promises ${COSIGN} an entry and says its time, and ${COSIGN}, touchmark and @sigstore/verify believe it`, async () => {
    const { cosignAttest, cosignVerify } = bench.peers;
    const began = Math.floor(Date.now() / 1000);
    const config = bench.sigstore.rekorV1SigningConfigFile ?? "";
    const token = bench.sigstore.token(githubClaims());
    const ended = await cosignAttest(at("tool"), at("predicate.json"), at("bundle.json"), token, config);
    expect(ended).toMatchObject({ status: 0 });
    const bundle = await readFile(at("bundle.json"), "utf8");
    const [entry] = (JSON.parse(bundle) as Pick<BundleJson, "verificationMaterial">).verificationMaterial.tlogEntries;
    expect(entry).toMatchObject({
      kindVersion: { kind: "dsse", version: "0.0.1" },
      inclusionPromise: { signedEntryTimestamp: expect.stringMatching(/^[A-Za-z0-9+/=]{90,}$/) },
      inclusionProof: { checkpoint: { envelope: expect.stringMatching(/^localhost - \d+\n/) } },
    });
    expect(Number(entry?.integratedTime)).toBeGreaterThanOrEqual(began);
    expect(Number(entry?.integratedTime)).toBeLessThanOrEqual(Date.now() / 1000);
    expect(await cosignVerify(at("tool"), at("bundle.json"), { identity: IDENTITY })).toMatchObject({ status: 0 });
    expect(await touchmarkVerify(bench, "bundle.json", "tool", IDENTITY)).toEqual([0, "verified"]);
    expect(await touchmarkVerify(bench, "bundle.json", "other", IDENTITY)).toEqual([1, "NOT_COVERED"]);
    expect(verifiedIdentity(bundle, await readFile(bench.sigstore.trustedRootFile, "utf8"))).toBe(IDENTITY);
  });

  it("keeps its entries when Rekor itself goes down", async () => {
    const ask = () => bench.sigstore.send({ method: "GET", port: PORTS.rekorV1, path: "/api/v1/log" });
    expect(JSON.parse((await ask())?.body ?? "")).toMatchObject({ treeSize: 1 });
    await bench.sigstore.down("rekorV1");
    expect(await ask()).toBe(null);
    await bench.sigstore.up("rekorV1");
    expect(JSON.parse((await ask())?.body ?? "")).toMatchObject({ treeSize: 1 });
  });
});

/** The exit status, and `verified` or the code of the refusal. */
async function touchmarkVerify(bench: SigstoreBench, bundle: string, file: string, who: string, ...more: string[]) {
  const evidence = ["--bundle", bundle, "--trusted-root", bench.sigstore.trustedRootFile, "--offline", "--json"];
  const identity = ["--signer-identity", who, "--signer-issuer", ISSUERS.github];
  const ended = await touchmark(["verify", file, ...evidence, ...identity, ...more], { cwd: bench.folder });
  const [artifact] = JSON.parse(ended.stdout).artifacts;
  return [ended.status, artifact.findings[0]?.code ?? artifact.status];
}

function verifiedIdentity(bundle: string, root: string): string | undefined {
  const material = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root)));
  const verifier = new Verifier(material, { tlogThreshold: 1, timestampThreshold: 1, ctlogThreshold: 1 });
  return verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle)))).identity?.subjectAlternativeName;
}
