import { expect, it } from "vitest";
import { type Extension, encodeTbs, issueCertificate } from "./certificate.ts";
import {
  basicConstraints,
  ctLogId,
  digitallySigned,
  newTestKey,
  promise,
  subjectAltName,
  withoutPoison,
} from "./index.ts";

const key = newTestKey();
const poison: Extension = { oid: "1.3.6.1.4.1.11129.2.4.3", critical: true, value: Uint8Array.of(5, 0) };
const time = new Date("2026-01-15T12:00:00Z");
const others = [basicConstraints(false), subjectAltName([{ uri: "https://a.example/" }])];

function fields(extensions: readonly Extension[]) {
  return { subject: {}, issuer: {}, serial: 1, notBefore: time, notAfter: time, spki: key.spki, extensions };
}

it("a precertificate without its poison is the certificate that will be", () => {
  for (const extensions of [[poison, ...others], [...others, poison], others]) {
    const submitted = issueCertificate(fields(extensions), key);
    expect(withoutPoison(submitted.der)).toEqual(encodeTbs(fields(others), key.algorithm));
  }
});

it("a promise names its log, its time and how it is signed", () => {
  const sct = promise(key, { tbs: encodeTbs(fields(others), key.algorithm), issuerSpki: key.spki }, time);
  expect(sct).toMatchObject({ logId: ctLogId(key), timestamp: time.getTime() });
  expect([...digitallySigned(sct).subarray(0, 4)]).toEqual([4, 3, 0, sct.signature.length]);
});
