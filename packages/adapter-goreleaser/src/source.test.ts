import { describe, expect, test } from "vitest";
import { type GitAnswers, memoryHost } from "../test/memory-host.ts";
import { COMMIT, configText, metadataText, smallDist } from "../test/synthetic-dist.ts";
import { goreleaser } from "./goreleaser.ts";

const HEAD = "rev-parse --verify HEAD";
const TRACKED = "ls-files --error-unmatch -- artifacts.json";
const REMOTE = "remote get-url origin";

async function sources(git: GitAnswers, metadata: Record<string, unknown> = {}, config = configText({})) {
  const files = smallDist({ metadata: metadataText(metadata), config });
  return (await goreleaser.collect(memoryHost(files, git), { dist: "dist" }))?.resolvedDependencies;
}

describe("a dist in a checkout", () => {
  test("of another commit is stale", async () => {
    await expect(sources({ [HEAD]: "b".repeat(40) })).rejects.toMatchObject({
      code: "STALE_OUTPUT",
      expected: expect.stringContaining("b".repeat(40)),
      actual: expect.stringContaining(COMMIT),
    });
  });

  test("that is committed itself was not built in it", async () => {
    expect(await sources({ [HEAD]: "b".repeat(40), [TRACKED]: "artifacts.json" })).toEqual([
      { uri: "git+https://github.com/example/demo@refs/tags/v1.0.0", digest: { gitCommit: COMMIT } },
    ]);
  });

  test.each([
    "https://x-access-token:s3cret@git.example.org/team/demo.git",
    "git@git.example.org:team/demo.git",
    "ssh://git@git.example.org/team/demo",
  ])("comes from its remote, without user and password: %s", async (remote) => {
    expect(await sources({ [HEAD]: COMMIT, [REMOTE]: remote })).toEqual([
      { uri: "git+https://git.example.org/team/demo@refs/tags/v1.0.0", digest: { gitCommit: COMMIT } },
    ]);
  });

  test.each(["/srv/git/demo.git", "file:///srv/git/demo", "../demo"])(
    "does not name a local remote: %s",
    async (remote) => {
      expect((await sources({ [HEAD]: COMMIT, [REMOTE]: remote }))?.[0]?.uri).toContain("github.com/example/demo");
    },
  );
});

describe("without a checkout", () => {
  const on = (host: string) => configText({}).replace("  github:", `  ${host}:`);

  test.each([
    ["gitlab", "git+https://gitlab.com/example/demo@refs/tags/v1.0.0"],
    ["github", "git+https://github.com/example/demo@refs/tags/v1.0.0"],
  ])("the release's place tells: %s", async (host, uri) => {
    expect((await sources({}, {}, on(host)))?.[0]?.uri).toBe(uri);
  });

  test("and without its place there is a commit alone", async () => {
    const commitAlone = [{ name: "source", digest: { gitCommit: COMMIT } }];
    expect(await sources({}, {}, on("gitea"))).toEqual(commitAlone);
    expect(await sources({}, {}, configText({}).replace("example", "'{{ .Env.OWNER }}'"))).toEqual(commitAlone);
  });

  test.each(["none", ""])("and without a repository there is no source: %j", async (commit) => {
    expect(await sources({ [HEAD]: COMMIT }, { commit })).toEqual([]);
  });
});

describe("a snapshot", () => {
  const notes = async (metadata: Record<string, unknown>) => {
    const files = smallDist({ metadata: metadataText(metadata) });
    return (await goreleaser.collect(memoryHost(files), { dist: "dist" }))?.byproducts[0]?.annotations;
  };

  test.each(["1.0.0-SNAPSHOT-3aabc67", "1.0.1-next"])("%s is not the tag's release", async (version) => {
    expect(await notes({ version })).toEqual({ "goreleaser.snapshot": true });
    expect((await sources({}, { version }))?.[0]?.uri).toBe("git+https://github.com/example/demo");
  });

  test.each(["v1.0.0", "1.0.0", "sub/v1.0.0", "sub/1.0.0"])("the tag %s is the release 1.0.0", async (tag) => {
    expect(await notes({ tag })).toBeUndefined();
    expect((await sources({}, { tag }))?.[0]?.uri).toBe(`git+https://github.com/example/demo@refs/tags/${tag}`);
  });
});
