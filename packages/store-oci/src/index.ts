export { type ImageSubject, imagesIn } from "./image-subject.ts";
export { ociFetcher } from "./oci-fetcher.ts";
export { type OciStoreOptions, ociStore } from "./oci-store.ts";
export { registriesOf } from "./target.ts";
