import { expect, test } from "vitest";
import { ResourceDescriptor } from "./resource-descriptor.ts";

const SHA256 = "a".repeat(64);

test("every field comes through, and no other", () => {
  const descriptor = {
    name: "n",
    uri: "https://u",
    digest: { sha256: SHA256 },
    content: "",
    downloadLocation: "https://d",
    mediaType: "text/plain",
    annotations: { any: [1] },
  };
  expect(ResourceDescriptor.parse({ ...descriptor, extension_field: 1 })).toStrictEqual(descriptor);
});

test("unset, null and empty are one", () => {
  const empty = { name: "", digest: {}, downloadLocation: null, mediaType: null, content: null, annotations: {} };
  expect(ResourceDescriptor.parse({ uri: "u", ...empty })).toStrictEqual({ uri: "u" });
});

test.each([
  ["nothing", {}],
  ["a name alone", { name: "n" }],
  ["an empty uri", { uri: "" }],
  ["an empty digest", { digest: {} }],
  ["null everywhere", { uri: null, digest: null, content: null }],
])("%s describes nothing", (_what, value) => {
  expect(ResourceDescriptor.safeParse(value).error?.issues).toMatchObject([
    { message: "a resource descriptor needs a uri, a digest or content" },
  ]);
});

test.each([
  ["a uri that is no text", { uri: 1 }, "uri"],
  ["a uri that is too long", { uri: "u".repeat(8193) }, "uri"],
  ["a digest in upper case", { digest: { sha256: "A".repeat(64) } }, "digest"],
  ["a digest that is a list", { digest: [SHA256] }, "digest"],
  ["a digest that is a number", { digest: { other: 1 } }, "digest"],
  ["annotations that are a list", { uri: "u", annotations: [] }, "annotations"],
  ["content that is too long", { content: "A".repeat(65_537) }, "content"],
])("%s is refused", (_what, value, path) => {
  expect(ResourceDescriptor.safeParse(value).error?.issues).toMatchObject([{ path: [path] }]);
});
