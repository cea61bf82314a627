import type { BundleMaterial } from "@touchmark/core";
import type { SigningDescription } from "./certificate/describe.ts";

/**
 * Shows who signed a bundle and when, as it says itself. Verifies nothing, and throws for nothing that the bundle holds.
 *
 * @param bundle - one with an envelope, or one with a signature over a file.
 */
export async function describeSigning(
  bundle: BundleMaterial & { readonly mediaType: string },
): Promise<SigningDescription> {
  const { describeMaterial } = await import("./certificate/describe.ts");
  return describeMaterial(bundle.mediaType, bundle);
}
