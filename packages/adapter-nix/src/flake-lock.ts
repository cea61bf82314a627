import { type DigestSet, issueText, parseJson, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { MAX_LOCK_BYTES } from "./limits.ts";
import { parseNixHash } from "./nix-hash.ts";
import { publicAddress } from "./public-address.ts";

const text = z.string().max(4096);

/** What of an input is locked: https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#lock-files */
type Locked = z.infer<typeof Locked>;
const Locked = z.object({
  type: text,
  narHash: text.optional(),
  rev: text.optional(),
  url: text.optional(),
  host: text.optional(),
  owner: text.optional(),
  repo: text.optional(),
  id: text.optional(),
});

const FlakeLock = z.object({
  version: z.literal(7),
  root: text,
  nodes: z.record(text, z.object({ locked: Locked.optional() })),
});

/**
 * Reads the inputs that a flake.lock pins, those of inputs too: the address, the commit, and the hash of the tree.
 *
 * @throws TouchmarkError `INPUT_INVALID` for another version, an input without a lock, and a kind that we do not know.
 */
export function parseFlakeLock(bytes: Uint8Array, what: string): readonly ResourceDescriptor[] {
  const parsed = FlakeLock.safeParse(parseJson(bytes, { what, maxBytes: MAX_LOCK_BYTES }));
  if (!parsed.success) throw invalid(what, "a flake.lock of version 7", issueText(parsed.error), parsed.error);
  const { nodes, root } = parsed.data;
  if (!Object.hasOwn(nodes, root)) throw invalid(what, "a root that is one of its nodes", JSON.stringify(root));
  return Object.entries(nodes)
    .filter(([name]) => name !== root)
    .flatMap(([name, { locked }]) => {
      if (locked !== undefined) return describe(name, locked, what);
      throw invalid(what, "a lock for every input", `none for ${JSON.stringify(name)}`);
    });
}

function describe(name: string, locked: Locked, what: string): readonly ResourceDescriptor[] {
  const digest = digestOf(name, locked, what);
  const uri = uriOf(name, locked, what);
  // A folder of the same tree is locked with it, and has no hash of its own.
  if (uri === null && Object.keys(digest).length === 0) return [];
  return [{ name, ...(uri === null ? {} : { uri }), ...(Object.keys(digest).length === 0 ? {} : { digest }) }];
}

/** Which of them name a commit of Git; Mercurial's revisions look alike. */
const GIT = ["git", "github", "gitlab", "sourcehut", "indirect"];

function digestOf(name: string, { type, narHash, rev }: Locked, what: string): DigestSet {
  const digest: Record<string, string> = {};
  if (narHash !== undefined) {
    const { algorithm, hex } = parseNixHash(narHash, `the narHash of ${JSON.stringify(name)} in ${what}`);
    if (algorithm !== "sha256") throw invalid(what, "a narHash of sha256", algorithm);
    digest["narSha256"] = hex;
  }
  if (rev !== undefined && GIT.includes(type)) {
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(rev)) {
      throw invalid(what, "a commit in hex", `${JSON.stringify(rev.slice(0, 80))} for ${JSON.stringify(name)}`);
    }
    digest["gitCommit"] = rev;
  }
  return digest;
}

const FORGES = { github: "github.com", gitlab: "gitlab.com", sourcehut: "git.sr.ht" } as const;

/** @returns null for what lies on the machine that locked. */
function uriOf(name: string, locked: Locked, what: string): string | null {
  switch (locked.type) {
    case "github":
    case "gitlab":
    case "sourcehut": {
      const { owner, repo, host = FORGES[locked.type] } = locked;
      // GitLab's groups are written with %2F in the owner.
      const path = [owner, repo].map((part) => (part ?? "").replaceAll(/%2f/gi, "/"));
      if (path.every((part) => /^~?[A-Za-z0-9._/-]+$/.test(part)) && /^[A-Za-z0-9.-]+(?::\d+)?$/.test(host)) {
        return `git+https://${host}/${path.join("/")}`;
      }
      throw invalid(what, "owner and repo", `neither for ${JSON.stringify(name)}`);
    }
    case "git":
    case "hg": {
      const address = publicAddress(locked.url ?? "");
      return address === null ? null : `${locked.type}+${address}`;
    }
    case "tarball":
    case "file":
      return publicAddress(locked.url ?? "");
    case "path":
      return null;
    case "indirect":
      return /^[A-Za-z][A-Za-z0-9_-]*$/.test(locked.id ?? "") ? `flake:${locked.id}` : null;
    default:
      throw invalid(what, "an input of a known kind", `${JSON.stringify(locked.type)} for ${JSON.stringify(name)}`);
  }
}

function invalid(what: string, expected: string, actual: string, cause?: unknown): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${what} pins inputs in a way that we cannot read`, {
    expected,
    actual,
    cause,
  });
}
