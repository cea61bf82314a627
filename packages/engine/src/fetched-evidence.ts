import { type Code, type Finding, finding, findingOf, isTouchmarkError } from "@touchmark/core";
import type { Fetcher, Host } from "@touchmark/plugin";
import { type PiecesRead, readPieces } from "@touchmark/verify";
import type { ImageItem, Item } from "./check-items.ts";
import { MAX_ALL_EVIDENCE_BYTES } from "./check-limits.ts";

/** What one place said about one image: evidence, and at the end perhaps why not all of it was seen. */
export type Fetched =
  | ({ readonly kind: "evidence" } & PiecesRead)
  | { readonly kind: "gap"; readonly image: ImageItem; readonly finding: Finding };

/**
 * Asks every place for the evidence about every image that was read in a registry, in their order. What came before a place
 * failed counts: a statement holds whatever else there was.
 *
 * @throws TouchmarkError `ABORTED`, `CREDENTIALS_UNREADABLE` and what is no fault of the place.
 */
export async function* fetchEvidence(
  items: readonly Item[],
  fetchers: readonly Fetcher[],
  host: Host,
): AsyncIterable<Fetched> {
  let bytes = 0;
  for (const { image, repository, fetcher } of asked(items, fetchers)) {
    if (bytes > MAX_ALL_EVIDENCE_BYTES) {
      yield { kind: "gap", image, finding: tooMuch(image) };
      continue;
    }
    try {
      for await (const piece of fetcher.fetch({ repository, digest: image.digest }, host)) {
        bytes += piece.bytes.byteLength;
        if (bytes > MAX_ALL_EVIDENCE_BYTES) {
          yield { kind: "gap", image, finding: tooMuch(image) };
          break;
        }
        yield { kind: "evidence", ...(await readPieces(piece.bytes, piece.name)) };
      }
    } catch (error) {
      if (!isTouchmarkError(error) || OURS.includes(error.code)) throw error;
      yield { kind: "gap", image, finding: findingOf(error, `the evidence about ${image.name}`) };
    }
  }
}

/** Not the fault of a place: the user interrupted, the user's configuration is broken, the program is. */
const OURS: readonly Code[] = ["ABORTED", "CREDENTIALS_UNREADABLE", "INTERNAL"];

interface Question {
  readonly image: ImageItem;
  readonly repository: string;
  readonly fetcher: Fetcher;
}

function* asked(items: readonly Item[], fetchers: readonly Fetcher[]): Iterable<Question> {
  for (const image of items) {
    if (image.kind !== "image" || image.repository === null || image.manifest === null) continue;
    // Of what was brought here nobody else is asked, whatever it is called.
    if (image.layout !== null) continue;
    for (const fetcher of fetchers) yield { image, repository: image.repository, fetcher };
  }
}

function tooMuch({ name }: ImageItem): Finding {
  return finding("EVIDENCE_TOO_LARGE", `the evidence about ${name} was not read to its end`, {
    expected: `at most ${MAX_ALL_EVIDENCE_BYTES} bytes of evidence in all`,
    actual: "more",
  });
}
