import { convertPiece, FORMS } from "../../apps/cli/src/convert/convert-piece.ts";
import { inspectPiece } from "../../apps/cli/src/inspect/inspect-piece.ts";
import { otherFile } from "../../apps/cli/src/inspect/other-file.ts";
import { summarise } from "../../apps/cli/src/inspect/predicates/summarise.ts";
import { type Json, parseBundle, parseJson } from "../../packages/core/src/index.ts";
import { attLayerOfBundle, bundleOfAttLayer } from "../../packages/oci/src/index.ts";
import { signBundle } from "../../packages/testkit/src/sigstore/index.ts";
import { type NamedPiece, readPieces } from "../../packages/verify/src/index.ts";
import { bytesOf, PAYLOAD, sign, sigstore } from "../../packages/verify/test/certificate-cases.ts";
import type { Parser } from "../parser.ts";

const OLD = { version: "0.1", entry: "dsse-0.0.1", entryOptions: { proof: false } } as const;
const pieces = [
  bytesOf(sign()),
  bytesOf(sign(OLD)),
  bytesOf(signBundle(sigstore, PAYLOAD, { content: "message" }).bundle),
];

async function piecesIn(bytes: Uint8Array): Promise<readonly NamedPiece[]> {
  return (await readPieces(bytes, "f")).pieces;
}

const TYPES = [
  "https://slsa.dev/provenance/v1",
  "https://slsa.dev/provenance/v0.2",
  "https://slsa.dev/verification_summary/v1",
  "https://spdx.dev/Document",
  "https://cyclonedx.org/bom",
  "https://in-toto.io/attestation/test-result/v0.1",
  "https://in-toto.io/attestation/vulns/v0.2",
  "https://in-toto.io/attestation/scai/v0.3",
  "https://example.com/unknown",
];

const PREDICATE = {
  "@graph": [{ type: "SpdxDocument", name: "n" }],
  attributes: [{ attribute: "a", target: { uri: "u" } }],
  buildDefinition: {
    buildType: "t",
    externalParameters: { a: [1] },
    resolvedDependencies: [{ uri: "git+https://x@refs/tags/v1" }],
  },
  components: [{ name: "c" }],
  failedTests: ["t"],
  invocation: { configSource: { uri: "u", digest: { sha1: "ab" } } },
  packages: [{ name: "p", versionInfo: "1" }],
  runDetails: { builder: { id: "b" }, metadata: { invocationId: "1-1" } },
  scanner: { result: [{ id: "CVE-1", severity: [{ method: "m", score: 1 }] }] },
  verifier: { id: "v" },
};

/** What is only shown or written in another form: it must take anything. */
export const inspectionParsers: readonly Parser[] = [
  {
    name: "inspect",
    sound: pieces,
    codes: [],
    read: async (bytes) => Promise.all((await piecesIn(bytes)).map(inspectPiece)),
  },
  {
    name: "inspect-predicate",
    sound: [bytesOf(PREDICATE)],
    codes: ["INPUT_INVALID", "INPUT_TOO_LARGE"],
    read(bytes) {
      const predicate = parseJson(bytes, { what: "the predicate", maxBytes: bytes.byteLength });
      for (const type of TYPES) summarise(type, predicate);
    },
  },
  {
    name: "inspect-other-file",
    sound: [
      bytesOf({ version: 1, deny: [] }),
      bytesOf({ mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1" }),
      bytesOf({ signed: { _type: "root" } }),
      new TextEncoder().encode("version: 1\ndeny:\n"),
      PAYLOAD,
    ],
    codes: ["STATEMENT_MALFORMED"],
    read: (bytes) => otherFile("f", bytes),
  },
  {
    name: "convert",
    sound: pieces.slice(0, 2),
    codes: ["INPUT_INVALID", "STATEMENT_MALFORMED"],
    async read(bytes) {
      for (const piece of await piecesIn(bytes))
        for (const form of FORMS) await sameAgain(piece, convertPiece(piece, form).line, form);
    },
  },
  {
    name: "cosign-layer",
    sound: [bytesOf(layerOf(bytesOf(sign(OLD))))],
    codes: ["INPUT_INVALID", "INPUT_TOO_LARGE"],
    read(bytes) {
      const json = parseJson(bytes, { what: "the layer", maxBytes: bytes.byteLength });
      const { content, annotations } = (json ?? {}) as { readonly [key: string]: Json };
      if (typeof content !== "string" || !isTexts(annotations)) return;
      bundleOfAttLayer(new TextEncoder().encode(content), annotations);
    },
  },
];

/** What a form could hold is read from it again, and the signature is the same. */
async function sameAgain({ piece }: Pick<NamedPiece, "piece">, line: Uint8Array, form: string): Promise<void> {
  if (form === "cosign-att") return;
  const [again] = await piecesIn(line);
  const signatureOf = (one: typeof piece) => (one.kind === "statement" ? one.bundle : one.signature).signature;
  if (again !== undefined && Buffer.compare(signatureOf(again.piece), signatureOf(piece)) === 0) return;
  throw new Error(`converted to ${form}, it is not read again`);
}

function layerOf(bytes: Uint8Array): object {
  const { content, annotations } = attLayerOfBundle(parseBundle(bytes), "https://example.com/p");
  return { content: new TextDecoder().decode(content), annotations };
}

function isTexts(json: Json | undefined): json is { readonly [key: string]: string } {
  return json !== null && typeof json === "object" && Object.values(json).every((value) => typeof value === "string");
}
