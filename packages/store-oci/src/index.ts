export { type ImageSubject, imagesIn } from "./image-subject.ts";
export { ociFetcher } from "./oci-fetcher.ts";
export { ociStore } from "./oci-store.ts";
export { type OciStoreOptions, registriesOf } from "./target.ts";
