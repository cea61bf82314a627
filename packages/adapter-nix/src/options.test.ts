import { describe, expect, it } from "vitest";
import { NixOptions, optionsFromArgument, pathsInArgument, placesOf } from "./options.ts";

describe("the argument", () => {
  it.each([
    [null, {}],
    ["result", { path: "result" }],
    ["a,b/c", { path: "a,b/c" }],
    ["a,b=c/d,files=true", "USAGE"],
    ["result,store=/s,files=true", { path: "result", store: "/s", files: true }],
    [",store=/s", { store: "/s" }],
    [
      "result,drv=x.drv,pathInfo=p.json,lock=sub/flake.lock",
      { path: "result", drv: "x.drv", pathInfo: "p.json", lock: "sub/flake.lock" },
    ],
    ["result,lock=false,files=false", { path: "result", lock: false, files: false }],
    ["result,stroe=/s", "USAGE"],
    ["result,store=/s,store=/t", "USAGE"],
    ["result,store=", "USAGE"],
    ["result,files=yes", "USAGE"],
  ])("%s", (argument, wanted) => {
    if (wanted === "USAGE") {
      expect(() => optionsFromArgument(argument)).toThrow(expect.objectContaining({ code: "USAGE" }));
    } else {
      expect(optionsFromArgument(argument)).toEqual(wanted);
      expect(NixOptions.safeParse(optionsFromArgument(argument)).success).toBe(true);
    }
  });
});

it("naming a path in the argument grants reading it, and naming the adapter its store", () => {
  expect(pathsInArgument("/x/result,store=/s,files=true,drv=a.drv,pathInfo=p.json,lock=l")).toEqual([
    "/x/result",
    "a.drv",
    "p.json",
    "l",
  ]);
  expect(pathsInArgument(",lock=false")).toEqual([]);
  expect(placesOf({ path: "result", drv: "/x.drv" })).toEqual(["/nix/store"]);
  expect(placesOf({ store: "/s" })).toEqual(["/s"]);
  expect(placesOf({ store: 3 })).toEqual([]);
});

it("a misspelled key and a value of another sort are refused", () => {
  for (const options of [{ stroe: "/s" }, { files: "true" }, { lock: true }, { path: [] }, { expect: 0 }]) {
    expect(NixOptions.safeParse(options).success).toBe(false);
  }
});
