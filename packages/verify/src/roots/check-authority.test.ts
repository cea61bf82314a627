import {
  ascii,
  basicConstraints,
  EKU,
  type Extension,
  extendedKeyUsage,
  intermediateAuthority,
  keyUsage,
  rootAuthority,
  rootOf,
  sequence,
  testSigstore,
  timestampAuthority,
  tlv,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { PUBLIC_GOOD_ROOT } from "./public-good.ts";
import { Roots } from "./roots.ts";

const sigstore = testSigstore();
const issuing = [keyUsage("keyCertSign", "cRLSign"), basicConstraints(true, 1)];
/** Only names of one host, by GeneralSubtree (RFC 5280 section 4.2.1.10). */
const constraints = (critical: boolean): Extension => ({
  oid: "2.5.29.30",
  critical,
  value: sequence(tlv(0xa0, sequence(tlv(0x86, ascii("corp.example"))))),
});
const unknown = (critical: boolean): Extension => ({ oid: "1.2.3.4", critical, value: ascii("?") });

function opened(root: unknown): string {
  const bytes = new TextEncoder().encode(typeof root === "string" ? root : JSON.stringify(root));
  try {
    return `${new Roots({ bytes, label: "roots", asOf: null }).list().length} root`;
  } catch (error) {
    return (error as { readonly code?: string }).code ?? String(error);
  }
}

describe("an authority that may issue less than would be believed", () => {
  const cases: readonly (readonly [string, readonly Extension[], signing: string, timestamps: string])[] = [
    ["no purpose", issuing, "1 root", "1 root"],
    ["any purpose", [...issuing, extendedKeyUsage([EKU.any])], "1 root", "1 root"],
    ["code signing", [...issuing, extendedKeyUsage([EKU.codeSigning])], "1 root", "ROOTS_INVALID"],
    ["timestamps", [...issuing, extendedKeyUsage([EKU.timeStamping])], "ROOTS_INVALID", "1 root"],
    ["servers", [...issuing, extendedKeyUsage([EKU.serverAuth])], "ROOTS_INVALID", "ROOTS_INVALID"],
    ["critical name constraints", [...issuing, constraints(true)], "ROOTS_INVALID", "ROOTS_INVALID"],
    ["name constraints", [...issuing, constraints(false)], "ROOTS_INVALID", "ROOTS_INVALID"],
    ["an unknown critical extension", [...issuing, unknown(true)], "ROOTS_INVALID", "ROOTS_INVALID"],
    ["an unknown extension", [...issuing, unknown(false)], "1 root", "1 root"],
    ["an extension twice", [...issuing, unknown(false), unknown(false)], "ROOTS_INVALID", "ROOTS_INVALID"],
  ];

  it.each(cases)("%s", (_, extensions, signing, timestamps) => {
    const top = rootAuthority("top");
    const below = intermediateAuthority("below", top, { extensions });
    expect(opened(rootOf({ ...sigstore, fulcio: below }))).toBe(signing);
    expect(opened(rootOf({ ...sigstore, timestamps: timestampAuthority("stamps", below) }))).toBe(timestamps);
    const above = rootAuthority("above", { extensions });
    expect(opened(rootOf({ ...sigstore, fulcio: intermediateAuthority("below", above) }))).toBe(signing);
  });

  it("is not among the public-good ones", () => {
    expect(opened(PUBLIC_GOOD_ROOT)).toBe("1 root");
  });
});
