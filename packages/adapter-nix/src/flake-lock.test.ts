import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseFlakeLock } from "./flake-lock.ts";

const read = (name: string) => readFileSync(new URL(`../fixtures/flake/${name}`, import.meta.url), "utf8");
const parse = (text: string) => parseFlakeLock(Buffer.from(text), "flake.lock");

const NAR = "572d6bab901a46e2f33b172df27cf84fac25832511ef32d4df4f64f66042efaf";
const REV = "da67096a3b9bf56a91d16901293e51ba5b49a27e";

it("reads what Nix 2.8.0 locked, and states no place of the machine that did", () => {
  expect(parse(read("flake.lock"))).toEqual([
    {
      name: "dep",
      digest: {
        narSha256: "8b6b372f86b461c6ea7281ac0cd1c729dfc428786e78a8f94fc923f1a8212a43",
        gitCommit: "e3de7b5e957663bf92e1255f5951fb4488365d49",
      },
    },
    { name: "words", digest: { narSha256: "7b10217e4e3dc2e31c515bbf03e0998903ae81f381230c389e39ed9809b933c3" } },
  ]);
});

it("reads every kind of input, without secrets, and leaves out folders of the flake itself", () => {
  expect(parse(read("kinds.lock"))).toEqual([
    {
      name: "archive",
      uri: "https://example.org/archive/22.11.tar.gz",
      digest: { narSha256: "fc711937219b9d079cae02677c4f1dd160b9735c6e3d20f62d4a41e985e58387" },
    },
    { name: "lib", uri: "git+https://gitlab.example.org/group/sub/lib", digest: { narSha256: NAR, gitCommit: REV } },
    {
      name: "registered",
      uri: "flake:nixpkgs",
      digest: { gitCommit: "660ac43ff9ab1f12e28bfb31d4719795777fe152" },
    },
    { name: "remote", uri: "git+ssh://example.org/team/remote.git", digest: { narSha256: NAR, gitCommit: REV } },
    { name: "script", uri: "https://example.org/script.sh", digest: { narSha256: NAR } },
    { name: "srht", uri: "git+https://git.sr.ht/~someone/srht", digest: { narSha256: NAR, gitCommit: REV } },
    { name: "systems", uri: "git+https://github.com/nix-systems/default", digest: { narSha256: NAR, gitCommit: REV } },
    { name: "wiki", uri: "hg+https://example.org/wiki", digest: { narSha256: NAR } },
  ]);
});

describe("what cannot be read is refused", () => {
  const kinds = () => JSON.parse(read("kinds.lock")) as Lock;
  interface Lock {
    version: number;
    root: string;
    nodes: Record<string, { locked?: Record<string, unknown> }>;
  }
  const locked = (lock: Lock, name: string) => lock.nodes[name]?.locked ?? {};

  it.each<[string, (lock: Lock) => unknown]>([
    ["another version", (lock) => (lock.version = 8)],
    ["a root that is none", (lock) => (lock.root = "top")],
    ["an input without a lock", (lock) => delete lock.nodes["lib"]?.locked],
    ["a kind to come", (lock) => (locked(lock, "lib")["type"] = "pijul")],
    ["a branch in place of a commit", (lock) => (locked(lock, "lib")["rev"] = "main")],
    ["a short commit", (lock) => (locked(lock, "lib")["rev"] = REV.slice(1))],
    ["a hash that is none", (lock) => (locked(lock, "lib")["narHash"] = "sha256-x")],
    ["a hash of another algorithm", (lock) => (locked(lock, "lib")["narHash"] = `sha1:${"0".repeat(40)}`)],
    ["no owner", (lock) => delete locked(lock, "systems")["owner"]],
    ["an owner with a way out", (lock) => (locked(lock, "systems")["owner"] = "a@b")],
    ["a host with a path", (lock) => (locked(lock, "lib")["host"] = "a/b")],
  ])("%s", (_what, change) => {
    const lock = kinds();
    change(lock);
    expect(() => parse(JSON.stringify(lock))).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it("text that is no JSON", () => {
    expect(() => parse(read("kinds.lock").slice(0, -3))).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});
