import { openLayout } from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import { evidenceIn } from "./layout-evidence.ts";

/**
 * The bundles that an image layout holds, in entries of its own (`cosign save`) or in what refers to an image. Nothing of them
 * is verified, nor of the images.
 *
 * @returns bundles as JSON.
 * @throws TouchmarkError as `openLayout`.
 */
export async function bundlesInLayout(path: string, host: Host): Promise<readonly Uint8Array[]> {
  const layout = await openLayout(path, host);
  const bundles: Uint8Array[] = [];
  for (const { descriptor } of layout.entries) bundles.push(...((await evidenceIn(layout, descriptor)) ?? []));
  for (const descriptor of await layout.referrers()) bundles.push(...((await evidenceIn(layout, descriptor)) ?? []));
  return bundles;
}
