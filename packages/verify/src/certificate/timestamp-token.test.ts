import {
  ascii,
  type Der,
  integer,
  oid,
  partsOf,
  rootAuthority,
  sequence,
  timestampAuthority,
  timestampResponse,
  tlv,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { changedAt } from "../../test/changed-der.ts";
import { MAX_TIMESTAMP_BYTES } from "./limits.ts";
import { readTimestamps } from "./timestamp-token.ts";

const TIME = new Date("2026-01-15T12:00:00Z");
const authority = timestampAuthority("timestamps", rootAuthority("timestamps root"));
const response = timestampResponse(authority, ascii("signature"), { time: TIME });

/** Places in a TimeStampResp: RFC 3161 section 2.4.2, RFC 5652 sections 5.1 and 5.3. */
const STATUS_INFO = [0];
const TOKEN = [1];
const CONTENT_TYPE = [...TOKEN, 0];
const EXPLICIT = [...TOKEN, 1];
const SIGNED_DATA = [...EXPLICIT, 0];
const ENCAPSULATED = [...SIGNED_DATA, 2];
const ENCAPSULATED_TYPE = [...ENCAPSULATED, 0];
const INFO = [...ENCAPSULATED, 1, 0, 0];
const INFO_VERSION = [...INFO, 0];
const INFO_TIME = [...INFO, 4];
const SIGNERS = [...SIGNED_DATA, 4];
const SIGNER = [...SIGNERS, 0];
const SIGNER_NAME = [...SIGNER, 1];
const ATTRIBUTES = [...SIGNER, 3];

const read = (der: Der) => readTimestamps([{ signedTimestamp: Buffer.from(der).toString("base64") }]);
const all = (value: Der, change: (parts: Der[]) => readonly Der[]) => tlv(value[0] ?? 0, ...change(partsOf(value)));
const retagged = (value: Der, tag: number) => tlv(tag, ...partsOf(value));
const hasOid = (attribute: Der, type: string) => Buffer.from(partsOf(attribute)[0] ?? []).equals(oid(type));

it("says when, and by whom", () => {
  const [token] = read(response);
  const issuer = Buffer.from(partsOf(authority.certificate.der)[0] ?? []);
  expect(token?.time).toEqual(TIME);
  expect(issuer.includes(token?.signer.issuer ?? "none")).toBe(true);
  expect(token?.signer.serialNumber.byteLength).toBeGreaterThan(0);
});

it("may have been granted with changes", () => {
  expect(read(changedAt(response, STATUS_INFO, () => sequence(integer(1))))).toHaveLength(1);
});

const CONTENT_TYPE_ATTRIBUTE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";

describe.each([
  ["a request that was granted", STATUS_INFO, () => sequence(integer(2))],
  ["a request that was granted", STATUS_INFO, () => sequence()],
  ["a request that was granted", [], () => sequence()],
  ["signed data", [], (root) => all(root, (parts) => [...parts, sequence()])],
  ["signed data", [], (root) => all(root, (parts) => parts.slice(0, 1))],
  ["signed data", [], (root) => all(root, ([status = root, content = root]) => [status, all(content, () => [])])],
  ["signed data", TOKEN, (token) => all(token, ([type = token]) => [type])],
  ["signed data", TOKEN, (token) => all(token, ([type = token, data = token]) => [type, retagged(data, 0xa1), data])],
  ["signed data", CONTENT_TYPE, () => oid("1.2.840.113549.1.7.1")],
  ["a TSTInfo", EXPLICIT, (data) => all(data, () => [])],
  ["a TSTInfo", SIGNED_DATA, (data) => all(data, (parts) => parts.slice(0, 2))],
  ["a TSTInfo", ENCAPSULATED, (content) => all(content, () => [])],
  ["a TSTInfo", ENCAPSULATED_TYPE, () => oid("1.2.840.113549.1.7.1")],
  ["version 1", INFO_VERSION, () => integer(2)],
  ["a time", INFO_TIME, () => tlv(0x18, ascii("20261315120000Z"))],
  ["one signer", SIGNERS, (set) => all(set, ([one = set]) => [one, one])],
  ["one signer", SIGNERS, (set) => all(set, () => [])],
  ["one signer", SIGNERS, (set) => sequence(...partsOf(set))],
  ["signed attributes", SIGNER, (signer) => all(signer, (parts) => parts.toSpliced(3, 1))],
  ["signed attributes", SIGNER, (signer) => all(signer, (parts) => parts.slice(0, 3))],
  ["signed attributes", SIGNER_NAME, (name) => retagged(name, 0xa0)],
  ["the signed content type of a TSTInfo", ATTRIBUTES, valued(CONTENT_TYPE_ATTRIBUTE, () => [oid("1.2.3")])],
] as readonly (readonly [string, readonly number[], (part: Der) => Der])[])(
  "%s is wanted",
  (expected, path, change) => {
    it("and something else is refused", () => {
      expect(() => read(changedAt(response, path, change))).toThrow(
        expect.objectContaining({ code: "TIMESTAMP_INVALID", expected }),
      );
    });
  },
);

describe.each([CONTENT_TYPE_ATTRIBUTE, MESSAGE_DIGEST])("the attribute %s", (type) => {
  const missing = (change: (part: Der) => Der) =>
    expect(() => read(changedAt(response, ATTRIBUTES, change))).toThrow(
      expect.objectContaining({ code: "TIMESTAMP_INVALID", expected: `the attribute ${type} once, with one value` }),
    );

  it("must be there", () => {
    missing((attributes) => all(attributes, (parts) => parts.filter((part) => !hasOid(part, type))));
  });

  it("must not be there twice", () => {
    missing((attributes) => all(attributes, (parts) => [...parts, ...parts.filter((part) => hasOid(part, type))]));
  });

  it("must have one value", () => {
    missing(valued(type, () => []));
    missing(valued(type, ([one = sequence()]) => [one, one]));
    missing((attributes) =>
      all(attributes, (parts) => parts.map((part) => (hasOid(part, type) ? sequence(oid(type)) : part))),
    );
  });
});

describe("what is no timestamp", () => {
  it.each([[{}], [{ signedTimestamp: 1 }], [null]])("%j", (json) => {
    expect(() => readTimestamps([json])).toThrow(
      expect.objectContaining({ code: "TIMESTAMP_INVALID", expected: "a signedTimestamp" }),
    );
  });

  it("is refused by its size before it is read", () => {
    expect(() => read(new Uint8Array(MAX_TIMESTAMP_BYTES + 1))).toThrow(
      expect.objectContaining({
        code: "TIMESTAMP_INVALID",
        message: "a timestamp is too large",
        expected: `at most ${MAX_TIMESTAMP_BYTES} bytes`,
        actual: `${MAX_TIMESTAMP_BYTES + 1} bytes`,
      }),
    );
    expect(() => read(new Uint8Array(MAX_TIMESTAMP_BYTES))).toThrow(
      expect.objectContaining({ code: "TIMESTAMP_INVALID", message: "a timestamp cannot be read" }),
    );
  });
});

/** The attributes with other values for one of them. */
function valued(type: string, change: (values: Der[]) => readonly Der[]): (attributes: Der) => Der {
  return (attributes) =>
    all(attributes, (parts) =>
      parts.map((part) => (hasOid(part, type) ? changedAt(part, [1], (values) => all(values, change)) : part)),
    );
}
