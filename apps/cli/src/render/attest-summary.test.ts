import { EMPTY_SUBJECTS_FILE } from "@touchmark/core";
import { expect, it } from "vitest";
import { partLines } from "./attest-summary.ts";

const hex = "ab".repeat(32);
const image = "pkg:oci/app@sha256%3Aabab";

function shown(name: string): string | undefined {
  return partLines({ ...EMPTY_SUBJECTS_FILE, subjects: [{ name, digest: { sha256: hex } }] })[2]?.trim();
}

it("calls a platform of an image by its repository", () => {
  expect(shown(`${image}?platform=linux%2Farm%2Fv7&repository_url=ghcr.io%2Focto%2Fapp`)).toBe(
    "ghcr.io/octo/app (linux/arm/v7)  sha256:abababababab…",
  );
});

it.each([image, `${image}?repository_url=ghcr.io%2Focto%2Fapp`, "pkg:npm/app@1.0.0?platform=x&repository_url=y"])(
  "leaves %s as it is",
  (name) => {
    expect(shown(name)).toBe(`${name}  sha256:abababababab…`);
  },
);
