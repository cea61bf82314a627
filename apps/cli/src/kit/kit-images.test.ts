import { describe, expect, it } from "vitest";
import { kitImages } from "./kit-images.ts";
import type { KitTarget } from "./kit-manifest.ts";

const [A, B] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
const APP = "ghcr.io/octo/app";
const MIRROR = "mirror.example.com/octo/app";

function images(names: readonly string[], targets: readonly string[] = [], anyName = false) {
  const listed = names.map((name, index) => {
    const place = `images/${index + 1}`;
    return [`oci-layout:kit/${place}`, { kind: "image", name, place } satisfies KitTarget] as const;
  });
  const found = kitImages(new Map(listed), { targets, anyName });
  return { images: [...found.images.entries()].sort(), held: found.held };
}

const listed = (repository: string, digest = A) => `oci://${repository}@${digest}`;
const one = (repository: string, byUser: boolean, digest = A) => ({ repository, digest, byUser });

describe("an image of a kit is called", () => {
  it("as the list says, which nobody vouches for", () => {
    expect(images([listed(APP), listed(APP, B)])).toEqual({
      images: [
        ["oci-layout:kit/images/1", one(APP, false)],
        ["oci-layout:kit/images/2", one(APP, false, B)],
      ],
      held: [],
    });
  });

  it("by its place where names of evidence do not count", () => {
    const found = [["oci-layout:kit/images/1", { repository: null, digest: A, byUser: false }]];
    expect(images([listed(APP)], [], true)).toEqual({ images: found, held: [] });
  });

  it.each([listed(MIRROR), `${MIRROR}@${A}`, `oci://${MIRROR}:1.0.0@${A}`])("as the user says: %s", (target) => {
    for (const anyName of [false, true]) {
      const { images: found, held } = images([listed(APP)], ["release", target], anyName);
      expect(found).toEqual([["oci-layout:kit/images/1", one(MIRROR, true)]]);
      expect(held).toEqual([target]);
    }
  });

  it("as the user says of one of two that are equal, the one that the list calls so first", () => {
    const names = [listed(APP), listed(MIRROR)];
    expect(images(names, [listed(MIRROR)]).images).toEqual([
      ["oci-layout:kit/images/1", one(APP, false)],
      ["oci-layout:kit/images/2", one(MIRROR, true)],
    ]);
    expect(images(names, [listed("quay.io/octo/app"), listed(APP)]).images).toEqual([
      ["oci-layout:kit/images/1", one(APP, true)],
      ["oci-layout:kit/images/2", one("quay.io/octo/app", true)],
    ]);
  });
});

it.each([
  ["another digest", listed(APP, B)],
  ["no digest", `oci://${APP}:1.0.0`],
  ["another form", A],
])("a kit does not hold what the user names by %s", (_what, target) => {
  expect(images([listed(APP)], [target])).toEqual({
    images: [["oci-layout:kit/images/1", one(APP, false)]],
    held: [],
  });
});

it("one image stands for one name only", () => {
  expect(images([listed(APP)], [listed(MIRROR), listed("quay.io/octo/app")]).held).toEqual([listed(MIRROR)]);
});
