import { expect, it } from "vitest";
import { knownLogUrl } from "./known-log.ts";

it.each([
  ["c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d", "https://search.sigstore.dev/?logIndex=7"],
  ["cf1199155bb6f67e46a3a4aad4f7ac6c7fa3d7ec6e1e0c5a51f9ea7bd0f8a4b0", null],
])("log %s: %s", (logId, url) => {
  expect(knownLogUrl(logId, "7")).toBe(url);
});
