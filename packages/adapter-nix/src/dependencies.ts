import { isTouchmarkError, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { type Derivation, readDerivation } from "./derivation.ts";
import { describeFixed } from "./fixed-output.ts";
import { MAX_CLOSURE_BYTES, MAX_DERIVATIONS } from "./limits.ts";
import { placeIn, type Store } from "./store.ts";
import { type StorePath, storeUri } from "./store-path.ts";

/** Derivations that are read before others have their turn. */
const PER_TURN = 200;

/**
 * What derivations say that they are built from: their input derivations and sources, and everything that was fetched on
 * the way, however deep. Trees and files of the store are hashed; what is not there any more is named without a digest.
 *
 * @param derivations - those that made the outputs.
 * @throws TouchmarkError `LIMIT_EXCEEDED`; as readDerivation and host.digestTree.
 */
export async function dependenciesOf(
  host: Host,
  store: Store,
  derivations: readonly Derivation[],
): Promise<readonly ResourceDescriptor[]> {
  const direct = uniquePaths(derivations.flatMap(({ inputDerivations }) => inputDerivations));
  const found: ResourceDescriptor[] = [];
  for (const path of uniquePaths(derivations.flatMap(({ inputSources }) => inputSources))) {
    found.push({ uri: storeUri(path), ...(await sourceDigest(host, store, path)) });
  }
  const isDirect = new Set(direct.map(({ base }) => base));
  const seen = new Set(isDirect);
  const waiting = [...direct];
  let bytes = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.size > MAX_DERIVATIONS) throw tooMuch(`${MAX_DERIVATIONS} derivations`);
    if (seen.size % PER_TURN === 0) await host.wait(0);
    const derivation = await readPresent(host, store, path);
    if (isDirect.has(path.base)) {
      found.push({ uri: storeUri(path), ...(derivation === null ? {} : { digest: { sha256: derivation.sha256 } }) });
    }
    if (derivation === null) continue;
    bytes += derivation.size;
    if (bytes > MAX_CLOSURE_BYTES) throw tooMuch(`${MAX_CLOSURE_BYTES} bytes of .drv files`);
    found.push(...derivation.outputs.map((output) => describeFixed(derivation, output)).filter((one) => one !== null));
    for (const input of derivation.inputDerivations) {
      if (seen.has(input.base)) continue;
      seen.add(input.base);
      waiting.push(input);
    }
  }
  return found;
}

function uniquePaths(paths: readonly StorePath[]): readonly StorePath[] {
  return [...new Map(paths.map((path) => [path.base, path])).values()];
}

async function readPresent(host: Host, store: Store, path: StorePath): Promise<Derivation | null> {
  return orNull(() => readDerivation(host, store, placeIn(store, path.base)));
}

/** A source is a file or a folder, as a subject is; only a link has nothing but its NAR. */
async function sourceDigest(host: Host, store: Store, path: StorePath): Promise<Pick<ResourceDescriptor, "digest">> {
  const place = placeIn(store, path.base);
  const tree = await orNull(() => host.digestTree(place, { files: false }));
  if (tree === null) return {};
  if (tree.kind !== "file") return { digest: { narSha256: tree.narSha256 } };
  const [digest] = await host.digest([await host.file(place)]);
  return digest === undefined ? {} : { digest };
}

/** A store that was copied, or cleaned up, may lack what nobody needs to run the outputs. */
async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "INPUT_MISSING") return null;
    throw error;
  }
}

function tooMuch(limit: string): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", "the outputs are built through too many derivations", {
    expected: `at most ${limit}`,
    actual: "more",
  });
}
