import { createHash } from "node:crypto";
import { compareText, TouchmarkError } from "@touchmark/core";

/**
 * Length of a name before `.intoto.jsonl` and the like. File systems take 255 bytes; what is left is for the endings and
 * for the temporary name beside the file. Unit: UTF-8 bytes.
 */
const MAX_STEM_BYTES = 180;

/** Windows takes these for devices, whatever follows the first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Refuses a name that a person chose and that would not be one plain file everywhere.
 *
 * @throws TouchmarkError `NAME_REFUSED`, with the name escaped.
 */
export function checkStem(stem: string): void {
  const reason = refusal(stem);
  if (reason === null) return;
  throw new TouchmarkError("NAME_REFUSED", `the release name ${JSON.stringify(stem.slice(0, 200))} is refused`, {
    expected: "a plain file name such as tool-1.2.3",
    actual: reason,
  });
}

function refusal(stem: string): string | null {
  if (stem === "") return "an empty name";
  if (!stem.isWellFormed()) return "a lone surrogate";
  if (Buffer.byteLength(stem) > MAX_STEM_BYTES) return `${Buffer.byteLength(stem)} bytes, more than ${MAX_STEM_BYTES}`;
  if (/[/\\]/.test(stem)) return "a path separator";
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(stem)) return "a control character";
  if (/[<>:"|?*]/.test(stem)) return "a character that Windows does not allow";
  if (stem.startsWith(".")) return "a leading dot, which hides the file";
  if (stem.startsWith("-")) return "a leading hyphen, which commands take for an option";
  if (/^\s|\s$/.test(stem)) return "white space at an end";
  return DEVICE.test(stem) ? "a device name on Windows" : null;
}

/**
 * A file name for a subject: `linux/tool` → `linux-tool`, `pkg:npm/%40demo/core@1.0.0` → `npm-demo-core-1.0.0`. Letters,
 * digits, `.`, `_`, `+` and `-` only, no leading dot or hyphen; never empty. Two subjects may give one name:
 * {@link uniqueFileNames} tells them apart.
 */
export function safeFileName(subject: string): string {
  const plain = subject
    .replace(/^pkg:/, "")
    .replaceAll(/%[0-9A-Fa-f]{2}/g, "-")
    .replaceAll(/[^A-Za-z0-9._+-]+/g, "-")
    .replaceAll(/-{2,}/g, "-")
    .replace(/^[-.]+/, "")
    .replace(/[-.]+$/, "");
  if (plain === "") return `subject-${fingerprint(subject)}`;
  if (plain.length > MAX_STEM_BYTES) return `${plain.slice(0, MAX_STEM_BYTES - 17)}-${fingerprint(subject)}`;
  return DEVICE.test(plain) ? `_${plain}` : plain;
}

/**
 * One file name for each key, whatever their order. Where names are equal, also only by case (macOS, Windows), each of
 * them gets the start of its key's SHA-256.
 *
 * @param keys - what tells the subjects apart, all different (`subjectKey`).
 * @param nameOf - the subject's name for a key.
 * @throws TouchmarkError `OUTPUT_CONFLICT` when a name was chosen to be equal to one of those.
 */
export function uniqueFileNames(keys: readonly string[], nameOf: (key: string) => string): ReadonlyMap<string, string> {
  const plain = new Map(keys.map((key) => [key, safeFileName(nameOf(key))]));
  const counts = new Map<string, number>();
  for (const name of plain.values()) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  const names = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const [key, name] of [...plain].sort(([left], [right]) => compareText(left, right))) {
    const own =
      counts.get(name.toLowerCase()) === 1 ? name : `${name.slice(0, MAX_STEM_BYTES - 17)}-${fingerprint(key)}`;
    const other = taken.get(own.toLowerCase());
    if (other !== undefined) {
      throw new TouchmarkError("OUTPUT_CONFLICT", `two subjects would be written to one file, ${own}`, {
        expected: "names that differ in letters, digits, dots or hyphens",
        actual: [other, key].map((value) => JSON.stringify(value.slice(0, 200))).join(" and "),
      });
    }
    taken.set(own.toLowerCase(), key);
    names.set(key, own);
  }
  return names;
}

/** 64 bits: enough to tell apart, too few to be taken for a digest of the artifact. */
function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
