import type { Bundle } from "@touchmark/core";
import { refused } from "../certificate/refused.ts";
import { cloudBuildKey, digestOfKey, isSignedByWorker } from "./keys.ts";
import type { CloudBuildSigner, CloudBuildTrust } from "./trusted.ts";

/**
 * The key that signed an envelope as Google Cloud Build does: the one that the envelope names, in the way in which it signs.
 *
 * @throws TouchmarkError `SIGNER_UNTRUSTED`, `SIGNATURE_INVALID`.
 */
export function cloudBuildSigner(bundle: Bundle, trust: CloudBuildTrust): CloudBuildSigner {
  const keyId = bundle.signer.kind === "key" ? (bundle.signer.hint ?? "") : "";
  const named = cloudBuildKey(keyId);
  // A region that is called as another key is would have that one's signatures taken for what they are not.
  const isKnown = named !== null && (named.over === "pae" || /^[a-z]+(?:-[a-z]+\d+)?$/.test(named.name));
  const key = isKnown ? trust.keys.get(named.name) : undefined;
  if (!isKnown || key === undefined) {
    throw refused("SIGNER_UNTRUSTED", "nobody whom you trust made the signature", {
      expected: `a key of Google Cloud Build (${trust.label})`,
      actual: keyId === "" ? "a key without a name" : `a key with the name ${JSON.stringify(keyId)}`,
    });
  }
  if (!isSignedByWorker(named, key, bundle, bundle.signature)) {
    throw refused("SIGNATURE_INVALID", `the signature does not belong to this payload and the key ${named.name}`, {
      expected: `a signature by ${keyId}`,
      actual: "one that does not verify",
    });
  }
  return { kind: "cloud-build", trust, keyId, key: named, digest: digestOfKey(key) };
}
