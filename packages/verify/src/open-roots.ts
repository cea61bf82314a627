import type { Roots, RootsDemand, RootsSource } from "./roots/roots.ts";

/**
 * Reads trusted roots and makes them ready. What verifies certificates is loaded here, and not for those who trust keys.
 *
 * @throws TouchmarkError `ROOTS_INVALID`.
 */
export async function openRoots(source: RootsSource, demand?: RootsDemand): Promise<Roots> {
  const { Roots } = await import("./roots/roots.ts");
  return new Roots(source, demand);
}

/** The public-good instance's roots, as they came with this version. */
export async function publicGoodRoots(): Promise<Roots> {
  return openRoots(await publicGoodSource());
}

/** The same as the file that they were. */
export async function publicGoodSource(): Promise<RootsSource> {
  const { PUBLIC_GOOD_DATE, PUBLIC_GOOD_ROOT } = await import("./roots/public-good.ts");
  return { bytes: new TextEncoder().encode(PUBLIC_GOOD_ROOT), label: "public-good", asOf: PUBLIC_GOOD_DATE };
}
