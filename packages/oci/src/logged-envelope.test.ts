import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { envelopeText, loggedEnvelope } from "./logged-envelope.ts";

const envelope = { payload: Uint8Array.of(1), payloadType: "a/b", signature: Uint8Array.of(2), keyid: "" };
const base64 = (text: string) => Buffer.from(text).toString("base64");
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const text = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes));

/** What clients write, and what Rekor hashes. */
const SPELLINGS = [
  '{"payloadType":"a/b","payload":"AQ==","signatures":[{"keyid":"","sig":"Ag=="}]}',
  '{"payload":"AQ==","payloadType":"a/b","signatures":[{"keyid":"","sig":"Ag=="}]}',
  '{"payload":"AQ==","payloadType":"a/b","signatures":[{"sig":"Ag==","keyid":""}]}',
  '{"payload":"AQ==","payloadType":"a/b","signatures":[{"sig":"Ag=="}]}',
];

it.each(SPELLINGS)("finds %s, for every kind of entry", (spelling) => {
  const value = hashOf(spelling);
  const dsse = { spec: { envelopeHash: { algorithm: "sha256", value } } };
  const intoto = { spec: { content: { hash: { algorithm: "sha256", value } } } };
  for (const body of [dsse, intoto]) {
    expect(text(loggedEnvelope(envelope, base64(JSON.stringify(body))))).toBe(spelling);
  }
});

it("writes as Go does where no log has it", () => {
  expect(text(envelopeText(envelope))).toBe(SPELLINGS[0]);
});

it.each([
  ["another hash", base64(JSON.stringify({ spec: { envelopeHash: { value: hashOf("x") } } }))],
  ["no hash", base64("{}")],
  ["no JSON", base64("{")],
  ["no base64", "?"],
])("knows no bytes for %s", (_what, body) => {
  expect(loggedEnvelope(envelope, body)).toBeNull();
});
