import { expect, it } from "vitest";
import { requestId } from "./request-id.ts";

it.each<[string, Readonly<Record<string, string>>, string | null]>([
  ["Sigstore's", { "x-request-id": "abc-1" }, "abc-1"],
  ["GitHub's", { "x-github-request-id": "C0:1F:2", "cf-ray": "9" }, "C0:1F:2"],
  ["none", { "content-type": "text/plain" }, null],
  ["one that would break a line", { "x-request-id": "a b\n" }, null],
  ["one without an end", { "x-request-id": "a".repeat(129) }, null],
])("the number of a request: %s", (_name, headers, id) => {
  expect(requestId(headers)).toBe(id);
});
