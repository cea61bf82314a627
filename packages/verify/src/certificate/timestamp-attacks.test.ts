import { newTestKey } from "@touchmark/testkit/sigstore";
import { expect, it } from "vitest";
import { type Attack, other } from "../../test/attack-cases.ts";
import { outcome, sign, sigstore } from "../../test/certificate-cases.ts";

// A9: who makes timestamps, and of what.
const attacks: readonly Attack[] = [
  ["another timestamp authority", {}, { timestamps: other.timestamps }, "TIMESTAMP_INVALID"],
  ["a timestamp by another key", { timestamp: { key: newTestKey() } }, {}, "TIMESTAMP_INVALID"],
  [
    "a timestamp that names the trusted signer, made by another",
    { timestamp: { namedSigner: sigstore.timestamps.certificate } },
    { timestamps: other.timestamps },
    "TIMESTAMP_INVALID",
  ],
  [
    "a forged certificate before the right one",
    {
      timestamp: {
        key: other.timestamps.key,
        certificates: [other.timestamps.certificate, sigstore.timestamps.certificate],
      },
    },
    {},
    "TIMESTAMP_INVALID",
  ],
  ["a timestamp of other bytes", { timestamp: { imprint: new Uint8Array(32) } }, {}, "TIMESTAMP_INVALID"],
  ["a timestamp by SHA-1", { timestamp: { hash: "sha1" } }, {}, "TIMESTAMP_INVALID"],
  ["a timestamp with another content", { timestamp: { messageDigest: new Uint8Array(32) } }, {}, "TIMESTAMP_INVALID"],
  ["a timestamp that was refused", { timestamp: { status: 2 } }, {}, "TIMESTAMP_INVALID"],
];

it.each(attacks)("%s", (_, options, changed, code) => {
  expect(outcome(sign(options, changed))).toBe(code);
});
