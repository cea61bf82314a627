import { describe, expect, it } from "vitest";
import { namedBy, targetForm } from "./target-form.ts";

const A = "a".repeat(64);
const C = "c".repeat(128);
const kindOf = (target: string) => targetForm(target).kind;

describe("targetForm", () => {
  it.each([
    [`oci://ghcr.io/octo/app@sha256:${A}`, { name: "ghcr.io/octo/app", tag: null, digest: `sha256:${A}` }],
    [`oci://ghcr.io/octo/app@sha512:${C}`, { name: "ghcr.io/octo/app", tag: null, digest: `sha512:${C}` }],
    [`oci://ghcr.io/octo/app:1@sha256:${A}`, { name: "ghcr.io/octo/app", tag: "1", digest: `sha256:${A}` }],
    ["oci://ghcr.io/octo/app:1", { name: "ghcr.io/octo/app", tag: "1", digest: null }],
    ["oci://busybox", { name: "docker.io/library/busybox", tag: null, digest: null }],
  ])("%s is an image", (target, reference) => {
    expect(targetForm(target)).toMatchObject({ kind: "image", bare: false, reference });
  });

  it.each([
    `ghcr.io/octo/app@sha256:${A}`,
    `ghcr.io/octo/app:1@sha256:${A}`,
    `localhost/app@sha256:${A}`,
    `127.0.0.1:5000/app@sha512:${C}`,
    `[::1]:5000/app@sha256:${A}`,
    `registry:5000/app@sha256:${A}`,
  ])("%s is an image without saying so", (target) => {
    expect(targetForm(target)).toMatchObject({
      kind: "image",
      bare: true,
      reference: { name: target.split(/(?::1)?@/)[0] },
    });
  });

  it.each([
    `busybox@sha256:${A}`,
    `octo/app@sha256:${A}`,
    `./ghcr.io/octo/app@sha256:${A}`,
    `../app@sha256:${A}`,
    `/ghcr.io/octo/app@sha256:${A}`,
    `ghcr.io/octo/app@sha256:${A.slice(1)}`,
    `ghcr.io/octo/app@sha256:${A.toUpperCase()}`,
    `ghcr.io/octo/app@sha1:${A}`,
    "ghcr.io/octo/app:1",
    "ghcr.io/octo/app",
    `ghcr.io@sha256:${A}`,
    "oci:layout",
    "docker-archive:image.tar",
    "release",
    "C:/release",
  ])("%s is a path", (target) => {
    expect(targetForm(target)).toEqual({ kind: "path", path: target });
  });

  it("reads layouts and trees by their prefixes", () => {
    expect(targetForm("oci-layout:out/image.tar")).toEqual({ kind: "layout", path: "out/image.tar" });
    expect(targetForm("nix:result")).toEqual({ kind: "tree", path: "result" });
    expect([kindOf("./oci-layout:x"), kindOf("./nix:result")]).toEqual(["path", "path"]);
  });

  it("reads digests", () => {
    expect(targetForm(`SHA2-256:${A.toUpperCase()}`)).toEqual({ kind: "digest", algorithm: "sha256", hex: A });
    expect(targetForm(`narSha256:${A}`)).toEqual({ kind: "digest", algorithm: "narSha256", hex: A });
    expect([kindOf(`narsha256:${A}`), kindOf("narSha256:abc")]).toEqual(["path", "path"]);
  });

  it.each([
    "oci-layout:",
    "nix:",
    "oci://",
    "oci://ghcr.io/Octo/app@sha256:x",
    "oci://https://ghcr.io/octo/app",
    `ghcr.io/Octo/app@sha256:${A}`,
    `ghcr.io/octo//app@sha256:${A}`,
    "sha256:abc",
  ])("%s is refused", (target) => {
    expect(() => targetForm(target)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});

describe("namedBy", () => {
  it("has each registry once, and paths by what is beside them", () => {
    const image = `ghcr.io/octo/app@sha256:${A}`;
    expect(
      namedBy([image, `oci://${image}`, "oci://busybox:1", "release", "nix:result", "oci-layout:x", `sha256:${A}`]),
    ).toEqual({
      registries: ["ghcr.io", "docker.io"],
      paths: ["release"],
      wholes: ["result", "x"],
    });
  });
});
