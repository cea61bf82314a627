import { decodeUtf8, TouchmarkError } from "@touchmark/core";

/** What we use of one entry of a binary cache. */
export interface Narinfo {
  readonly storePath: string;
  readonly narHash: string;
  /** Unit: bytes. */
  readonly narSize: number;
}

/**
 * Reads `Key: value` lines, of one narinfo file or several in a row: each starts with `StorePath`.
 * https://nix.dev/manual/nix/latest/protocols/binary-cache/narinfo
 *
 * @throws TouchmarkError `INPUT_INVALID` for any other line, and where one of the three fields is missing or twice.
 */
export function parseNarinfo(bytes: Uint8Array, what: string): readonly Narinfo[] {
  const entries: Map<string, string>[] = [];
  for (const line of decodeUtf8(bytes, what).split("\n")) {
    if (line === "") continue;
    const match = /^([A-Za-z]+): ?(.*)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) throw invalid(what, JSON.stringify(line.slice(0, 120)));
    const [, key, value] = match;
    if (key === "StorePath") entries.push(new Map());
    const entry = entries.at(-1);
    // A signature may stand there for each key that signed.
    if (entry === undefined || (entry.has(key) && key !== "Sig")) throw invalid(what, `${key} in a wrong place`);
    entry.set(key, value);
  }
  return entries.map((entry) => {
    const [storePath, narHash, narSize] = ["StorePath", "NarHash", "NarSize"].map((key) => entry.get(key));
    if (storePath === undefined || narHash === undefined || !/^\d{1,15}$/.test(narSize ?? "")) {
      throw invalid(what, "an entry without one of them");
    }
    return { storePath, narHash, narSize: Number(narSize) };
  });
}

function invalid(what: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${what} is not a narinfo file`, {
    expected: "lines of `Key: value`, with StorePath, NarHash and NarSize in each entry",
    actual,
  });
}
