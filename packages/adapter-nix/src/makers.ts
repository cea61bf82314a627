import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { type Derivation, type DerivationOutput, outputName, readDerivation } from "./derivation.ts";
import type { Output } from "./inputs.ts";
import { placeIn, type Store } from "./store.ts";
import { type StorePath, storeName } from "./store-path.ts";

/** An output and the derivations that made it; none where nobody says. */
export interface MadeOutput extends Output {
  readonly makers: readonly { readonly derivation: Derivation; readonly output: DerivationOutput }[];
}

/**
 * Reads the derivation of each output: the one that `nix build --json` names, else the one among those that the user
 * gave which makes it. The deriver of a path's info is not taken: it may be another derivation with the same result.
 *
 * @param given - .drv files.
 * @throws TouchmarkError `STALE_OUTPUT` where derivation and output do not belong together; `INPUT_MISSING` for a named
 * derivation that is not in the store; as readDerivation.
 */
export async function readMakers(
  host: Host,
  store: Store,
  outputs: readonly Output[],
  given: readonly string[],
): Promise<readonly MadeOutput[]> {
  const named = new Map<string, Derivation>();
  for (const { derivation } of outputs.flatMap(({ made }) => made)) {
    if (!named.has(derivation.base)) named.set(derivation.base, await readNamed(host, store, derivation));
  }
  const candidates: Derivation[] = [];
  for (const file of given) candidates.push(await readDerivation(host, store, file));
  const used = new Set<Derivation>();
  const made = outputs.map((output): MadeOutput => {
    const makers = output.made.flatMap((one) => {
      const derivation = named.get(one.derivation.base);
      return derivation === undefined ? [] : [makerOf(derivation, one.output, output)];
    });
    const found = makers.length > 0 || candidates.length === 0 ? [] : [find(candidates, output)];
    for (const { derivation } of found) used.add(derivation);
    return { ...output, makers: [...makers, ...found] };
  });
  const idle = candidates.find((derivation) => !used.has(derivation));
  if (idle !== undefined) throw stale(`${idle.path.base} makes none of the outputs`, namesOf(idle), namesIn(outputs));
  return made;
}

async function readNamed(host: Host, store: Store, path: StorePath): Promise<Derivation> {
  try {
    return await readDerivation(host, store, placeIn(store, path.base));
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "INPUT_MISSING") throw error;
    throw new TouchmarkError("INPUT_MISSING", `the derivation ${path.base} is not in the store`, {
      expected: "the .drv file that Nix says it built; the path of the output alone needs none",
      actual: "nothing",
      cause: error,
    });
  }
}

function makerOf(derivation: Derivation, name: string, { path, name: base }: Output): MadeOutput["makers"][number] {
  const output = derivation.outputs.find((one) => one.name === name);
  if (output !== undefined && path !== null && makes(derivation, output, path)) return { derivation, output };
  throw stale(`${derivation.path.base} does not make ${base} as its output ${name}`, namesOf(derivation), base);
}

function find(candidates: readonly Derivation[], { path, name }: Output): MadeOutput["makers"][number] {
  for (const derivation of candidates) {
    const output = derivation.outputs.find((one) => path !== null && makes(derivation, one, path));
    if (output !== undefined) return { derivation, output };
  }
  throw stale(`no given derivation makes ${name}`, candidates.flatMap(namesOf).slice(0, 20).join(", "), name);
}

/** Where the path is not known before the build (content-addressed, or behind such a one), its name still is. */
function makes(derivation: Derivation, output: DerivationOutput, { base }: StorePath): boolean {
  if (output.path !== null) return output.path.base === base;
  return outputName(derivation, output.name) === storeName(base);
}

function namesOf(derivation: Derivation): string {
  return derivation.outputs
    .map((output) => output.path?.base ?? `…-${outputName(derivation, output.name)}`)
    .slice(0, 20)
    .join(", ");
}

function namesIn(outputs: readonly Output[]): string {
  return outputs
    .map(({ name }) => name)
    .sort()
    .slice(0, 20)
    .join(", ");
}

function stale(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("STALE_OUTPUT", message, { expected, actual });
}
