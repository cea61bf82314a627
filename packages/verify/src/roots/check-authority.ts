import { derOf, extensionsOf } from "../certificate/extensions.ts";
import type { X509Certificate } from "../sigstore-library.ts";

/** What authorities of each kind issue certificates for (RFC 5280 section 4.2.1.12). */
export const PURPOSES = { signing: "1.3.6.1.5.5.7.3.3", timestamps: "1.3.6.1.5.5.7.3.8" } as const;

const ANY_PURPOSE = "2.5.29.37.0";
const PURPOSE = "2.5.29.37";

/** Those whose meaning is checked, here or in the chain. Names of policies restrict nobody who asks for no policy. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  PURPOSE,
  "2.5.29.14", // subject key identifier
  "2.5.29.15", // key usage
  "2.5.29.19", // basic constraints
  "2.5.29.32", // certificate policies
  "2.5.29.35", // authority key identifier
]);
const NAME_CONSTRAINTS = "2.5.29.30";

/**
 * Refuses an authority that may issue less than would be believed: Sigstore's verifier looks at neither name constraints,
 * nor other critical extensions (RFC 5280 section 4.2), nor the purposes of a certificate that issues.
 *
 * @throws Error that says what it is.
 */
export function checkAuthority(certificate: X509Certificate, purpose: string): void {
  const extensions = extensionsOf(certificate);
  for (const [oid, { critical }] of extensions) {
    if (oid === NAME_CONSTRAINTS) throw new TypeError("its name constraints cannot be kept");
    if (critical && !UNDERSTOOD.has(oid)) throw new TypeError(`its critical extension ${oid} is not understood`);
  }
  const purposes = extensions.get(PURPOSE);
  const named = purposes === undefined ? [ANY_PURPOSE] : derOf(purposes).subs.map((one) => one.toOID());
  if (!named.includes(purpose) && !named.includes(ANY_PURPOSE))
    throw new TypeError("it may not issue for this purpose");
}
