import { ascii, intermediateAuthority, newTestKey, promise, rootAuthority, rootOf } from "@touchmark/testkit/sigstore";
import { expect, it } from "vitest";
import { type Attack, at, impostor, other } from "../../test/attack-cases.ts";
import { outcome, rootsFrom, sign, sigstore, trusting } from "../../test/certificate-cases.ts";

// Who issued the certificate, and who logged it.
const attacks: readonly Attack[] = [
  ["another authority", {}, { fulcio: other.fulcio }, "CERTIFICATE_INVALID"],
  ["another authority of the same name", {}, { fulcio: impostor() }, "CERTIFICATE_INVALID"],
  ["another key under the certificate", { leaf: { signingKey: newTestKey("P-384") } }, {}, "CERTIFICATE_INVALID"],
  ["another certificate log", {}, { ctLog: newTestKey() }, "CERTIFICATE_INVALID"],
  ["no receipt of a certificate log", { leaf: { ctLogs: [] } }, {}, "CERTIFICATE_INVALID"],
  ["the same receipt twice", { leaf: { scts: (right) => [...right, ...right] } }, {}, "CERTIFICATE_INVALID"],
  [
    "a receipt for another certificate",
    {
      leaf: {
        scts: () => [
          promise(sigstore.ctLog, { tbs: ascii("x"), issuerSpki: sigstore.fulcio.key.spki }, at("12:00:00")),
        ],
      },
    },
    {},
    "CERTIFICATE_INVALID",
  ],
];

it.each(attacks)("%s", (_, options, changed, code) => {
  expect(outcome(sign(options, changed))).toBe(code);
});

// A5: the chain must hold when the signature was made, not when the certificate begins.
it.each([
  ["2026-01-15T12:00:30Z", "verified"],
  ["2026-01-15T11:59:59Z", "CERTIFICATE_INVALID"],
  ["2026-01-15T12:00:00Z", "CERTIFICATE_INVALID"],
])("a trusted intermediate authority that ends at %s", async (end, code) => {
  const fulcio = intermediateAuthority("fulcio intermediate", rootAuthority("fulcio root"), {
    notAfter: new Date(end),
  });
  const own = { ...sigstore, fulcio };
  const signed = sign({ timestamp: { time: at("12:00:20") } }, own);
  expect(outcome(signed, trusting({ roots: await rootsFrom(rootOf(own)) }))).toBe(code);
});
