import semver from "semver";
import { parse, TomlError } from "smol-toml";
import type { PackageIdentity } from "./package-identity.ts";
import { findManifest } from "./tarball-file.ts";
import { unreadable } from "./unreadable.ts";

/**
 * Says which package a crate is, from its bytes alone: `package.name` and `package.version` of the Cargo.toml at its top,
 * which `cargo package` writes without anything inherited.
 *
 * @returns null when this is no crate: no gzip, no tar inside, no Cargo.toml below the first segment, or one without a package.
 * @throws TouchmarkError `PACKAGE_UNREADABLE` when it is one and damaged, ambiguous, beyond a limit, named as crates.io would
 * not allow, or in a folder of another name, which cargo does not unpack.
 */
export async function identifyCrate(crate: Uint8Array): Promise<PackageIdentity | null> {
  const found = await findManifest(crate, "Cargo.toml");
  const described = found === null ? undefined : memberOf(tomlOf(found.bytes), "package");
  if (found === null || described === undefined) return null;
  const name = memberOf(described, "name");
  const version = memberOf(described, "version");
  // https://doc.rust-lang.org/cargo/reference/manifest.html#the-name-field; crates.io takes 64 characters.
  if (typeof name !== "string" || !/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name)) {
    throw unreadable("a crate has a name that crates.io would not take", "letters, digits, - and _", shown(name));
  }
  if (typeof version !== "string" || semver.valid(version) === null || semver.parse(version)?.raw !== version) {
    throw unreadable("a crate has a version that crates.io would not take", "a semantic version", shown(version));
  }
  if (found.folder !== `${name}-${version}`) {
    throw unreadable(
      "the crate's Cargo.toml is of another package than its folder",
      found.folder,
      `${name}-${version}`,
    );
  }
  return { name, version, purl: `pkg:cargo/${name}@${encodeURIComponent(version)}` };
}

function tomlOf(bytes: Uint8Array): unknown {
  try {
    return parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const actual = cause instanceof TomlError ? (cause.message.split("\n", 1)[0] ?? "") : "bytes that are not UTF-8";
    throw unreadable("the crate's Cargo.toml cannot be read", "TOML", actual.slice(0, 200), cause);
  }
}

function memberOf(table: unknown, key: string): unknown {
  if (typeof table !== "object" || table === null || !Object.hasOwn(table, key)) return undefined;
  return (table as Readonly<Record<string, unknown>>)[key];
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : typeof value;
}
