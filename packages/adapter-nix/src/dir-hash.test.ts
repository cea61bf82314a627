import type { TreeDigest } from "@touchmark/plugin";
import { expect, it } from "vitest";
import { dirHashOf } from "./dir-hash.ts";

/** The example of in-toto's digest_set.md, v1.1: github.com/marklodato/go-hello-world@v0.0.1 */
const MODULE = "github.com/marklodato/go-hello-world@v0.0.1";
const FILES = [
  ["main.go", "ddc4da627d9a9f45fb29641a1b185d6f53287ecfd921aacbf4fe54b7a86fe8d1"],
  ["README.md", "3a137eef6458bfb76bb2c63fc29ffc7166604d2d2e09ed9d8250a534122a8364"],
  ["go.mod", "28e7c942a036902d981759d0bf5704d2bfc7cb500caf68b84711b234af01c6a5"],
].map(([name, sha256]) => ({ name: `${MODULE}/${name}`, size: 1, executable: false, sha256: sha256 ?? "" }));

const TREE: TreeDigest = { kind: "folder", narSha256: "", narSize: 0, links: 0, files: FILES };
const [first = { name: "", size: 0, executable: false, sha256: "" }, ...others] = FILES;

it("is Go's h1 in hex", () => {
  expect(dirHashOf(TREE)).toBe("2a1bb6127fb481c60f67692e22285fb306f3c6ffe62075e0ccf674d7c3adcb8f");
  expect(dirHashOf({ ...TREE, files: [] })).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

it("sorts by the bytes of whole paths, where a slash comes after a hyphen and U+10000 after U+FF5E", () => {
  const hashOf = (...names: readonly string[]) =>
    dirHashOf({ ...TREE, files: names.map((name) => ({ ...first, name })) });
  expect(hashOf("a-b", "a/b", "\uff5e", "\u{10000}")).toBe(hashOf("\u{10000}", "a/b", "\uff5e", "a-b"));
  // printf '%s  %s\n' for each, in this order | sha256sum
  expect(hashOf("a/b", "a-b")).toBe("6e61ce1bdbcdfd1e2ebf6b11d492a03862317aabef97feeb973981f249749dc7");
  expect(hashOf("\u{10000}", "\uff5e")).toBe("e9a2e1e130144d17fdcbf1bb33e2a1a054eb4ecea5f3c261f8cabad4d541cc36");
});

it.each<[string, Partial<TreeDigest>]>([
  ["a link", { links: 1 }],
  ["an executable", { files: [{ ...first, executable: true }, ...others] }],
  ["files that were not looked at", { files: null }],
  ["a name with a line end", { files: [{ ...first, name: "a\nb" }, ...others] }],
  ["no folder", { kind: "file" }],
])("says nothing of a tree with %s", (_what, change) => {
  expect(dirHashOf({ ...TREE, ...change })).toBe(null);
});
