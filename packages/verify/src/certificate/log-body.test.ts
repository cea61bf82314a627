import { createHash } from "node:crypto";
import {
  ascii,
  dsseV1,
  type EntryBody,
  hashedrekordV1,
  hashedrekordV2,
  intotoV1,
  intotoV2,
  newTestKey,
  pae,
  pemOf,
  publicPem,
  rootAuthority,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { digestContent } from "./digest-content.ts";
import { MAX_LOG_BODY_BYTES } from "./limits.ts";
import { checkLogBody } from "./log-body.ts";
import type { LogEntry } from "./log-entry.ts";
import { envelopeContent, fileContent, type SignedContent } from "./signed-content.ts";

const key = newTestKey();
const { certificate } = rootAuthority("somebody");
const payload = ascii("{}");
const payloadType = "application/vnd.in-toto+json";
const bytes = pae(payloadType, payload);
const signature = key.sign(bytes);
const byCertificate = { bytes, signature, payload, payloadType, verifierPem: pemOf(certificate), key };
const byKey = { ...byCertificate, verifierPem: publicPem(key) };
const envelope = envelopeContent({ payloadType, payload, signature });

const KINDS = [
  ["hashedrekord 0.0.1", hashedrekordV1],
  ["hashedrekord 0.0.2", hashedrekordV2],
  ["dsse 0.0.1", dsseV1],
  ["intoto 0.0.1", intotoV1],
  ["intoto 0.0.2", intotoV2],
] as const;

const entryOf = ({ kind, version, body }: EntryBody) =>
  ({ kind, version, body: Buffer.from(body) }) as unknown as LogEntry;
const check = (body: EntryBody, content: SignedContent = envelope, verifiers = [certificate.der]) =>
  checkLogBody(entryOf(body), content, verifiers);
const refusal = (message: string, detail: object = {}) =>
  expect.objectContaining({ code: "LOG_ENTRY_INVALID", message, ...detail });
const other = (what: string) =>
  refusal(`a log entry is about another ${what}`, { expected: `the ${what} of this bundle`, actual: "another one" });

/** The body with another value at the path; undefined takes it away. */
function changed(body: EntryBody, path: string, value: unknown): EntryBody {
  const json = JSON.parse(Buffer.from(body.body).toString());
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  keys.reduce((at, name) => at[name], json)[last] = value;
  return { ...body, body: ascii(JSON.stringify(json)) };
}

describe.each(KINDS)("%s is about", (kind, written) => {
  it("this signature, by its certificate or its key", () => {
    check(written(byCertificate));
    check(written(byKey), envelope, [key.spki]);
    check(written(byCertificate), envelope, [key.spki, certificate.der]);
  });

  it("no other certificate or key", () => {
    expect(() => check(written(byCertificate), envelope, [key.spki])).toThrow(other("certificate or key"));
    expect(() => check(written(byKey), envelope, [newTestKey().spki])).toThrow(other("certificate or key"));
    expect(() => check(written(byKey), envelope, [])).toThrow(other("certificate or key"));
  });

  it("no other content", () => {
    const text = ascii("[]");
    const content = { ...byCertificate, payload: text, bytes: pae(payloadType, text) };
    expect(() => check(written(content))).toThrow(other("content"));
  });

  it("no other signature, where it keeps one", () => {
    const twin = written({ ...byCertificate, signature: key.sign(bytes) });
    if (kind === "intoto 0.0.1") check(twin);
    else expect(() => check(twin)).toThrow(other("signature"));
  });
});

describe("what is signed", () => {
  const file = fileContent(bytes, signature);

  it("is no envelope's payload where it is a file", () => {
    for (const written of [hashedrekordV1, hashedrekordV2]) check(written(byCertificate), file);
    for (const written of [dsseV1, intotoV1, intotoV2]) {
      expect(() => check(written(byCertificate), file)).toThrow(other("content"));
    }
  });

  it("has the digest that is known, and cannot be compared by another one", () => {
    const sha256 = digestContent("sha256", createHash("sha256").update(bytes).digest(), signature);
    const sha384 = digestContent("sha384", createHash("sha384").update(bytes).digest(), signature);
    for (const written of [hashedrekordV1, hashedrekordV2]) {
      check(written(byCertificate), sha256);
      expect(() => check(written(byCertificate), sha384)).toThrow(other("content"));
    }
  });

  it.each(["P-384", "P-521"] as const)("is hashed as the log says, for a key of %s", (curve) => {
    const larger = newTestKey(curve);
    const signed = { ...byCertificate, key: larger, signature: larger.sign(bytes), verifierPem: publicPem(larger) };
    for (const written of [hashedrekordV1, hashedrekordV2]) {
      check(written(signed), fileContent(bytes, signed.signature), [larger.spki]);
    }
  });

  it("has its payload type, where the log keeps one", () => {
    const text = { ...byCertificate, payloadType: "text/plain" };
    expect(() => check(intotoV2(text))).toThrow(other("payload type"));
    check(dsseV1(text));
  });
});

describe("a body", () => {
  it("is of the kind and the version that the bundle says", () => {
    const body = dsseV1(byCertificate);
    for (const [said, is] of [
      [{ ...body, kind: "intoto" }, "intoto 0.0.1"],
      [{ ...body, version: "0.0.2" }, "dsse 0.0.2"],
    ] as const) {
      expect(() => check(said)).toThrow(
        refusal("a log entry is of another kind than the bundle says", { expected: is, actual: "dsse 0.0.1" }),
      );
    }
  });

  it("is of a kind that is known", () => {
    const body = changed({ ...dsseV1(byCertificate), version: "0.0.2" }, "apiVersion", "0.0.2");
    expect(() => check(body)).toThrow(
      expect.objectContaining({
        code: "LOG_ENTRY_INVALID",
        expected: "hashedrekord 0.0.1 or 0.0.2, dsse 0.0.1, intoto 0.0.1 or 0.0.2",
        actual: "dsse 0.0.2",
      }),
    );
  });

  it.each([
    ["JSON", "{"],
    ["within its size", `${" ".repeat(MAX_LOG_BODY_BYTES)}{}`],
  ])("is %s", (_, text) => {
    expect(() => check({ ...dsseV1(byCertificate), body: ascii(text) })).toThrow(
      refusal("the body of a log entry cannot be read"),
    );
  });

  it("may have all of its size", () => {
    const { body, ...rest } = dsseV1(byCertificate);
    const padded = Buffer.concat([body, Buffer.alloc(MAX_LOG_BODY_BYTES - body.length, " ")]);
    check({ ...rest, body: padded });
  });
});

const HASH = "ab".repeat(32);

it.each<[string, (signed: typeof byCertificate) => EntryBody, string, unknown]>([
  ["no kind", dsseV1, "kind", undefined],
  ["no version", dsseV1, "apiVersion", undefined],
  ["a hash that nobody signs with", hashedrekordV1, "spec.data.hash.algorithm", "sha1"],
  ["a digest in capitals", hashedrekordV1, "spec.data.hash.value", HASH.toUpperCase()],
  ["a digest behind something", hashedrekordV1, "spec.data.hash.value", `x${HASH}`],
  ["a digest before something", hashedrekordV1, "spec.data.hash.value", `${HASH}x`],
  ["half a byte more", hashedrekordV1, "spec.data.hash.value", `${HASH}a`],
  ["a digest too short", hashedrekordV1, "spec.data.hash.value", HASH.slice(2)],
  ["a digest too long", hashedrekordV1, "spec.data.hash.value", `${HASH}${HASH}ab`],
  ["a hash of an unknown name", hashedrekordV2, "spec.hashedRekordV002.data.algorithm", "sha256"],
  ["no certificate and no key", hashedrekordV2, "spec.hashedRekordV002.signature.verifier", {}],
  ["a payload by another hash", dsseV1, "spec.payloadHash.algorithm", "sha512"],
  ["a payload's digest behind something", dsseV1, "spec.payloadHash.value", `x${HASH}`],
  ["a payload's digest before something", dsseV1, "spec.payloadHash.value", `${HASH}ab`],
  ["a payload's digest in capitals", dsseV1, "spec.payloadHash.value", HASH.toUpperCase()],
  ["no payload's digest", intotoV1, "spec.content.payloadHash", undefined],
  ["no signature", dsseV1, "spec.signatures", []],
  ["no envelope", intotoV2, "spec.content.envelope", undefined],
  ["no signature of an envelope", intotoV2, "spec.content.envelope.signatures", []],
])("%s is malformed", (_, written, path, value) => {
  expect(() => check(changed(written(byCertificate), path, value))).toThrow(
    refusal("the body of a log entry is malformed", {
      expected: "what the log writes for a signature",
      actual: expect.stringContaining(`${path}: `),
    }),
  );
});

it.each([
  [dsseV1, "spec.signatures"],
  [intotoV2, "spec.content.envelope.signatures"],
] as const)("two signatures are malformed: %#", (written, path) => {
  const body = written(byCertificate);
  const [one] = path.split(".").reduce((at, name) => at[name], JSON.parse(Buffer.from(body.body).toString()));
  expect(() => check(changed(body, path, [one, one]))).toThrow(refusal("the body of a log entry is malformed"));
});

it.each([
  ["a certificate that is none", dsseV1, "spec.signatures.0.verifier", "LS0t"],
  ["a signature that is base64 once", intotoV2, "spec.content.envelope.signatures.0.sig", "PDw8"],
] as const)("%s cannot be read", (_, written, path, value) => {
  expect(() => check(changed(written(byCertificate), path, value))).toThrow(
    refusal("the body of a log entry cannot be read"),
  );
});

it("a signature that is no base64 is told by its place", () => {
  expect(() => check(changed(dsseV1(byCertificate), "spec.signatures.0.signature", "?"))).toThrow(
    refusal("the body of a log entry is malformed", {
      actual: "spec.signatures.0.signature: a part of a log entry is not valid base64",
    }),
  );
});
