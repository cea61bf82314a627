import { TouchmarkError } from "@touchmark/core";
import type { Artifact } from "./schema.ts";

/**
 * What an entry of artifacts.json is to us. `released`: a file that GoReleaser uploads. `image`: a reference in a
 * registry. `metadata`: GoReleaser's own notes. `intermediate`: a file that lies in dist and is not uploaded as such.
 */
export type Role = "released" | "image" | "metadata" | "intermediate";

/** What the user says where artifacts.json does not tell. */
export interface RoleOptions {
  /** Entries of artifacts.json whose `type` is newer than this adapter: is the file released, or an intermediate? */
  readonly types?: Readonly<Record<string, "released" | "intermediate">> | undefined;
  /** Count built binaries, named by their path in dist: for `goreleaser build`, which releases nothing. */
  readonly binaries?: boolean | undefined;
}

/**
 * `Type.String()` of internal/artifact/artifact.go, 2.13 to 2.18. Released: `ReleaseUploadableTypes`, and the packages
 * for Snapcraft and Chocolatey, which go to those stores. Intermediate: what is packed into something else, and
 * manifests that are committed to a package manager's repository.
 */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ...roles("released", ["Archive", "File", "Source", "Linux Package", "Makeself Package", "Flatpak", "Source RPM"]),
  ...roles("released", ["MSIX", "Wheel", "Source Dist", "SBOM", "Checksum", "Signature", "Certificate"]),
  ...roles("released", ["Snap", "Chocolatey"]),
  ...roles("image", ["Docker Image", "Published Docker Image", "Docker Manifest"]),
  ...roles("metadata", ["Metadata"]),
  ...roles("intermediate", ["C Header", "C Archive Library", "C Shared Library", "PKGBUILD", "SRCINFO", "Nixpkg"]),
  ...roles("intermediate", ["Homebrew Formula", "Homebrew Cask", "Krew Plugin Manifest", "Scoop Manifest"]),
  ...roles("intermediate", ["Winget Manifest"]),
]);

function roles(role: Role, types: readonly string[]): readonly (readonly [string, Role])[] {
  return types.map((type) => [type, role] as const);
}

/** True for a `type` whose role this adapter knows by itself. */
export function isKnownType(type: string): boolean {
  return type === "Binary" || ROLES.has(type);
}

/**
 * The role of an entry.
 *
 * @throws TouchmarkError `INPUT_INVALID` for a `type` that neither we nor the options know: it may be a release file, and
 * a statement that leaves one out without a word is worse than none.
 */
export function roleOf(artifact: Artifact, options: RoleOptions): Role {
  if (artifact.type === "Binary") return roleOfBinary(artifact, options.binaries === true);
  const role = ROLES.get(artifact.type) ?? told(options.types, artifact.type);
  if (role !== undefined) return role;
  throw new TouchmarkError(
    "INPUT_INVALID",
    `artifacts.json calls "${artifact.name}" a ${JSON.stringify(artifact.type)}`,
    {
      expected: `a type that this adapter knows, or the option types: {${JSON.stringify(artifact.type)}: released} or intermediate`,
      actual: "a type of a newer GoReleaser",
    },
  );
}

function told(types: RoleOptions["types"], type: string): Role | undefined {
  return types !== undefined && Object.hasOwn(types, type) ? types[type] : undefined;
}

/**
 * `Binary` is three types in one word (UploadableBinary, Binary, UniversalBinary). Uploaded ones carry the format of
 * their "archive", which is `binary`; built ones carry their builder.
 */
function roleOfBinary(artifact: Artifact, wanted: boolean): Role {
  if (artifact.extra?.Format === "binary") return "released";
  if (artifact.extra?.Builder !== undefined) return wanted ? "released" : "intermediate";
  throw new TouchmarkError(
    "INPUT_INVALID",
    `artifacts.json does not say whether the binary "${artifact.name}" is released`,
    {
      expected: "extra.Format binary, or extra.Builder",
      actual: "neither",
    },
  );
}

/** True for an uploaded binary, whose name is the release's; a built one has the same name for every target. */
export function isBuiltBinary(artifact: Artifact): boolean {
  return artifact.type === "Binary" && artifact.extra?.Format !== "binary";
}
