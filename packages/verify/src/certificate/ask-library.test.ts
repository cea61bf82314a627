import { createHash } from "node:crypto";
import { parseBundle } from "@touchmark/core";
import { type BundleOptions, entryFor, logEntry, pemOf, rootOf, signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { at, other } from "../../test/attack-cases.ts";
import { bytesOf, PAYLOAD, sigstore } from "../../test/certificate-cases.ts";
import { materialOf } from "../roots/material.ts";
import { parseRoots } from "../roots/parse-roots.ts";
import { askLibrary, type Question } from "./ask-library.ts";
import { digestContent } from "./digest-content.ts";
import { readLeaf } from "./leaf.ts";
import { readLogEntries } from "./log-entry.ts";
import { envelopeContent } from "./signed-content.ts";
import { readTimestamps } from "./timestamp-token.ts";

const trust = materialOf(
  parseRoots(bytesOf(rootOf(sigstore)), "roots.json").roots[0] as never,
  "roots.json",
).forLibrary;
const ONE = { logs: 1, times: 1 };
const signed = signBundle(sigstore, PAYLOAD, {});
const about = {
  bytes: signed.bytes,
  signature: signed.signature,
  payload: PAYLOAD,
  payloadType: "application/vnd.in-toto+json",
  verifierPem: pemOf(signed.leaf),
  key: signed.key,
};
const when = { time: at("12:00:00") };
const KINDS = ["hashedrekord-0.0.1", "dsse-0.0.1", "intoto-0.0.2", "hashedrekord-0.0.2"] as const;
type Kind = Parameters<typeof entryFor>[1];

/** What the bundle says, before anything of ours has looked whether the parts belong together. */
function questionOf(json: unknown): Question {
  const bundle = parseBundle(bytesOf(json));
  const { signer, tlogEntries, timestamps } = bundle;
  const { certificate } = readLeaf((signer.kind === "certificate" && signer.chain[0]) || new Uint8Array());
  return {
    key: { $case: "certificate", certificate },
    entries: readLogEntries(tlogEntries, "0.3"),
    tokens: readTimestamps(timestamps),
    content: envelopeContent(bundle),
  };
}
const entries = (...kinds: readonly Kind[]) => kinds.map((kind) => entryFor(sigstore, kind, about, when));
const logged = (...tlogEntries: readonly object[]) =>
  questionOf({ ...signed.bundle, verificationMaterial: { ...signed.bundle.verificationMaterial, tlogEntries } });
const fresh = (options: BundleOptions, changed: Partial<typeof sigstore> = {}) =>
  questionOf(signBundle({ ...sigstore, ...changed }, PAYLOAD, options).bundle);
const ask =
  (question: Question, demand = ONE, trusted = trust) =>
  () =>
    askLibrary(question, trusted, demand);
const refusal = (code: string, message: string, actual: string) =>
  expect.objectContaining({ code, message, expected: null, actual: expect.stringContaining(actual) });
const inLog = (actual: string) => refusal("LOG_ENTRY_INVALID", "a log entry does not hold", actual);

describe.each(KINDS)("of an entry %s", (kind) => {
  const question = logged(...entries(kind));
  const { content } = question;

  it("what belongs together holds", () => {
    expect(ask(question)).not.toThrow();
  });

  it("another signature is refused, though we look too", () => {
    const twin = logged(entryFor(sigstore, kind, { ...about, signature: signed.key.sign(signed.bytes) }, when));
    expect(ask(twin)).toThrow(inLog("signature mismatch"));
  });

  it("other content is refused, though we look too", () => {
    const digest = () => createHash("sha256").update("other").digest();
    const payloadDigest = digest();
    expect(ask({ ...question, content: { ...content, digest, payloadDigest } })).toThrow(inLog("mismatch"));
    expect(ask({ ...question, content: { ...content, digest: () => null, payloadDigest: null } })).toThrow(
      inLog("mismatch"),
    );
  });

  it("a signature that does not hold is refused", () => {
    expect(ask({ ...question, content: { ...content, isSignedBy: () => false } })).toThrow(
      refusal(
        "SIGNATURE_INVALID",
        "the signature does not belong to this content and its certificate",
        "signature verification failed",
      ),
    );
  });
});

it("a digest that no key hashes with is another one", () => {
  const spec = {
    data: { hash: { algorithm: "sha1", value: "ab".repeat(20) } },
    signature: { content: Buffer.from(signed.signature).toString("base64") },
  };
  const body = bytesOf({ apiVersion: "0.0.1", kind: "hashedrekord", spec });
  const entry = logEntry(sigstore.rekorV1, { kind: "hashedrekord", version: "0.0.1", body }, when);
  expect(ask(logged(entry))).toThrow(inLog("digest mismatch"));
});

describe("who is trusted", () => {
  it("issued the certificate", () => {
    const actual = "Failed to verify certificate chain";
    expect(ask(fresh({}, { fulcio: other.fulcio }))).toThrow(
      refusal("CERTIFICATE_INVALID", "nobody trusted issued the certificate for this time", actual),
    );
  });

  it("logged the certificate, where there are certificate logs", () => {
    const unlogged = fresh({ leaf: { ctLogs: [] } });
    expect(ask(unlogged)).toThrow(expect.objectContaining({ code: "CERTIFICATE_INVALID" }));
    expect(ask(unlogged, ONE, { ...trust, ctlogs: [] })).not.toThrow();
  });

  it("made the timestamps", () => {
    expect(ask(fresh({}, { timestamps: other.timestamps }))).toThrow(
      refusal("TIMESTAMP_INVALID", "no trusted authority says when this was signed", "timestamp could not be verified"),
    );
  });
});

describe("what is demanded is counted, though we count too", () => {
  it("in entries, of which those of an old kind were checked before", () => {
    const now = entries("dsse-0.0.1");
    // Two promises of one log at one time would be one.
    const old = [entryFor(sigstore, "intoto-0.0.1", about, { time: at("12:00:05") })];
    expect(ask(logged(...old))).not.toThrow();
    expect(ask(logged(...old, ...now), { logs: 2, times: 1 })).not.toThrow();
    expect(ask(logged(...now), { logs: 2, times: 1 })).toThrow(inLog("expected 2 tlog entries, got 1"));
    expect(ask(logged(...old), { logs: 2, times: 1 })).toThrow(inLog("expected 1 tlog entries, got 0"));
    expect(ask(logged(...old), { logs: 0, times: 1 })).not.toThrow();
    expect(ask(logged(), { logs: 0, times: 1 })).not.toThrow();
  });

  it("in times: those of timestamps and those that a log promised", () => {
    const few = (count: number) =>
      refusal(
        "TIMESTAMP_INVALID",
        "no trusted authority says when this was signed",
        `expected 2 timestamps, got ${count}`,
      );
    expect(ask(logged(...entries("dsse-0.0.1")), { logs: 1, times: 2 })).not.toThrow();
    expect(ask(logged(...entries("hashedrekord-0.0.2")), { logs: 1, times: 2 })).toThrow(few(1));
    // Promised, and without a time: 1970 is none.
    const timeless = entryFor(sigstore, "dsse-0.0.1", about, { time: new Date(0) });
    expect(ask(logged(timeless), { logs: 1, times: 2 })).toThrow(few(1));
    expect(ask(logged(timeless))).toThrow(inLog("inclusion promise could not be verified"));
  });
});

describe("what is thrown on the way", () => {
  const question = logged(...entries("dsse-0.0.1"));
  const throwing = (isSignedBy: Question["content"]["isSignedBy"]) =>
    ask({ ...question, content: { ...question.content, isSignedBy } });

  it("by us stays what it is", () => {
    const { isSignedBy } = digestContent("sha384", new Uint8Array(48), signed.signature);
    expect(throwing(isSignedBy)).toThrow(
      expect.objectContaining({ code: "SIGNATURE_INVALID", expected: "the file itself, or its sha256" }),
    );
  });

  it("by anybody else verifies nothing", () => {
    const stumble = () => {
      throw new RangeError("stumbled");
    };
    expect(throwing(stumble)).toThrow(
      expect.objectContaining({
        code: "CERTIFICATE_INVALID",
        message: "the evidence cannot be read",
        actual: "stumbled",
      }),
    );
  });
});
