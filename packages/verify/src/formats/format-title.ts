import type { FormatName } from "./piece.ts";

/** What a format is called for people: `a DSSE envelope`. */
export async function formatTitle(name: FormatName): Promise<string> {
  if (name === "sigstore-bundle") return "a Sigstore bundle";
  const { FORMATS } = await import("./formats.ts");
  return FORMATS.find((format) => format.name === name)?.title ?? name;
}
