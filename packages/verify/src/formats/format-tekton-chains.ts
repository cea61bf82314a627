import { X509Certificate } from "node:crypto";
import {
  AnyObject,
  BUNDLE_V03,
  type BundleMaterial,
  boundedArray,
  decodeBase64,
  isJsonObject,
  issueText,
  isTouchmarkError,
  type Json,
  type MessageBundle,
  nullishAs,
  PayloadType,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import type { Format } from "./format.ts";
import { MAX_ANNOTATION_BYTES, MAX_ENVELOPE_SIGNATURES, MAX_TEKTON_RUNS } from "./limits.ts";
import type { Piece } from "./piece.ts";

const KINDS = ["TaskRun", "PipelineRun"];
const LISTS = ["List", "TaskRunList", "PipelineRunList"];
const PREFIX = "chains.tekton.dev/";

const Run = z.object({
  apiVersion: z.string().check(z.regex(/^tekton\.dev\/v1(?:beta1)?$/)),
  kind: z.enum(KINDS),
  metadata: z.object({
    // Of a run with very many, the limit speaks before zod looks at each.
    annotations: nullishAs(AnyObject, {}),
  }),
});

const List = z.object({ items: boundedArray(z.unknown(), MAX_TEKTON_RUNS, 1) });

const Envelope = z.strictObject({
  payloadType: PayloadType,
  payload: z.string(),
  signatures: boundedArray(
    z.strictObject({ keyid: z.nullish(z.string().check(z.maxLength(1024))), sig: z.string() }),
    MAX_ENVELOPE_SIGNATURES,
    1,
  ),
});

/** https://github.com/containers/image/blob/main/docs/containers-signature.5.md */
const SimpleSigning = z.object({
  critical: z.object({
    image: z.object({ "docker-manifest-digest": z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/)) }),
  }),
});

/**
 * A run of Tekton with what Tekton Chains signed in its annotations, or a list of such runs, as `kubectl get -o json` prints
 * them. The key under which something is stored (`taskrun-<uid>`, an image's digest) decides nothing: what is signed does.
 * Source: https://github.com/tektoncd/chains/blob/main/pkg/chains/storage/tekton/tekton.go
 */
export const tektonChainsFormat: Format = {
  name: "tekton-chains",
  title: "a run of Tekton with signatures of Tekton Chains",
  recognises: (json) => isRun(json) || (isJsonObject(json) && isList(json) && json["items"].some(isRun)),
  read(json) {
    if (isRun(json)) return piecesOf(json);
    const parsed = List.safeParse(json);
    if (!parsed.success) throw malformed(issueText(parsed.error));
    return parsed.data.items.flatMap((run): readonly (Piece | TouchmarkError)[] => {
      const pieces = attempt(() => piecesOf(run));
      return isTouchmarkError(pieces) ? [pieces] : pieces;
    });
  },
};

function isRun(json: unknown): boolean {
  return (
    isJsonObject(json) &&
    typeof json["kind"] === "string" &&
    KINDS.includes(json["kind"]) &&
    typeof json["apiVersion"] === "string" &&
    json["apiVersion"].startsWith("tekton.dev/")
  );
}

function isList(json: { readonly [key: string]: Json }): json is { readonly items: readonly Json[] } {
  return typeof json["kind"] === "string" && LISTS.includes(json["kind"]) && Array.isArray(json["items"]);
}

/** Everything that is signed in one run. */
function piecesOf(json: unknown): readonly (Piece | TouchmarkError)[] {
  const parsed = Run.safeParse(json);
  if (!parsed.success) throw malformed(issueText(parsed.error));
  const { annotations } = parsed.data.metadata;
  checkAnnotations(annotations);
  const keys = keysOf(annotations);
  if (keys.length === 0) {
    const signed = annotations[`${PREFIX}signed`];
    throw malformed(signed === undefined ? "no signature" : `no signature, and ${PREFIX}signed is ${signed}`);
  }
  return keys.flatMap((key): readonly (Piece | TouchmarkError)[] => {
    const pieces = attempt(() => signedUnder(key, annotations));
    return isTouchmarkError(pieces) ? [pieces] : pieces;
  });
}

type Annotations = Readonly<Record<string, string>>;

/** Before anything in them is decoded. */
function checkAnnotations(annotations: { readonly [name: string]: unknown }): asserts annotations is Annotations {
  let bytes = 0;
  for (const [name, value] of Object.entries(annotations)) {
    if (typeof value !== "string") throw malformed(`the annotation ${JSON.stringify(name.slice(0, 120))} is no text`);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (bytes > MAX_ANNOTATION_BYTES) {
      throw new TouchmarkError("EVIDENCE_TOO_LARGE", "the run has more annotations than Kubernetes keeps", {
        expected: `at most ${MAX_ANNOTATION_BYTES} bytes in all`,
        actual: "more",
      });
    }
  }
}

/** What stands behind `payload-` and `signature-`, each once. */
function keysOf(annotations: Annotations): readonly string[] {
  const keys = Object.keys(annotations).flatMap(
    (name) => /^chains\.tekton\.dev\/(?:payload|signature)-(.+)$/.exec(name)?.[1] ?? [],
  );
  return [...new Set(keys)];
}

function signedUnder(key: string, annotations: Annotations): readonly Piece[] {
  const value = (what: string) => decodeBase64(annotations[`${PREFIX}${what}-${key}`] ?? "", `${PREFIX}${what}-${key}`);
  const [payload, signature, certificate] = [value("payload"), value("signature"), value("cert")];
  if (payload.byteLength === 0 || signature.byteLength === 0) {
    throw malformed(
      `under ${key} a ${payload.byteLength === 0 ? "signature without its payload" : "payload without a signature"}`,
    );
  }
  const leaf = certificate.byteLength === 0 ? null : derOf(certificate);
  const signer = (hint: string | null): BundleMaterial["signer"] =>
    leaf === null ? { kind: "key", hint } : { kind: "certificate", chain: [leaf] };
  const envelope = envelopeIn(signature);
  if (envelope === null) return [bareSignature(payload, signature, signer(null))];
  if (Buffer.compare(decodeBase64(envelope.payload, "the envelope's payload"), payload) !== 0) {
    throw new TouchmarkError("EVIDENCE_MISMATCH", `two payloads stand under ${key}`, {
      expected: "the payload that is signed",
      actual: "another one in the annotation",
    });
  }
  return envelope.signatures.map(({ keyid, sig }) => ({
    kind: "statement",
    format: "tekton-chains",
    bundle: {
      mediaType: BUNDLE_V03,
      payloadType: envelope.payloadType,
      payload,
      signature: decodeBase64(sig, "the signature"),
      signer: signer(keyid || null),
      tlogEntries: [],
      timestamps: [],
    },
  }));
}

/** Provenance is signed in an envelope; all else, such as the signature of an image, is a signature and no more: null. */
function envelopeIn(signature: Uint8Array): z.output<typeof Envelope> | null {
  if (signature[0] !== 0x7b) return null;
  const json = parseJson(signature, { what: "the envelope", maxBytes: MAX_ANNOTATION_BYTES });
  const parsed = Envelope.safeParse(json);
  if (!parsed.success) throw malformed(`in the envelope ${issueText(parsed.error)}`);
  return parsed.data;
}

function bareSignature(payload: Uint8Array, signature: Uint8Array, signer: BundleMaterial["signer"]): Piece {
  return {
    kind: "signature",
    format: "tekton-chains",
    signature: {
      mediaType: BUNDLE_V03,
      signature,
      messageDigest: imageIn(payload),
      signer,
      tlogEntries: [],
      timestamps: [],
    },
  };
}

/** The image that a payload of simple signing is about; null for the run itself, which is about nothing that can be had. */
function imageIn(payload: Uint8Array): MessageBundle["messageDigest"] {
  const json = attempt(() => parseJson(payload, { what: "the payload", maxBytes: MAX_ANNOTATION_BYTES }));
  const parsed = SimpleSigning.safeParse(json);
  if (!parsed.success) return null;
  const [, hex = ""] = parsed.data.critical.image["docker-manifest-digest"].split(":");
  return { algorithm: "SHA2_256", bytes: Buffer.from(hex, "hex") };
}

function derOf(pem: Uint8Array): Uint8Array {
  try {
    return new X509Certificate(pem).raw;
  } catch {
    throw malformed("a certificate that cannot be read");
  }
}

function attempt<T>(read: () => T): T | TouchmarkError {
  try {
    return read();
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return error.code === "INPUT_INVALID" || error.code === "INPUT_TOO_LARGE" ? malformed(error.message) : error;
  }
}

function malformed(actual: string): TouchmarkError {
  return new TouchmarkError("BUNDLE_MALFORMED", "this is not a run that Tekton Chains signed", {
    expected: `a TaskRun or PipelineRun with the annotations ${PREFIX}payload-… and ${PREFIX}signature-…`,
    actual,
  });
}
