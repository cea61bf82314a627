export type { LogMode } from "./log-choice.ts";
export { readSigningConfig } from "./signing-config.ts";
export {
  contactsOf,
  type InstanceAddresses,
  instanceOf,
  type LogService,
  PUBLIC_INSTANCE,
  type SigningInstance,
} from "./signing-instance.ts";
export { type SigstoreSigner, type SigstoreSignerOptions, sigstoreSigner } from "./sigstore-signer.ts";
