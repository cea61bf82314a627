import { TouchmarkError } from "@touchmark/core";
import { fileOfEntry, type Host, type HostEntry, type HostFile } from "@touchmark/plugin";

/** A regular file that a pattern named, and its name in the release. */
export interface NamedFile {
  readonly file: HostFile;
  /** Relative to the pattern's literal prefix (`dist/**` → `linux/tool`) or to the folder; of a literal path, the base name. */
  readonly name: string;
}

/**
 * The regular files that a pattern names: a path, a folder (everything in it), or a glob. What stands there literally
 * wins over its reading as a pattern (`[id].js`), except where `*`, `?` or a backslash is in it.
 *
 * @returns an empty list when nothing is there.
 * @throws TouchmarkError `FILE_REFUSED` for a link, a FIFO or a device among them: never skipped in silence; `NAME_REFUSED`
 * for a name that is not UTF-8.
 */
export async function filesOf(host: Host, pattern: string): Promise<readonly NamedFile[]> {
  const kind = ALWAYS_WILD.test(pattern) ? null : await host.kind(pattern);
  switch (kind) {
    case null: {
      if (!MAYBE_WILD.test(pattern)) return [];
      return named(host, await literalPrefix(host, pattern), await host.glob(pattern));
    }
    case "folder":
      return (await host.list(pattern)).map(regularFile);
    case "file":
    case "other": {
      const file = await host.file(pattern);
      return [{ file, name: file.name }];
    }
  }
}

const ALWAYS_WILD = /[*?\\]/;
/** What the host's patterns may hold besides. */
const MAYBE_WILD = /[*?[\](){}!+@|\\]/;

function regularFile(entry: HostEntry): NamedFile {
  const { path, name, kind } = entry;
  if (kind === "file") return { file: fileOfEntry(entry), name };
  if (kind === "badly-named") {
    throw new TouchmarkError("NAME_REFUSED", `${path} has a name that is not UTF-8`, {
      expected: "file names in UTF-8",
      actual: JSON.stringify(path),
    });
  }
  throw new TouchmarkError("FILE_REFUSED", `${path} is not a regular file`, {
    expected: "regular files only; a pattern such as *.tar.gz leaves out what it does not name",
    actual: kind === "link" ? "a link" : "a FIFO, a socket or a device",
  });
}

/** The folders before the first segment that has to be interpreted. */
async function literalPrefix(host: Host, pattern: string): Promise<string> {
  const segments = pattern.split("/");
  for (const [at, segment] of segments.entries()) {
    if (!MAYBE_WILD.test(segment)) continue;
    const isLiteral = !ALWAYS_WILD.test(segment) && (await host.kind(segments.slice(0, at + 1).join("/"))) === "folder";
    if (!isLiteral) return segments.slice(0, at).join("/");
  }
  return segments.slice(0, -1).join("/");
}

/**
 * All files come from one walk, so that they share the leading segments which their names leave out; except where the
 * walk goes through the workspace from above it, and the host spells what lies inside otherwise than the rest.
 */
async function named(host: Host, prefix: string, files: readonly HostFile[]): Promise<readonly NamedFile[]> {
  const [first] = files;
  if (first === undefined) return [];
  const isAbsolute = ({ path }: HostFile) => path.startsWith("/");
  const depth = files.some((file) => isAbsolute(file) !== isAbsolute(first))
    ? null
    : await depthOf(host, prefix, first.path);
  if (depth === null) {
    throw new TouchmarkError(
      "INPUT_INVALID",
      `a pattern below ${prefix} goes through the working directory from above`,
      {
        expected: `the folder ${prefix} itself, or a pattern that starts in the working directory`,
        actual: first.path,
      },
    );
  }
  const shared = first.path.split("/").slice(0, depth).join("/").length + (depth === 0 ? 0 : 1);
  return files.map((file) => ({ file, name: file.path.slice(shared) }));
}

/**
 * How many leading segments of a path belong to the prefix. The host may spell a path otherwise than the user did
 * (`./dist`, an absolute path inside the workspace), so each candidate is looked up and compared; null when none fits.
 */
async function depthOf(host: Host, prefix: string, path: string): Promise<number | null> {
  const segments = path.split("/");
  const plain = prefix.split("/").filter((segment) => segment !== "" && segment !== ".").length;
  const depths = [plain, ...segments.keys()].filter((depth) => depth < segments.length);
  for (const depth of depths) {
    const rest = segments.slice(depth).join("/");
    const candidate = prefix === "" && !path.startsWith("/") ? rest : `${prefix}/${rest}`;
    if ((await host.kind(candidate)) === "file" && (await host.file(candidate)).path === path) return depth;
  }
  return null;
}
