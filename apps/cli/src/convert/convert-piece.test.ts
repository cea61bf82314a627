import { encodeKeyBundle, type Json, parseBundle, parseMessageBundle, preAuthEncoding } from "@touchmark/core";
import {
  type BundleOptions,
  githubRun,
  newTestKey,
  publicPem,
  rootOf,
  signBundle,
  testSigstore,
} from "@touchmark/testkit/sigstore";
import { examine, openRoots, type Piece, type Trust, trustedIdentity, trustedKey } from "@touchmark/verify";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidenceIn } from "../evidence-input.ts";
import { convertPiece, FORMS, type Form } from "./convert-piece.ts";

const sigstore = testSigstore();
const key = newTestKey();
const encode = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
const PAYLOAD = encode({
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "tool", digest: { sha256: "ab".repeat(32) } }],
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: {
    buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
    runDetails: { builder: { id: "https://example.com/builder" } },
  },
});
const roots = await openRoots({ bytes: encode(rootOf(sigstore)), label: "roots.json", asOf: "2026-06-01T00:00:00Z" });
const claims = githubRun({
  repository: "octo/widgets",
  ref: "refs/tags/v1",
  workflow: "octo/widgets/.github/workflows/r.yml@refs/tags/v1",
});
const trust: readonly Trust[] = [
  trustedKey(new TextEncoder().encode(publicPem(key)), "key.pub"),
  trustedIdentity({
    issuer: "https://token.actions.githubusercontent.com",
    identity: "https://github.com/octo/widgets/.github/workflows/r.yml@refs/tags/v1",
    identityPattern: null,
    source: null,
    withoutLog: true,
    roots,
  }),
];

function keyless(options: BundleOptions): Piece {
  const { bundle } = signBundle(sigstore, PAYLOAD, { leaf: { claims }, ...options });
  return { kind: "statement", format: "sigstore-bundle", bundle: parseBundle(encode(bundle)) };
}

function keyed(payload: Uint8Array, hint: string): Piece {
  const payloadType = "application/vnd.in-toto+json";
  const signature = key.sign(preAuthEncoding(payloadType, payload));
  const bundle = parseBundle(encodeKeyBundle({ payloadType, payload, signature, hint }));
  return { kind: "statement", format: "sigstore-bundle", bundle };
}

const message: Piece = {
  kind: "signature",
  format: "sigstore-bundle",
  signature: parseMessageBundle(encode(signBundle(sigstore, PAYLOAD, { content: "message" }).bundle)),
};

/** The same in another form, read again. */
async function there(piece: Piece, form: Form): Promise<Piece> {
  const { pieces, findings } = await evidenceIn(convertPiece({ name: "f", piece }, form).line, "f");
  expect(findings).toEqual([]);
  const [first] = pieces;
  if (first === undefined || pieces.length > 1) throw new TypeError("not one piece");
  return first.piece;
}

const lossesOf = (piece: Piece, form: Form) => convertPiece({ name: "f", piece }, form).losses;
const verdictOf = (piece: Piece) => examine("f", piece, { trust }).kind;

/** All that a piece holds but the version of its wrapping, and the proof of a promised entry. */
function contentOf(piece: Piece) {
  const { mediaType: _mediaType, ...content } = piece.kind === "statement" ? piece.bundle : piece.signature;
  return content;
}

const PROMISE_ONLY = { version: "0.1", entry: "dsse-0.0.1", entryOptions: { proof: false } } as const;
const BOTH = { version: "0.2", entry: "dsse-0.0.1" } as const;
const PROOF_ONLY = { entry: "hashedrekord-0.0.2" } as const;

/** What each form loses of what. */
const TABLE: readonly (readonly [string, Piece, Readonly<Record<Form, readonly string[]>>])[] = [
  [
    "a bundle signed with a key",
    keyed(PAYLOAD, "h"),
    { bundle: [], "bundle-v0.3": [], "bundle-v0.2": [], "bundle-v0.1": [], dsse: [], "cosign-att": [] },
  ],
  [
    "one with a proof and a timestamp",
    keyless(PROOF_ONLY),
    {
      bundle: [],
      "bundle-v0.3": [],
      "bundle-v0.2": [],
      "bundle-v0.1": ["log-entries"],
      dsse: ["certificate", "log-entries", "timestamps"],
      "cosign-att": ["log-entries"],
    },
  ],
  [
    "one with a promise alone, and a chain",
    keyless(PROMISE_ONLY),
    {
      bundle: [],
      "bundle-v0.3": ["certificate-chain", "log-entries"],
      "bundle-v0.2": ["log-entries"],
      "bundle-v0.1": [],
      dsse: ["certificate", "log-entries", "timestamps"],
      "cosign-att": [],
    },
  ],
  [
    "one with both, and a chain",
    keyless(BOTH),
    {
      bundle: [],
      "bundle-v0.3": ["certificate-chain"],
      "bundle-v0.2": [],
      "bundle-v0.1": [],
      dsse: ["certificate", "log-entries", "timestamps"],
      "cosign-att": ["log-proofs"],
    },
  ],
  [
    "one with a timestamp alone",
    keyless({ entry: null }),
    {
      bundle: [],
      "bundle-v0.3": [],
      "bundle-v0.2": [],
      "bundle-v0.1": [],
      dsse: ["certificate", "timestamps"],
      "cosign-att": [],
    },
  ],
];

describe.each(TABLE)("%s", (_what, piece, losses) => {
  it.each(FORMS)("as %s loses what it has no place for, and nothing else", (form) => {
    expect(lossesOf(piece, form)).toEqual(losses[form]);
  });

  it.each(FORMS.filter((form) => losses[form].length === 0))(
    "is the same as %s, and verified as before",
    async (form) => {
      const converted = await there(piece, form);
      expect(contentOf(converted)).toEqual(contentOf(piece));
      expect(verdictOf(piece)).toBe("trusted");
      expect(verdictOf(converted)).toBe("trusted");
      expect(contentOf(await there(converted, "bundle"))).toEqual(contentOf(piece));
    },
  );
});

it("goes through every form and back, whatever was signed", async () => {
  const anyBytes = fc.uint8Array({ maxLength: 60 });
  const anyHint = fc.string({ maxLength: 12, unit: "grapheme" });
  const forms = fc.array(fc.constantFrom(...FORMS.filter((form) => form !== "cosign-att")), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(anyBytes, anyHint, forms, async (payload, hint, way) => {
      const piece = keyed(payload, hint);
      let now = piece;
      for (const form of way) now = await there(now, form);
      expect(contentOf(now)).toEqual(contentOf(piece));
    }),
  );
});

it("an older form of what is refused is refused as well", async () => {
  const bundle = keyless(BOTH);
  if (bundle.kind !== "statement") throw new TypeError("no bundle");
  const forged: Piece = { ...bundle, bundle: { ...bundle.bundle, payload: encode({}) } };
  for (const form of ["bundle", "bundle-v0.3", "bundle-v0.1"] as const) {
    expect(verdictOf(await there(forged, form))).toBe("refused");
  }
});

describe("a signature over a file", () => {
  it("becomes a bundle of another version", async () => {
    expect(contentOf(await there(message, "bundle-v0.2"))).toEqual(contentOf(message));
    expect(lossesOf(message, "bundle-v0.1")).toEqual(["log-entries"]);
  });

  it.each(["dsse", "cosign-att"] as const)("has no place in %s", (form) => {
    expect(() => lossesOf(message, form)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});

it("what needs more than its signature is not converted", () => {
  const more = { ...keyed(PAYLOAD, ""), unlogged: { sha256: "" }, anything: { keys: [] as Json } };
  expect(() => lossesOf(more, "bundle")).toThrow(
    expect.objectContaining({ code: "INPUT_INVALID", actual: "sigstore-bundle, with anything" }),
  );
});

it("a layer is chosen by its predicate type, so that it needs one", () => {
  expect(() => lossesOf(keyed(encode({}), ""), "cosign-att")).toThrow(
    expect.objectContaining({ code: "STATEMENT_MALFORMED" }),
  );
});
