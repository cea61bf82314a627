import { type BuildOutput, mergeSubjects, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import { requireAll } from "@touchmark/plugin";
import type { LockedDependencies } from "./lockfile.ts";
import type { NpmPackOptions } from "./options.ts";
import { byproductOf, type PackageTarball, subjectOf } from "./package-tarball.ts";

/**
 * Makes subjects of tarballs.
 *
 * @throws TouchmarkError `SUBJECT_CONFLICT` when one name and version has two tarballs with different bytes;
 * `NOTHING_FOUND` when `private: exclude` leaves none; `ARTIFACT_MISSING`, `ARTIFACT_UNEXPECTED` against `expect`.
 */
export function outputOf(
  tarballs: readonly PackageTarball[],
  locked: LockedDependencies,
  metadata: readonly ResourceDescriptor[],
  options: NpmPackOptions,
): BuildOutput {
  const excluded = options.private === "exclude" ? tarballs.filter(({ identity }) => identity.private) : [];
  const released = tarballs.filter((tarball) => !excluded.includes(tarball));
  if (released.length === 0) {
    throw new TouchmarkError("NOTHING_FOUND", "every package is private, and private packages are excluded", {
      expected: "at least one package that can be published",
      actual: excluded
        .map(({ label }) => label)
        .slice(0, 20)
        .join(", "),
    });
  }
  refuseTwoTarballs(released);
  const subjects = mergeSubjects(released.map(subjectOf));
  requireAll(
    subjects.map(({ name }) => name),
    options.expect ?? null,
  );
  return {
    subjects,
    resolvedDependencies: locked.dependencies,
    byproducts: [...metadata, ...locked.byproducts, ...excluded.map(byproductOf)],
  };
}

function refuseTwoTarballs(tarballs: readonly PackageTarball[]): void {
  const byPurl = new Map<string, PackageTarball>();
  for (const tarball of tarballs) {
    const earlier = byPurl.get(tarball.identity.purl);
    byPurl.set(tarball.identity.purl, tarball);
    if (earlier === undefined || earlier.digest["sha512"] === tarball.digest["sha512"]) continue;
    throw new TouchmarkError("SUBJECT_CONFLICT", `${tarball.identity.purl} has two tarballs with different bytes`, {
      expected: `one tarball for each package; ${earlier.file.path} is ${earlier.label}`,
      actual: `${tarball.file.path} is ${tarball.label}`,
    });
  }
}
