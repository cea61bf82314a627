export { goreleaser } from "./goreleaser.ts";
export type { GoreleaserOptions } from "./options.ts";
