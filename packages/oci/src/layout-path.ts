import { TouchmarkError } from "@touchmark/core";
import { digestParts } from "./image-digest.ts";
import { MAX_LAYOUT_PATH } from "./limits.ts";

/** Where a layout keeps content: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs */
export function blobPath(digest: string): string {
  const { algorithm, hex } = digestParts(digest);
  return `blobs/${algorithm}/${hex}`;
}

/**
 * A path inside of a layout as somebody wrote it, `./` and doubled slashes taken out.
 *
 * @returns an empty text for the layout's own folder.
 * @throws TouchmarkError `IMAGE_MALFORMED` for one that leads out of it, or that two readers could take for different ones.
 */
export function layoutPath(written: string, what: string): string {
  const segments = written.split("/").filter((segment) => segment !== "" && segment !== ".");
  const reason = refusal(written, segments);
  if (reason === null) return segments.join("/");
  throw new TouchmarkError("IMAGE_MALFORMED", `${what} names a file that does not lie in the layout`, {
    expected: "a relative path without .. segments",
    actual: `${reason}: ${JSON.stringify(written.slice(0, 200))}`,
  });
}

function refusal(written: string, segments: readonly string[]): string | null {
  if (written.length > MAX_LAYOUT_PATH) return `more than ${MAX_LAYOUT_PATH} characters`;
  if (written.startsWith("/") || /^[A-Za-z]:/.test(written)) return "an absolute path";
  if (segments.includes("..")) return "a .. segment";
  return /[\\\p{Cc}]/u.test(written) ? "a backslash or a control character" : null;
}
