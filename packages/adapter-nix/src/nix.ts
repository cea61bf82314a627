import { createHash } from "node:crypto";
import type { BuildOutput, ResourceDescriptor, Subject } from "@touchmark/core";
import { type Adapter, API_VERSION, defineAdapter, type Host, requireAll } from "@touchmark/plugin";
import { dependenciesOf } from "./dependencies.ts";
import type { Derivation } from "./derivation.ts";
import { parseFlakeLock } from "./flake-lock.ts";
import { readInputs } from "./inputs.ts";
import { MAX_LOCK_BYTES } from "./limits.ts";
import { readMakers } from "./makers.ts";
import { NixOptions, optionsFromArgument, pathsInArgument, placesOf } from "./options.ts";
import { subjectsOfOutput } from "./output-subjects.ts";
import { openStore } from "./store.ts";
import { storeUri } from "./store-path.ts";

/**
 * Reads what Nix built: the outputs that `nix build --json` lists, what `result` links lead to, store paths, or any file
 * or tree. Needs no Nix: trees are hashed as Nix does it, and .drv files are read as they are. docs/adapters/nix.md
 */
export const nix: Adapter<NixOptions> = defineAdapter<NixOptions>({
  apiVersion: API_VERSION,
  name: "nix",
  completeness: "manifest",
  marks: ["flake.nix", "default.nix"],
  suggest: { path: "result" },
  options: NixOptions,
  fromArgument: optionsFromArgument,
  pathsIn: pathsInArgument,
  places: placesOf,
  collect,
});

async function collect(host: Host, options: NixOptions): Promise<BuildOutput | null> {
  const store = await openStore(host, options.store);
  const inputs = await readInputs(host, store, options);
  if (inputs === null) return null;
  const outputs = await readMakers(host, store, inputs.outputs, [options.drv ?? []].flat());
  const subjects: Subject[] = [];
  const context = { store, recorded: inputs.recorded, files: options.files };
  for (const output of outputs) subjects.push(...(await subjectsOfOutput(host, output, context)));
  requireAll(
    subjects.map(({ name }) => name),
    options.expect ?? null,
  );
  const derivations = unique(outputs.flatMap(({ makers }) => makers.map(({ derivation }) => derivation)));
  const lock = await readLock(host, options);
  return {
    subjects,
    resolvedDependencies: [...(await dependenciesOf(host, store, derivations)), ...(lock?.inputs ?? [])],
    byproducts: [
      ...inputs.byproducts,
      ...derivations.map(({ path, sha256 }) => ({ name: path.base, uri: storeUri(path), digest: { sha256 } })),
      ...(lock === null ? [] : [lock.file]),
    ],
  };
}

function unique(derivations: readonly Derivation[]): readonly Derivation[] {
  return [...new Map(derivations.map((derivation) => [derivation.path.base, derivation])).values()];
}

interface Lock {
  readonly inputs: readonly ResourceDescriptor[];
  readonly file: ResourceDescriptor;
}

/** @returns null where none is named and none lies beside the input. */
async function readLock(host: Host, { lock, path }: NixOptions): Promise<Lock | null> {
  if (lock === false) return null;
  const [first = ""] = [path ?? []].flat();
  const file = lock ?? besides(first);
  if (lock === undefined && (await host.kind(file)) === null) return null;
  const bytes = await host.readBytes(file, { max: MAX_LOCK_BYTES });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { inputs: parseFlakeLock(bytes, "flake.lock"), file: { name: "flake.lock", digest: { sha256 } } };
}

/** The flake of `sub/result` is that of `sub`; a path from elsewhere says nothing about where the flake lies. */
function besides(path: string): string {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return folder.startsWith("/") || folder.split("/").includes("..") ? "flake.lock" : `${folder}flake.lock`;
}
