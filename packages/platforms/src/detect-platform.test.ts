import type { Env, HandedToken, Platform, PlatformRun } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import { detectPlatform } from "./detect-platform.ts";
import { local } from "./local.ts";

function platform(name: string, variable: string): Platform {
  const run = { platform: name } as PlatformRun;
  return { name, detect: (env: Env) => (env[variable] === "true" ? run : null) };
}

const platforms = [local, platform("octo-ci", "OCTO_CI"), platform("penta-ci", "PENTA_CI")];

describe("finds", () => {
  it.each<[string, Env, string | null, string]>([
    ["local when nothing shows itself", {}, null, "local"],
    ["the one that shows itself, wherever local stands in the list", { OCTO_CI: "true" }, null, "octo-ci"],
    ["local in another platform's job, when asked by name", { OCTO_CI: "true" }, "local", "local"],
    ["the named one of two", { OCTO_CI: "true", PENTA_CI: "true" }, "penta-ci", "penta-ci"],
  ])("%s", (_name, env, wanted, expected) => {
    expect(detectPlatform(env, platforms, wanted).platform).toBe(expected);
    expect(detectPlatform(env, platforms.toReversed(), wanted).platform).toBe(expected);
  });

  it("local although it is not in the list", () => {
    expect(detectPlatform({}, [], null).platform).toBe("local");
  });
});

describe("a platform that nothing shows", () => {
  const run = { platform: "cluster" } as PlatformRun;
  const some: readonly Platform[] = [...platforms, { name: "cluster", onlyNamed: true, detect: () => run }];

  it("is never found, and is there by its name", () => {
    expect(detectPlatform({}, some, null).platform).toBe("local");
    expect(detectPlatform({ OCTO_CI: "true" }, some, null).platform).toBe("octo-ci");
    expect(detectPlatform({ OCTO_CI: "true" }, some, "cluster")).toBe(run);
  });

  it("is among the known ones", () => {
    expect(() => detectPlatform({}, some, "jenkins")).toThrow(
      expect.objectContaining({ expected: "octo-ci, penta-ci, cluster, local" }),
    );
  });
});

it("hands the user's token to whoever it finds", () => {
  const token: HandedToken = { issuer: "https://issuer.example", unverified: {}, verified: async () => never() };
  const seen: unknown[] = [];
  const spy: Platform = {
    name: "spy",
    detect: (env, handed) => {
      seen.push(handed);
      return env["SPY"] === undefined ? null : ({ platform: "spy" } as PlatformRun);
    },
  };
  detectPlatform({ SPY: "true" }, [spy], null, token);
  detectPlatform({ SPY: "true" }, [spy], "spy", token);
  expect(seen).toEqual([token, token]);
  expect(detectPlatform({}, [spy], null, token).issuer).toBe("https://issuer.example");
  expect(detectPlatform({}, [spy], null).issuer).toBeNull();
});

function never(): never {
  throw new Error("nobody needs it yet");
}

describe("USAGE", () => {
  it.each<[string, Env, string | null, string]>([
    ["two platforms, both named", { OCTO_CI: "true", PENTA_CI: "true" }, null, "octo-ci, penta-ci"],
    ["a platform that nobody knows", {}, "jenkins", '"jenkins"'],
    ["a named platform that does not show itself", {}, "octo-ci", "none of them, or not all"],
  ])("%s", (_name, env, wanted, actual) => {
    const detect = () => detectPlatform(env, platforms, wanted);
    expect(detect).toThrow(expect.objectContaining({ code: "USAGE", actual }));
  });

  it("an unknown name is answered with the known ones", () => {
    expect(() => detectPlatform({}, platforms, "jenkins")).toThrow(
      expect.objectContaining({ expected: "octo-ci, penta-ci, local" }),
    );
  });
});
