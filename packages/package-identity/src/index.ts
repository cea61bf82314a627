export { identifyCrate } from "./crate-identity.ts";
export { identifyPackage, PACKAGE_SUFFIXES } from "./identify-package.ts";
export { MAX_MANIFEST_BYTES, MAX_TARBALL_BYTES } from "./limits.ts";
export { identifyNpmTarball, type NpmIdentity, type NpmPackageJson, readNpmPackageJson } from "./npm-identity.ts";
export { isSameNpmVersion, npmPurl, npmTarballFileName } from "./npm-name.ts";
export type { PackageIdentity } from "./package-identity.ts";
export { identifySdist, identifyWheel } from "./python-identity.ts";
export { normalisedPythonName, pythonPurl } from "./python-name.ts";
