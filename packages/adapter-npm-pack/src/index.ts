export { npmPack } from "./npm-pack.ts";
export type { NpmPackOptions } from "./options.ts";
