import { type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import { archiveDependency, gitDependency, originOf, registryDependency } from "./locked-dependency.ts";

interface Entry {
  readonly name: string;
  readonly version: string | undefined;
  readonly resolved: string | undefined;
  readonly integrity: string | undefined;
}

/** yarn 1 says which format it writes in the second line; it is no YAML. */
export function isYarnClassicLock(text: string): boolean {
  return /^# yarn lockfile v1\r?$/m.test(text.slice(0, 400));
}

/**
 * Dependencies of a yarn.lock of yarn 1. Digests only where it has an `integrity` (yarn 1.10 and later).
 *
 * @throws TouchmarkError `INPUT_INVALID` for an entry without a version.
 */
export function parseYarnClassicLock(text: string, what: string): readonly ResourceDescriptor[] {
  const blocks = text.split(/\r?\n(?=[^\s#])/).filter((block) => !/^\s*(?:#|$)/.test(block));
  return blocks.flatMap((block) => dependencyOf(readBlock(block, what), what));
}

function readBlock(block: string, what: string): Entry {
  const [header = "", ...lines] = block.split(/\r?\n/);
  const [first = ""] = header.replace(/:$/, "").split(", ");
  const pattern = unquoted(first);
  const at = pattern.indexOf("@", 1);
  if (!header.endsWith(":") || at < 1) throw notAnEntry(what, header);
  const alias = /^npm:(@?[^@]+)@/.exec(pattern.slice(at + 1));
  const member = (key: string) => {
    const line = lines.find((each) => each.startsWith(`  ${key} `));
    return line === undefined ? undefined : unquoted(line.slice(key.length + 3).trim());
  };
  return {
    name: alias?.[1] ?? pattern.slice(0, at),
    version: member("version"),
    resolved: member("resolved"),
    integrity: member("integrity"),
  };
}

function dependencyOf({ name, version, resolved, integrity }: Entry, what: string): readonly ResourceDescriptor[] {
  if (version === undefined) throw notAnEntry(what, name);
  if (resolved === undefined) return []; // file: and link: have none, and are of the same source tree
  const origin = originOf(resolved);
  switch (origin.kind) {
    case "registry":
      return [registryDependency(name, version, integrity)];
    case "archive":
      return [archiveDependency(name, version, integrity)];
    case "local":
      return [];
    case "git": {
      const dependency = gitDependency(name, origin.repository, origin.commit);
      return dependency === null ? [] : [dependency];
    }
  }
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}

function notAnEntry(what: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${what} has an entry that we cannot read`, {
    expected: "name@range: with a version",
    actual: JSON.stringify(actual.slice(0, 120)),
  });
}
