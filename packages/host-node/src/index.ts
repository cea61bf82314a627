export type { Env } from "./child-environment.ts";
export { createHost, type HostOptions, type NodeHost } from "./create-host.ts";
export type { HashProgress } from "./digest-files.ts";
export { exclusively } from "./exclusive.ts";
export type { NetworkGrant } from "./network-grant.ts";
export { openStaging, type Staging } from "./staging.ts";
export { createStdin, type InputStream, type Stdin } from "./stdin.ts";
export type { OutputFile } from "./write-files.ts";
export { writeNewFiles } from "./write-new-files.ts";
