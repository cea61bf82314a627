import { githubActions, gitlab, kubernetes, local, tekton } from "@touchmark/platforms";
import type { Adapter, Platform } from "@touchmark/plugin";

export {
  detectPlatform,
  githubActions,
  handedToken,
  MAX_TOKEN_LENGTH,
  readCheckout,
  tokenInText,
} from "@touchmark/platforms";

/** An adapter by its name; its code is loaded when it is used, since what each brings along takes longer than its work. */
export interface LazyAdapter {
  readonly name: string;
  load(): Promise<Adapter>;
}

/** Every adapter that comes with Touchmark: the only list of them. What signs and publishes is in builtin-services.ts. */
export const ADAPTERS: readonly LazyAdapter[] = [
  lazy("artifacts-list", async () => (await import("@touchmark/adapter-files")).artifactsList),
  lazy("base64-subjects", async () => (await import("@touchmark/adapter-files")).base64Subjects),
  lazy("buildx", async () => (await import("@touchmark/adapter-buildx")).buildx),
  lazy("checksums", async () => (await import("@touchmark/adapter-files")).checksums),
  lazy("files", async () => (await import("@touchmark/adapter-files")).files),
  lazy("goreleaser", async () => (await import("@touchmark/adapter-goreleaser")).goreleaser),
  lazy("nix", async () => (await import("@touchmark/adapter-nix")).nix),
  lazy("npm-pack", async () => (await import("@touchmark/adapter-npm-pack")).npmPack),
];

/** Every CI platform that Touchmark knows; `local` is what remains when none matches. */
export const PLATFORMS: readonly Platform[] = [
  githubActions({ clock: Date.now }),
  gitlab({ clock: Date.now }),
  kubernetes,
  tekton,
  local,
];

function lazy<Options>(name: string, load: () => Promise<Adapter<Options>>): LazyAdapter {
  return { name, load: async () => (await load()) as Adapter };
}
