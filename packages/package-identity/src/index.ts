export { MAX_PACKAGE_JSON_BYTES, MAX_TARBALL_BYTES } from "./limits.ts";
export { identifyNpmTarball, type NpmIdentity, type NpmPackageJson, readNpmPackageJson } from "./npm-identity.ts";
export { isSameNpmVersion, npmPurl, npmTarballFileName } from "./npm-name.ts";
