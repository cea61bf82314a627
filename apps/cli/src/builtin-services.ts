/**
 * What signs and what publishes: the only list of them. Apart from the adapters, since `collect` uses none of these, and
 * what stands in one file is loaded as one.
 */
export { commandSigner, keySigner } from "@touchmark/signer-key";
export {
  contactsOf,
  instanceOf,
  type LogMode,
  PUBLIC_INSTANCE,
  readSigningConfig,
  type SigningInstance,
  type SigstoreSigner,
  sigstoreSigner,
} from "@touchmark/signer-sigstore";
export { filesStore, releaseStem, releaseStore } from "@touchmark/store-files";
export { type ImageSubject, imagesIn, ociFetcher, ociStore, registriesOf } from "@touchmark/store-oci";
