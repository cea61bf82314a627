import { readNpmKeys } from "@touchmark/verify";
import { expect, it } from "vitest";
import { bytesOf } from "../test/github-cases.ts";
import { keysJson } from "../test/npm-cases.ts";
import { reasonOf } from "../test/reason.ts";
import { npmKey } from "./npm-key.ts";

const [KEY] = keysJson().keys;

it("a key for attestations is found by its id", () => {
  const keys = readNpmKeys(bytesOf(keysJson()));
  expect(reasonOf(() => npmKey(keys, KEY?.keyId ?? ""))).toBe("passed");
  expect(reasonOf(() => npmKey(keys, "SHA256:other"))).toBe("ErrorInvalidPublicKey");
  expect(reasonOf(() => npmKey(keys, null))).toBe("ErrorInvalidPublicKey");
});
