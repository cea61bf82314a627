import { buildx } from "@touchmark/adapter-buildx";
import { artifactsList, base64Subjects, checksums, files } from "@touchmark/adapter-files";
import { goreleaser } from "@touchmark/adapter-goreleaser";
import { nix } from "@touchmark/adapter-nix";
import { npmPack } from "@touchmark/adapter-npm-pack";
import { local } from "@touchmark/platforms";
import type { Adapter, Platform } from "@touchmark/plugin";

export { detectPlatform, readCheckout } from "@touchmark/platforms";
export { commandSigner, keySigner } from "@touchmark/signer-key";
export { filesStore, releaseStem } from "@touchmark/store-files";
export { type ImageSubject, imagesIn, ociFetcher, ociStore, registriesOf } from "@touchmark/store-oci";

/** Every adapter that comes with Touchmark: the only list of them. */
export const ADAPTERS: readonly Adapter[] = [
  artifactsList,
  base64Subjects,
  buildx,
  checksums,
  files,
  goreleaser,
  nix,
  npmPack,
] as readonly Adapter[];

/** Every CI platform that Touchmark knows; `local` is what remains when none matches. */
export const PLATFORMS: readonly Platform[] = [local];
