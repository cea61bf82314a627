import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseStatement, readProvenance } from "../packages/core/src/index.ts";
import { checkAgreement } from "../packages/verify/src/certificate/agreement.ts";
import { readLeaf } from "../packages/verify/src/certificate/leaf.ts";
import { examine, openRoots, publicGoodSource, readPieces, trustedIdentity } from "../packages/verify/src/index.ts";
import { slsaVerifierFiles } from "./peers/go-files.mjs";

const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator";
/** Files that somebody made wrong on purpose say so in their names. */
const MADE_WRONG = /invalidsig|wrong-signer|^gcb_container|^vsa/;

const folder = slsaVerifierFiles();
const testdata = folder === null ? "" : join(folder, "testdata");

/** What slsa-verifier's own tests read: provenance of every builder and version, with the certificate where it has one. */
const all =
  folder === null ? [] : readdirSync(testdata, { recursive: true, encoding: "utf8" }).sort().flatMap(provenanceIn);
const certified = all.filter(({ der }) => der !== null);

if (folder === null) it.skip("slsa-github-generator's provenance: no Go here to bring it", () => undefined);

describe.runIf(folder !== null)("provenance of slsa-github-generator, by builder and version", () => {
  it("is there, of every build type", () => {
    const counts: Record<string, number> = {};
    for (const { buildType } of all) counts[buildType] = (counts[buildType] ?? 0) + 1;
    expect(counts).toMatchObject({
      [`${GENERATOR}/generic@v1`]: 51,
      [`${GENERATOR}/container@v1`]: 9,
      [`${GENERATOR}/go@v1`]: 67,
      [`${GENERATOR}@v1`]: 4,
      [`${GENERATOR}-go@v1`]: 1,
      [`${GENERATOR}/delegator-generic@v0`]: 49,
      "https://slsa.dev/container-based-build/v0.1?draft": 24,
    });
    expect(certified.length).toBeGreaterThan(180);
  });

  it.each(certified.map((one) => [one.file, one] as const))("%s agrees with its certificate", (_, { payload, der }) => {
    const statement = parseStatement(payload);
    const provenance = readProvenance(statement);
    if (provenance === null || der === null) throw new TypeError("no provenance");
    expect(() => checkAgreement(statement, provenance, readLeaf(der))).not.toThrow();
  });

  it("is an envelope that lacks its entry, before 2.1.0", async () => {
    const roots = await openRoots(await publicGoodSource());
    const trust = [
      trustedIdentity({
        issuer: "https://token.actions.githubusercontent.com",
        identity: null,
        identityPattern: `${GENERATOR.replaceAll(".", "\\.")}/\\.github/workflows/.*`,
        source: "slsa-framework/example-package",
        withoutLog: false,
        roots,
      }),
    ];
    const bare = all.filter(({ isBare }) => isBare);
    expect(bare.length).toBeGreaterThan(100);
    for (const { file } of bare) {
      const { pieces } = await readPieces(readFileSync(join(testdata, file)), file);
      const codes = pieces.map(({ name, piece }) => {
        const evidence = examine(name, piece, { trust });
        return "findings" in evidence ? evidence.findings[0]?.code : evidence.kind;
      });
      expect([file, codes]).toEqual([file, ["LOG_ENTRY_MISSING"]]);
    }
  });
});

interface Found {
  readonly file: string;
  readonly payload: Uint8Array;
  readonly buildType: string;
  readonly isBare: boolean;
  readonly der: Buffer | null;
}

function provenanceIn(file: string): readonly Found[] {
  if (MADE_WRONG.test(file)) return [];
  const json = jsonIn(file);
  const bundles = json?.attestations?.map(({ bundle }) => bundle) ?? (json === null ? [] : [json]);
  return bundles.flatMap((one) => {
    const envelope = one.dsseEnvelope ?? one;
    const [signature] = envelope.signatures ?? [];
    if (envelope.payload === undefined || signature === undefined) return [];
    const payload = Buffer.from(envelope.payload, "base64");
    const { predicate } = JSON.parse(payload.toString());
    const buildType = predicate?.buildType ?? predicate?.buildDefinition?.buildType;
    if (buildType === undefined) return [];
    const { certificate, x509CertificateChain: chain } = one.verificationMaterial ?? {};
    const raw = certificate?.rawBytes ?? chain?.certificates[0]?.rawBytes;
    const pem = signature.cert ?? annotatedCertificate(file);
    const der =
      raw !== undefined ? Buffer.from(raw, "base64") : pem !== undefined ? new X509Certificate(pem).raw : null;
    return [{ file, payload, buildType, isBare: one.dsseEnvelope === undefined && !file.includes("/blobs/"), der }];
  });
}

/** Of a layer of cosign's `.att` tag in an image layout: the manifest that names it has the certificate. */
function annotatedCertificate(file: string): string | undefined {
  if (!file.includes("/blobs/")) return undefined;
  for (const name of readdirSync(dirname(join(testdata, file)))) {
    const manifest = jsonIn(join(dirname(file), name));
    const layer = manifest?.layers?.find(({ digest }) => digest === `sha256:${basename(file)}`);
    if (layer !== undefined) return layer.annotations?.["dev.sigstore.cosign/certificate"];
  }
  return undefined;
}

interface Evidence {
  readonly layers?: readonly { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> }[];
  readonly payload?: string;
  readonly signatures?: readonly { readonly cert?: string }[];
  readonly dsseEnvelope?: Evidence;
  readonly verificationMaterial?: {
    readonly certificate?: { readonly rawBytes: string };
    readonly x509CertificateChain?: { readonly certificates: readonly { readonly rawBytes: string }[] };
  };
  readonly attestations?: readonly { readonly bundle: Evidence }[];
}

function jsonIn(file: string): Evidence | null {
  try {
    return JSON.parse(readFileSync(join(testdata, file), "utf8"));
  } catch {
    return null; // a folder, an artifact
  }
}
