import { isTouchmarkError, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import type { Host, HttpRequest } from "@touchmark/plugin";
import { type KeptFile, PUBLIC_GOOD_TUF_ROOT, type UpdatedRoots, updateRoots } from "@touchmark/roots-tuf";
import type { Context } from "../context.ts";
import { hostFor } from "../host-for.ts";
import { readInput } from "../read-input.ts";

/** Where a mirror would be; nobody is asked. */
const NOWHERE = "https://kit.invalid";

/** What is read of a kit by its chain. */
export interface ChainReading<Found> {
  /** For people: `the roots`. */
  readonly what: string;
  readonly read: (roots: UpdatedRoots) => Promise<Found>;
}

/**
 * Reads something of a kit by the chain of signatures that begins at the TUF root that came with the program, or at one that
 * the user names. Without that chain it is not believed: whoever wrote the kit could be anybody.
 *
 * @param folder - with what a TUF repository said; absolute.
 * @param rootFile - the TUF root to begin with.
 * @returns null, and a note, where the kit's have expired and no other root was named.
 * @throws TouchmarkError `ROOTS_INVALID` for a chain that is broken; `ROOTS_STALE`.
 */
export async function readByKitChain<Found>(
  context: Context,
  folder: string,
  rootFile: string | undefined,
  { what, read }: ChainReading<Found>,
): Promise<Found | null> {
  const root =
    rootFile === undefined
      ? new TextEncoder().encode(PUBLIC_GOOD_TUF_ROOT)
      : await readInput(context.cwd, rootFile, MAX_SMALL_FILE_BYTES);
  const kept = keptIn(folder);
  const host = hostFor(context, { env: {} });
  try {
    const rootLabel = rootFile ?? "the TUF root";
    const options = { mirror: NOWHERE, root, rootLabel, kept, now: new Date() };
    return await read(await updateRoots(options, { ...host, fetch: answering(kept) }));
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    if (error.code === "ROOTS_STALE" && rootFile === undefined) {
      context.terminal.note(`${what} in the kit have expired; those that came with Touchmark are used`);
      return null;
    }
    if (error.code !== "SERVICE_INVALID" && error.code !== "SERVICE_DENIED") throw error;
    throw new TouchmarkError("ROOTS_INVALID", `${what} in the kit cannot be believed`, {
      expected: "a chain of signatures from the TUF root that is trusted to them",
      actual: `${error.message}: ${error.actual ?? ""}`,
      cause: error,
    });
  } finally {
    await host.close();
  }
}

/** The files of a folder; null for what is not there. */
export function keptIn(folder: string): KeptFile {
  return async (name, max) => {
    try {
      return await readInput(folder, name, max);
    } catch (error) {
      if (isTouchmarkError(error) && error.code === "INPUT_MISSING") return null;
      throw error;
    }
  };
}

/** What a mirror would answer that has these files and no others. */
function answering(kept: KeptFile): Host["fetch"] {
  return async ({ url, maxBody }: HttpRequest) => {
    const body = await kept(url.slice(url.lastIndexOf("/") + 1), maxBody);
    return { status: body === null ? 404 : 200, headers: {}, body: body ?? new Uint8Array() };
  };
}
