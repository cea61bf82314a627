import { newTestKey } from "@touchmark/testkit/sigstore";
import { expect, it } from "vitest";
import { CLOUD_BUILD_TEST_KEYS, cloudBuildTrust } from "../../test/cloud-build-cases.ts";
import { cloudBuildKeys } from "./keys.ts";
import { trustedCloudBuild } from "./trust-cloud-build.ts";

it("builds for everybody, so the source must be said", () => {
  expect(() => cloudBuildTrust(null)).toThrow(expect.objectContaining({ code: "SOURCE_UNSET", actual: "none" }));
});

it.each([
  "",
  "octo",
  "gs://",
  "gs://bucket",
  "gs://bucket/a b",
  "gs://bucket/a#1",
  "xgs://bucket/a",
  "gs://b/a",
  "gs://Bucket/a",
  "gs://bucket/",
  "octo/widgets@v1",
  "ssh://x/y",
])("%j is no source", (source) => {
  expect(() => cloudBuildTrust(source)).toThrow(expect.objectContaining({ code: "USAGE" }));
});

it("a source is a repository or an archive in storage, and never both", () => {
  expect(cloudBuildTrust("octo/widgets@refs/tags/v1").source).toEqual({
    kind: "repository",
    repository: "https://github.com/octo/widgets",
    comparable: "github.com/octo/widgets",
    ref: "refs/tags/v1",
  });
  expect(cloudBuildTrust("gs://github.com/octo/widgets").source).toEqual({
    kind: "storage",
    uri: "gs://github.com/octo/widgets",
  });
});

it("the digest is of names and keys, in any order", () => {
  const trust = (keys: typeof CLOUD_BUILD_TEST_KEYS) =>
    trustedCloudBuild({ keys, label: "k", date: null, source: "octo/widgets" }).digest;
  const [first, ...others] = [...CLOUD_BUILD_TEST_KEYS];
  if (first === undefined) throw new TypeError("no key");
  expect(trust(new Map([...others, first]))).toBe(trust(CLOUD_BUILD_TEST_KEYS));
  expect(trust(new Map(others))).not.toBe(trust(CLOUD_BUILD_TEST_KEYS));
  expect(trust(new Map([...others, ["us-west1", first[1]]]))).not.toBe(trust(CLOUD_BUILD_TEST_KEYS));
});

it("Google's own keys are all of the kind that it signs with", async () => {
  const keys = await cloudBuildKeys();
  expect(trustedCloudBuild({ keys, label: "k", date: null, source: "octo/widgets" }).keys.size).toBe(keys.size);
  const other = new Map([["us-west2", newTestKey("P-384").publicKey]]);
  expect(() => trustedCloudBuild({ keys: other, label: "k", date: null, source: "octo/widgets" })).toThrow(
    expect.objectContaining({ code: "KEY_UNSUPPORTED", expected: "EC P-256", actual: "secp384r1" }),
  );
});
