import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SignedEnvelope, WritableHost } from "@touchmark/plugin";
import { withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { releaseStore } from "./release-store.ts";

let workspace = "";
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "touchmark-release-"));
});
afterEach(() => rmSync(workspace, { recursive: true }));

const envelope = (text: string): SignedEnvelope => ({ bundle: new TextEncoder().encode(text), subjects: [] });
const publish = (envelopes: readonly SignedEnvelope[]) =>
  withTestHost(workspace, (host) =>
    releaseStore({ folder: "out", name: "tool" }).publish(envelopes, host as WritableHost),
  );

it("writes one file, and says when it was there", async () => {
  const uri = "out/tool.release.sigstore.json";
  expect(await publish([envelope("{}")])).toEqual([{ subject: null, uri, existed: false }]);
  expect(readFileSync(join(workspace, uri), "utf8")).toBe("{}\n");
  expect(await publish([envelope("{}")])).toEqual([{ subject: null, uri, existed: true }]);
  expect(readdirSync(join(workspace, "out"))).toEqual(["tool.release.sigstore.json"]);
});

it.each<[string, readonly SignedEnvelope[]]>([
  ["none", []],
  ["two", [envelope("{}"), envelope("{}")]],
  ["a list of two lines", [envelope("{\n}")]],
])("refuses %s", async (_name, envelopes) => {
  await expect(publish(envelopes)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  expect(readdirSync(workspace)).toEqual([]);
});

it("refuses a name that is a path, before anything is signed", () => {
  expect(() => releaseStore({ folder: "out", name: "a/b" })).toThrow(expect.objectContaining({ code: "NAME_REFUSED" }));
});
