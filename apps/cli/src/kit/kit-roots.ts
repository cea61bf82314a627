import { isTouchmarkError, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { createHost } from "@touchmark/host-node";
import type { Host, HttpRequest } from "@touchmark/plugin";
import { type KeptFile, PUBLIC_GOOD_TUF_ROOT, updateRoots } from "@touchmark/roots-tuf";
import { publicGoodSource, type RootsSource } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";

/** Where a mirror would be; nobody is asked. */
const NOWHERE = "https://kit.invalid";

/**
 * The roots in a kit, by the chain of signatures that begins at the TUF root that came with the program, or at one that the
 * user names. Without that chain they are not believed: whoever wrote the kit could be anybody.
 *
 * @param folder - with what a TUF repository said; absolute.
 * @param rootFile - the TUF root to begin with.
 * @returns those that came with the program where the kit's have expired and no other root was named.
 * @throws TouchmarkError `ROOTS_INVALID` for a chain that is broken; `ROOTS_STALE`.
 */
export async function kitRoots(context: Context, folder: string, rootFile: string | undefined): Promise<RootsSource> {
  const root =
    rootFile === undefined
      ? new TextEncoder().encode(PUBLIC_GOOD_TUF_ROOT)
      : await readInput(context.cwd, rootFile, MAX_SMALL_FILE_BYTES);
  const kept: KeptFile = async (name, max) => {
    try {
      return await readInput(folder, name, max);
    } catch (error) {
      if (isTouchmarkError(error) && error.code === "INPUT_MISSING") return null;
      throw error;
    }
  };
  const { signal, cwd } = context;
  const host = createHost({ workspace: cwd, roots: [], signal, userCode: false, env: {} });
  try {
    const rootLabel = rootFile ?? "the TUF root";
    const options = { mirror: NOWHERE, root, rootLabel, kept, now: new Date() };
    const { bytes } = await updateRoots(options, { ...host, fetch: answering(kept) });
    return { bytes, label: "the kit's roots", asOf: null };
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    if (error.code === "ROOTS_STALE" && rootFile === undefined) {
      context.terminal.note("the roots in the kit have expired; those that came with Touchmark are used");
      return publicGoodSource();
    }
    if (error.code !== "SERVICE_INVALID" && error.code !== "SERVICE_DENIED") throw error;
    throw new TouchmarkError("ROOTS_INVALID", "the roots in the kit cannot be believed", {
      expected: "a chain of signatures from the TUF root that is trusted to them",
      actual: `${error.message}: ${error.actual ?? ""}`,
      cause: error,
    });
  } finally {
    await host.close();
  }
}

/** What a mirror would answer that has these files and no others. */
function answering(kept: KeptFile): Host["fetch"] {
  return async ({ url, maxBody }: HttpRequest) => {
    const body = await kept(url.slice(url.lastIndexOf("/") + 1), maxBody);
    return { status: body === null ? 404 : 200, headers: {}, body: body ?? new Uint8Array() };
  };
}
