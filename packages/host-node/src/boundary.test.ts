import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBoundary } from "./boundary.ts";

let top: string;
let workspace: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "boundary-")));
  workspace = join(top, "ws");
  mkdirSync(join(workspace, "dist"), { recursive: true });
  mkdirSync(join(top, "ws-other"));
  mkdirSync(join(top, "out"));
  writeFileSync(join(workspace, "dist", "tool"), "");
  writeFileSync(join(top, "out", "secret"), "");
  writeFileSync(join(top, "ws-other", "secret"), "");
});
afterEach(() => rmSync(top, { recursive: true }));

const refused = (action: () => unknown) => {
  expect(action).toThrowError(expect.objectContaining({ code: "OUTSIDE_ROOTS" }));
};

describe("what lies inside", () => {
  it("takes relative and absolute paths of the workspace, and resolves links that stay inside", () => {
    symlinkSync("dist", join(workspace, "latest"));
    const boundary = createBoundary(workspace, []);
    expect(boundary.follow("dist/tool")).toBe(join(workspace, "dist", "tool"));
    expect(boundary.follow(join(workspace, "dist"))).toBe(join(workspace, "dist"));
    expect(boundary.follow("latest/tool")).toBe(join(workspace, "dist", "tool"));
    expect(boundary.follow(".")).toBe(workspace);
    expect(boundary.follow("dist/none")).toBe(null);
  });

  it("takes what the user granted, relative or absolute, a link that he named, and one that is made later", () => {
    symlinkSync(join(top, "out"), join(workspace, "named"));
    expect(createBoundary(workspace, ["../out"]).follow(join(top, "out", "secret"))).toBe(join(top, "out", "secret"));
    expect(createBoundary(workspace, ["named"]).follow("named/secret")).toBe(join(top, "out", "secret"));
    const later = createBoundary(workspace, [join(top, "later")]);
    expect(later.follow("../later/file")).toBe(null);
    mkdirSync(join(top, "later"));
    writeFileSync(join(top, "later", "file"), "");
    expect(later.follow("../later/file")).toBe(join(top, "later", "file"));
  });
});

describe("what lies outside", () => {
  it("refuses paths that climb out, absolute ones, and a neighbour whose name starts the same", () => {
    const boundary = createBoundary(workspace, []);
    refused(() => boundary.follow("../out/secret"));
    refused(() => boundary.follow(join(top, "out", "secret")));
    refused(() => boundary.follow("../ws-other/secret"));
    refused(() => boundary.follow("/"));
  });

  it("refuses the same when nothing is there, so that an answer tells nothing of the outside", () => {
    refused(() => createBoundary(workspace, []).follow("../out/none"));
    refused(() => createBoundary(workspace, []).followParent("../out/none"));
  });

  it("refuses a link that leads out, at the end of a path and on the way", () => {
    symlinkSync(join(top, "out", "secret"), join(workspace, "file"));
    symlinkSync(join(top, "out"), join(workspace, "folder"));
    const boundary = createBoundary(workspace, []);
    refused(() => boundary.follow("file"));
    refused(() => boundary.follow("folder/secret"));
    refused(() => boundary.follow("folder/none"));
    refused(() => boundary.followParent("folder/secret"));
  });

  it("refuses a name that the system cannot open", () => {
    expect(() => createBoundary(workspace, []).follow("a\0b")).toThrowError(
      expect.objectContaining({ code: "NAME_REFUSED" }),
    );
  });
});

describe("how paths are shown", () => {
  it("shows them relative to the workspace where they lie inside", () => {
    const boundary = createBoundary("/srv/space", []);
    expect(boundary.show("/srv/space/dist/tool")).toBe("dist/tool");
    expect(boundary.show("/srv/space/..tool")).toBe("..tool");
    expect(boundary.show("/srv/space")).toBe(".");
    expect(boundary.show("/srv/spaceship")).toBe("/srv/spaceship");
    expect(boundary.show("/srv/out")).toBe("/srv/out");
  });
});
