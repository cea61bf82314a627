import { PUBLIC_GOOD_ROOT } from "./public-good.ts";
import { TrustedRoot } from "./schema.ts";

/** Rekor v1 of the public-good instance, whose entries a page shows by their number. */
const SEARCHABLE = "https://rekor.sigstore.dev";

/** Base URL by the log's id in hex. */
const KNOWN: ReadonlyMap<string, string> = new Map(
  TrustedRoot.parse(JSON.parse(PUBLIC_GOOD_ROOT)).tlogs.map(({ logId, checkpointKeyId, baseUrl }) => [
    Buffer.from((logId ?? checkpointKeyId)?.keyId ?? []).toString("hex"),
    baseUrl,
  ]),
);

/**
 * Where a person can look at an entry, or else where its log is. Nobody is contacted.
 *
 * @param logId - SHA-256 that names the log's key, hex.
 * @param index - the entry's number in all of the log.
 * @returns null for a log that the public-good instance does not have.
 */
export function knownLogUrl(logId: string, index: string): string | null {
  const url = KNOWN.get(logId) ?? null;
  return url === SEARCHABLE ? `https://search.sigstore.dev/?logIndex=${index}` : url;
}
