import { compareText } from "@touchmark/core";
import { describe, expect, test } from "vitest";
import { type Files, memoryHost } from "../test/memory-host.ts";
import { configText, smallDist, withEntries, withFile } from "../test/synthetic-dist.ts";
import { goreleaser } from "./goreleaser.ts";

const collect = (files: Files, options: { dist?: string; runFolder?: string } = {}) =>
  goreleaser.collect(memoryHost(files), { dist: "dist", ...options });
const extraNames = async (files: Files, options = {}) => {
  const usual = (await collect(smallDist()))?.subjects.map(({ name }) => name) ?? [];
  const all = (await collect(files, options))?.subjects.map(({ name }) => name) ?? [];
  return all.filter((name) => !usual.includes(name)).sort(compareText);
};

function releasing(rules: string[], others: Record<string, string>, more: string[] = []): Map<string, Uint8Array> {
  return smallDist({
    config: configText({ release: ["extra_files:", ...rules.map((rule) => `- ${rule}`), ...more] }),
    others,
  });
}

describe("release.extra_files", () => {
  test("are subjects under the names that the release gives them", async () => {
    const rules = ["glob: ./install.sh", "{glob: 'docs/*.1', name_template: ''}", "{glob: ./conf, name_template: ''}"];
    rules.push("{glob: './notes-{{ .Version }}.md', name_template: 'NOTES-{{.Tag}}.md'}", "glob: ''");
    const others = { "install.sh": "#!", "docs/a.1": "a", "docs/b.1": "b", "docs/c.md": "c", "conf/x/y.conf": "y" };
    const files = releasing(rules, { ...others, "notes-1.0.0.md": "n" });
    expect(await extraNames(files)).toEqual(["NOTES-v1.0.0.md", "a.1", "b.1", "install.sh", "y.conf"]);
  });

  test.each(["./install.sh", "docs/*.1", "./conf"])("that match nothing are missing: %s", async (glob) => {
    await expect(collect(releasing([`glob: ${glob}`], {}))).rejects.toMatchObject({
      code: "ARTIFACT_MISSING",
      message: expect.stringContaining(JSON.stringify(glob)),
    });
  });

  test("are not looked for when there is no release", async () => {
    expect(await extraNames(releasing(["glob: ./install.sh"], {}, ["disable: 'true'"]))).toEqual([]);
  });

  test.each(["{glob: './{{ .Env.NAME }}.sh'}", "{glob: ./install.sh, name_template: '{{ tolower .Tag }}.sh'}"])(
    "with a template that needs more than metadata.json are refused: %s",
    async (rule) => {
      await expect(collect(releasing([rule], { "install.sh": "#!" }))).rejects.toMatchObject({ code: "INPUT_INVALID" });
    },
  );

  test("that were uploaded stand in artifacts.json, relative to where GoReleaser ran", async () => {
    const uploaded = withEntries(releasing(["{glob: './{{ .Env.NAME }}.sh'}"], { "install.sh": "#!" }), (entries) => [
      ...entries,
      { name: "install.sh", path: "install.sh", internal_type: 3, type: "File" },
    ]);
    expect(await extraNames(uploaded)).toEqual(["install.sh"]);
    await expect(collect(withFile(uploaded, "install.sh", null))).rejects.toMatchObject({
      code: "ARTIFACT_MISSING",
      message: '"install.sh" is listed in artifacts.json and is not there',
    });
  });

  test("with an absolute path are not looked for elsewhere", async () => {
    const listed = withEntries(smallDist({ others: { "opt/install.sh": "#!" } }), (entries) => [
      ...entries,
      { name: "install.sh", path: "/opt/install.sh", type: "File" },
    ]);
    await expect(collect(listed)).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    expect(await extraNames(withFile(listed, "/opt/install.sh", "#!"))).toEqual(["install.sh"]);
  });

  test("beside a moved dist need runFolder", async () => {
    const files = releasing(["glob: ./install.sh"], { "install.sh": "#!" });
    const moved = new Map([...files].map(([path, bytes]) => [path.replace("dist/", "elsewhere/"), bytes]));
    await expect(collect(moved, { dist: "elsewhere" })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      expected: expect.stringContaining("runFolder"),
    });
    expect(await extraNames(moved, { dist: "elsewhere", runFolder: "." })).toEqual(["install.sh"]);
  });
});

describe("release.include_meta", () => {
  test("uploads metadata.json", async () => {
    const files = smallDist({ config: configText({ release: ["include_meta: true"] }) });
    expect(await extraNames(files)).toEqual(["metadata.json"]);
  });
});
