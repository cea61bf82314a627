import { TouchmarkError } from "@touchmark/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loginFailure } from "./login-failure.ts";

const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlc2lnbmF0dXJl";
const said = (error: string, error_description?: unknown) =>
  loginFailure(Object.assign(new Error("x"), { error, error_description }));

describe("LOGIN_FAILED says", () => {
  it.each<[TouchmarkError, string]>([
    [said("access_denied"), "access_denied"],
    [said("access_denied", "not today"), "access_denied: not today"],
    [said("access_denied", "a\u001b[2Jb\u202ec\r\nd"), "access_denied: a [2Jb c d"],
    [said("invalid_grant", `got ${TOKEN}`), "invalid_grant: got …"],
    [said("invalid_grant", "x ".repeat(500)), `invalid_grant: ${"x ".repeat(100).trim()}`],
    [said("invalid_grant", { nested: TOKEN }), "invalid_grant"],
    [said("Not A Code <b>", "words"), "an answer against the protocol"],
    [
      loginFailure(Object.assign(new Error(TOKEN), { code: "OAUTH_PARSE_ERROR" })),
      "an answer against the protocol (OAUTH_PARSE_ERROR)",
    ],
    [loginFailure(Object.assign(new Error("x"), { code: TOKEN })), "an answer against the protocol"],
    [loginFailure(TOKEN), "an answer against the protocol"],
  ])("%#: %s", (error, actual) => {
    expect(error).toMatchObject({ code: "LOGIN_FAILED", actual });
    expect(error.cause).toBeUndefined();
  });
});

it("lets our own errors through, however deep", () => {
  const ours = new TouchmarkError("NETWORK_UNAVAILABLE", "no answer");
  expect(loginFailure(new Error("a", { cause: new Error("b", { cause: ours }) }))).toBe(ours);
});

it("whatever a service says, no control character and no token", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (words) => {
      const { actual } = said("server_error", `${words} ${TOKEN}`);
      expect(actual).not.toContain("eyJhbGciOiJSUzI1NiJ9");
      expect(actual).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});
