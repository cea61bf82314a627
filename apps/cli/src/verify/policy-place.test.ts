import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../context.ts";
import { policyPlace } from "./policy-place.ts";

let base = "";
const at = (...parts: readonly string[]) => path.join(base, ...parts);
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), "touchmark-place-"));
  for (const folder of ["xdg/touchmark", "home/.config/touchmark", "system", "here", "broken/touchmark"])
    await mkdir(at(folder), { recursive: true });
  for (const file of ["xdg/touchmark", "home/.config/touchmark", "system", "here"])
    await writeFile(at(file, "policy.yaml"), "");
  await symlink(at("nowhere"), at("broken/touchmark/policy.yaml"));
});
afterAll(() => rm(base, { recursive: true }));

function placed(env: Context["env"], flag?: string | false, system = at("system")) {
  const context = { cwd: at("here"), env } as Context;
  const place = policyPlace(context, flag, system);
  return place === null ? null : [path.relative(base, place.file), place.label];
}

const OF_SYSTEM = ["system/policy.yaml", expect.stringMatching(/system\/policy\.yaml$/)];

describe("the policy to verify by", () => {
  it("is the one that the flag names, from where the user is", () => {
    expect(placed({ XDG_CONFIG_HOME: at("xdg") }, "mine.yaml")).toEqual(["here/mine.yaml", "mine.yaml"]);
  });

  it("is none where the flag asks for none", () => {
    expect(placed({ XDG_CONFIG_HOME: at("xdg") }, false)).toBeNull();
  });

  it("is the user's, called without what is private in its path", () => {
    expect(placed({ XDG_CONFIG_HOME: at("xdg"), HOME: at("home") })).toEqual([
      "xdg/touchmark/policy.yaml",
      "$XDG_CONFIG_HOME/touchmark/policy.yaml",
    ]);
    const ofHome = ["home/.config/touchmark/policy.yaml", "~/.config/touchmark/policy.yaml"];
    expect(placed({ HOME: at("home") })).toEqual(ofHome);
    expect(placed({ HOME: at("home"), XDG_CONFIG_HOME: "relative" })).toEqual(ofHome);
  });

  it("is the system's where the user has none", () => {
    expect(placed({ HOME: at("none") })).toEqual(OF_SYSTEM);
    expect(placed({ XDG_CONFIG_HOME: at("none") })).toEqual(OF_SYSTEM);
  });

  it("is never what lies in the working directory", () => {
    expect(placed({ HOME: at("none") }, undefined, at("none"))).toBeNull();
    const HOME = path.relative(process.cwd(), at("home"));
    expect(placed({ HOME })).not.toEqual(["home/.config/touchmark/policy.yaml", "~/.config/touchmark/policy.yaml"]);
  });

  it("is one that leads nowhere too, so that it is missed", () => {
    expect(placed({ XDG_CONFIG_HOME: at("broken") })?.[0]).toBe("broken/touchmark/policy.yaml");
  });
});
