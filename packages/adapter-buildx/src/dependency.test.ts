import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commitOf } from "./commit.ts";
import { dependencyOf, Material } from "./dependency.ts";

const SHA1 = "1".repeat(40);
const SHA256 = "2".repeat(64);
const annotations = { "buildx.stated-by": "buildkit" };
const of = (uri: string | null, digest: Readonly<Record<string, string>> | null) =>
  dependencyOf(Material.parse({ uri, digest }));

describe("dependencyOf", () => {
  it("keeps the purl and the digest of a base image", () => {
    const uri = "pkg:docker/alpine@3?platform=linux%2Famd64";
    expect(of(uri, { sha256: SHA256 })).toEqual({ uri, digest: { sha256: SHA256 }, annotations });
  });

  it.each([
    [
      "https://github.com/octo/app.git#refs/heads/main",
      { sha1: SHA1 },
      "git+https://github.com/octo/app@refs/heads/main",
      SHA1,
    ],
    ["https://github.com/octo/app.git#main:folder", { sha1: SHA1 }, "git+https://github.com/octo/app", SHA1],
    ["git@github.com:octo/app.git", { sha1: SHA1 }, "git+https://github.com/octo/app", SHA1],
    ["https://octo:hunter2@github.com/octo/app.git", { sha256: SHA256 }, "git+https://github.com/octo/app", SHA256],
  ])("%s is a commit", (uri, digest, expected, commit) => {
    expect(of(uri, digest)).toEqual({ uri: expected, digest: { gitCommit: commit }, annotations });
  });

  it("names a commit of a repository on this machine by its digest alone", () => {
    expect(of("file:///home/octo/app.git", { sha1: SHA1 })).toEqual({
      name: "source",
      digest: { gitCommit: SHA1 },
      annotations,
    });
  });

  it("leaves user and query out of a download's address", () => {
    expect(of("https://u:p@example.com/a/b.tgz?token=secret#x", { sha256: SHA256 })).toEqual({
      uri: "https://example.com/a/b.tgz",
      digest: { sha256: SHA256 },
      annotations,
    });
  });

  it.each(["local:///home/octo", "/home/octo/base.tar", "oci-layout:///srv/x", "http://", ""])(
    "says nothing of %j but the digest",
    (uri) => {
      expect(of(uri, { sha256: SHA256 })).toEqual({ name: "input", digest: { sha256: SHA256 }, annotations });
      expect(of(uri, {})).toBeNull();
    },
  );

  it("keeps a base image without a digest", () => {
    expect(of("pkg:docker/alpine@3", null)).toEqual({ uri: "pkg:docker/alpine@3", annotations });
  });

  it("never lets a password or a query through, whatever the address", () => {
    const address = fc.webUrl({ withQueryParameters: true, withFragments: true });
    fc.assert(
      fc.property(address, (url) => {
        const uri = of(url.replace("://", "://octo:hunter2@"), { sha256: SHA256 })?.uri ?? "";
        expect(uri).not.toMatch(/hunter2|\?/);
      }),
    );
  });

  it.each([[{ sha256: "xyz" }], [{ sha256: 1 }], ["sha256"]])("refuses the digest %j", (digest) => {
    expect(Material.safeParse({ uri: "pkg:docker/a", digest }).success).toBe(false);
  });
});

describe("commitOf", () => {
  it("reads what buildx takes from a checkout", () => {
    expect(commitOf(SHA1, "https://github.com/octo/app.git")).toEqual({
      dependency: { uri: "git+https://github.com/octo/app", digest: { gitCommit: SHA1 }, annotations },
      dirty: false,
    });
    expect(commitOf(`${SHA1}-dirty`, "git@github.com:octo/app.git")).toMatchObject({
      dependency: { digest: { gitCommit: SHA1 } },
      dirty: true,
    });
  });

  it.each(["/home/octo/app", "file:///home/octo/app", undefined, "", 7])(
    "has no address for the source %j",
    (source) => {
      expect(commitOf(SHA1, source)?.dependency).toMatchObject({ name: "source", digest: { gitCommit: SHA1 } });
      expect(commitOf(SHA1, source)?.dependency.uri).toBeUndefined();
    },
  );

  it.each(["v1.0", SHA1.slice(1), "", undefined, 7])("is no commit: %j", (revision) => {
    expect(commitOf(revision, "https://github.com/octo/app.git")).toBeNull();
  });
});
