import { expect, it } from "vitest";
import { certifiedName } from "./certified-name.ts";

it.each([
  ["URI:https://github.com/a/b@refs/tags/v1", "https://github.com/a/b@refs/tags/v1"],
  ["email:dev@octo.example", "dev@octo.example"],
  ['URI:"https://github.com/a/b@refs/tags/v1\\u002cx"', "https://github.com/a/b@refs/tags/v1,x"],
  ["URI:https://a.example, URI:https://b.example", "https://a.example, URI:https://b.example"],
  ['URI:"https://a.example", URI:"https://b.example"', '"https://a.example", URI:"https://b.example"'],
  ['URI:"\\x"', '"\\x"'],
  ["DNS:a.example", "DNS:a.example"],
  [undefined, ""],
])("%s names %s", (text, name) => {
  expect(certifiedName(text)).toBe(name);
});
