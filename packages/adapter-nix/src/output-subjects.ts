import { isTouchmarkError, type Subject, TouchmarkError } from "@touchmark/core";
import { type Host, type HostFile, subjectsOf, type TreeDigest } from "@touchmark/plugin";
import { dirHashOf } from "./dir-hash.ts";
import { type RecordedHashes, strayLink } from "./inputs.ts";
import type { MadeOutput } from "./makers.ts";
import type { RecordedHash } from "./nix-json.ts";
import type { Store } from "./store.ts";

/** On an output: its name in the derivation (`out`, `dev`). Page: docs/adapters/nix.md */
const OUTPUT = "nix.output";
/** On an output: the base of the derivation's store path. */
const DERIVATION = "nix.drv";

/** Nix's own type for what `narSha256` is over: src/libstore/binary-cache-store.cc */
const NAR_TYPE = "application/x-nix-nar";

/** What subjects are made with. */
export interface SubjectContext {
  readonly store: Store;
  readonly recorded: RecordedHashes;
  /** Also a subject for each regular file of a tree. */
  readonly files: boolean;
}

/**
 * Hashes an output and compares it with every hash that was recorded or fixed for it. A folder has `narSha256`; a file
 * has the `sha256` of its bytes, since nobody who downloads it has the executable bit that its NAR would count.
 *
 * @throws TouchmarkError `DIGEST_MISMATCH`; `ARTIFACT_MISSING` for a store path that is not there; `FILE_REFUSED` for an
 * output that is itself a link; `STORE_PATH_INVALID` for another link; as host.digestTree.
 */
export async function subjectsOfOutput(
  host: Host,
  output: MadeOutput,
  context: SubjectContext,
): Promise<readonly Subject[]> {
  const expected = expectationsOf(output, context.recorded);
  const kind = await host.kind(output.place);
  if (kind === null) throw missing(output);
  if (kind === "file" && expected.every(({ key }) => key === "sha256")) {
    const subjects = await subjectsOf(host, [await regularFile(host, output, context)], { name: () => output.name });
    for (const { digest } of subjects) compare(output, expected, digest);
    return subjects.map((subject) => described(subject, output));
  }
  const tree = await digestTree(host, output, { files: kind === "file" || context.files || "plain" }, context);
  const { narSha256, narSize } = tree;
  if (tree.kind === "file") {
    const sha256 = tree.files?.[0]?.sha256 ?? "";
    compare(output, expected, { narSha256, narSize, sha256 });
    return [described({ name: output.name, digest: { sha256 } }, output)];
  }
  compare(output, expected, { narSha256, narSize });
  const dirHash = dirHashOf(tree);
  const digest = { narSha256, ...(dirHash === null ? {} : { dirHash }) };
  const files = (context.files ? tree.files : null) ?? [];
  return [
    described({ name: output.name, digest, mediaType: NAR_TYPE }, output),
    ...files.map(({ name, sha256 }) => ({ name: `${output.name}/${name}`, digest: { sha256 } })),
  ];
}

interface Expected {
  readonly key: "narSha256" | "sha256";
  readonly hex: string;
  /** Length of the NAR; null where nobody says. Unit: bytes. */
  readonly size: number | null;
}

/** What Nix wrote down about these bytes: in its database, and in a derivation that fixes its output. */
function expectationsOf({ path, makers }: MadeOutput, recorded: RecordedHashes): readonly Expected[] {
  const infos = (path === null ? undefined : recorded.get(path.base)) ?? [];
  return [
    ...infos.map((info: RecordedHash) => ({ key: "narSha256" as const, hex: info.narSha256, size: info.narSize })),
    ...makers.flatMap(({ output: { fixed } }): readonly Expected[] => {
      if (fixed?.algorithm !== "sha256" || fixed.method === "git") return [];
      return [{ key: fixed.method === "nar" ? "narSha256" : "sha256", hex: fixed.hex, size: null }];
    }),
  ];
}

/** @throws TouchmarkError for a link, which digestTree sees and `kind` follows. */
async function regularFile(host: Host, output: MadeOutput, context: SubjectContext): Promise<HostFile> {
  try {
    return await host.file(output.place);
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "FILE_REFUSED") throw refusedLink(output, context);
    throw error;
  }
}

async function digestTree(
  host: Host,
  output: MadeOutput,
  options: { readonly files: boolean | "plain" },
  context: SubjectContext,
): Promise<TreeDigest> {
  const tree = await host.digestTree(output.place, options);
  if (tree.kind === "link") throw refusedLink(output, context);
  return tree;
}

function refusedLink(output: MadeOutput, { store }: SubjectContext): TouchmarkError {
  if (output.path === null) return strayLink(output.place, store);
  return new TouchmarkError("FILE_REFUSED", `${output.name} is itself a link`, {
    expected: "an output that is a file or a folder; state the store path that it leads to",
    actual: "a link",
  });
}

function missing({ name }: MadeOutput): TouchmarkError {
  return new TouchmarkError("ARTIFACT_MISSING", `${name} is not in the store`, {
    expected: "every output that Nix names; build again, or name the folder of the store: store=FOLDER",
    actual: "nothing",
  });
}

function compare(
  { name }: MadeOutput,
  expected: readonly Expected[],
  actual: { readonly narSha256?: string; readonly narSize?: number; readonly sha256?: string },
): void {
  for (const { key, hex, size } of expected) {
    const wanted = `${key} ${hex}${size === null ? "" : `, ${size} bytes of NAR`}`;
    const found = `${key} ${actual[key] ?? "of no file"}${size === null ? "" : `, ${actual.narSize} bytes of NAR`}`;
    if (wanted === found) continue;
    throw new TouchmarkError("DIGEST_MISMATCH", `${name} does not have the hash that Nix recorded for it`, {
      expected: wanted,
      actual: found,
    });
  }
}

function described(subject: Subject, { makers: [maker] }: MadeOutput): Subject {
  if (maker === undefined) return subject;
  return { ...subject, annotations: { [OUTPUT]: maker.output.name, [DERIVATION]: maker.derivation.path.base } };
}
