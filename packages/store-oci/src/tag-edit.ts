import { TouchmarkError } from "@touchmark/core";
import { inParallel, type ManifestBytes, type Repository } from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import { MAX_PARALLEL_IMAGES, MAX_TAG_ROUNDS, TAG_SETTLE_MS } from "./limits.ts";

/** Something that a tag must hold beside what others put there. */
export interface TagEdit {
  readonly repository: Repository;
  readonly tag: string;
  /**
   * What the tag should hold next; null when all is there.
   *
   * @param current - what it holds now; null when there is no such tag.
   */
  next(current: ManifestBytes | null): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | null>;
}

/**
 * Reads, merges, writes and reads back until all is there. A registry has no way to write a tag only if nobody else did
 * in between, so what was written can be lost to one who read before: then it is merged again.
 *
 * @returns true when something was written.
 * @throws TouchmarkError `REGISTRY_UNAVAILABLE` when others write over it each time.
 */
export async function applyEdit(edit: TagEdit, host: Host): Promise<boolean> {
  for (let round = 0; round < MAX_TAG_ROUNDS; round += 1) {
    const next = await edit.next(await edit.repository.manifestByTag(edit.tag));
    if (next === null) return round > 0;
    // The first repetition can be a slow mirror; later ones are other writers, which need time to finish.
    if (round > 0) await host.wait(TAG_SETTLE_MS * round);
    await edit.repository.pushManifest(next.bytes, { mediaType: next.mediaType, tag: edit.tag });
  }
  throw new TouchmarkError(
    "REGISTRY_UNAVAILABLE",
    `${edit.repository.label}:${edit.tag} is written by others all the time`,
    {
      expected: "what was written, when it is read again",
      actual: `something else, ${MAX_TAG_ROUNDS} times`,
    },
  );
}

/**
 * Looks once more at tags that were written, after a while, and repairs those that somebody who read them before wrote
 * over since.
 *
 * @throws TouchmarkError as {@link applyEdit}.
 */
export async function settle(edits: readonly TagEdit[], host: Host): Promise<void> {
  let open = edits;
  for (let round = 0; open.length > 0 && round < MAX_TAG_ROUNDS; round += 1) {
    await host.wait(TAG_SETTLE_MS);
    const lost: TagEdit[] = [];
    const outcomes = await inParallel(open, MAX_PARALLEL_IMAGES, async (edit) => {
      if (await applyEdit(edit, host)) lost.push(edit);
    });
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure !== undefined) throw failure.reason;
    open = lost;
  }
}
