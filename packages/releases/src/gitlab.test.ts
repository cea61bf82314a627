import { describe, expect, it } from "vitest";
import type { Answer } from "../test/answering-host.ts";
import { bytesOf, evidenceOf, open } from "../test/open.ts";

const API = "https://gitlab.com/api/v4/projects/octo%2Fdeep%2Ftool/releases/v1";
const PACKAGE = "https://gitlab.com/octo/deep/tool/-/releases/v1/downloads/tool.tar.gz";
const CDN = "https://cdn.artifacts.gitlab-static.net/x?signed";
const link = { name: "Linux", url: PACKAGE, direct_asset_url: PACKAGE, link_type: "package" };
const answers = (links: readonly object[], tag = "v1"): Record<string, Answer> => ({
  [API]: { body: { tag_name: tag, assets: { count: 3, sources: [{ format: "zip" }], links } } },
  [PACKAGE]: { status: 302, headers: { location: CDN } },
  [CDN]: { body: "bytes" },
});
const TARGET = "gl:octo/deep/tool@v1";

describe("a release of GitLab", () => {
  it("is the files behind its links, by the names of their addresses", async () => {
    const opened = await open(
      TARGET,
      answers([link, { name: "Handbook", url: "https://docs.example.com", link_type: "runbook" }]),
    );
    expect(opened.release.assets.map(({ name }) => name)).toEqual(["tool.tar.gz"]);
    expect(await bytesOf(opened.release.assets[0])).toBe("bytes");
    expect(await evidenceOf(opened)).toEqual([]);
  });

  it("is asked for with the token, which no redirect gets", async () => {
    const { release, requests } = await open(TARGET, answers([link]), { token: "hush" });
    await bytesOf(release.assets[0]);
    expect(requests.map(({ headers }) => headers?.["private-token"])).toEqual(["hush", "hush", undefined]);
  });

  it("of an instance of its own lies there", async () => {
    const home = "https://git.example.com";
    const at = `${home}/octo/tool/-/releases/v1/downloads/tool`;
    const { release, requests } = await open(`gl:${home}/octo/tool@v1`, {
      [`${home}/api/v4/projects/octo%2Ftool/releases/v1`]: {
        body: { tag_name: "v1", assets: { links: [{ name: "tool", url: at }] } },
      },
      [at]: { body: "bytes" },
    });
    expect(await bytesOf(release.assets[0])).toBe("bytes");
    expect(requests.every(({ url }) => url.startsWith(home))).toBe(true);
  });
});

describe("is refused", () => {
  it.each<[string, string, Record<string, Answer>]>([
    ["one that is not there", "TARGET_MISSING", {}],
    ["another tag", "SERVICE_INVALID", answers([link], "v2")],
    ["a file at a stranger's", "SERVICE_INVALID", answers([{ name: "tool", url: "https://evil.example/tool" }])],
    ["two files of one name", "SERVICE_INVALID", answers([link, link])],
    ["a name with a slash in it", "NAME_REFUSED", answers([{ ...link, direct_asset_url: `${PACKAGE}/..%2Ftool` }])],
    ["what is no release", "SERVICE_INVALID", { [API]: { body: [] } }],
  ])("%s", async (_, code, all) => {
    await expect(open(TARGET, all)).rejects.toMatchObject({ code });
  });
});
