export type { Descriptor, Platform } from "./descriptor.ts";
export type { ImageSource, ManifestBytes } from "./image-source.ts";
