import { DIRTY, EMPTY_SUBJECTS_FILE, encodeStatement, generate, LOCAL_BUILDER, TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import { LOCAL_BUILD_TYPE, local } from "./local.ts";

const COMMIT = "1f".repeat(20);

/** A Host whose git answers as told; what a real one answers is in read-checkout.test.ts. */
function hostWith(answers: Readonly<Record<string, string>>): Host {
  return {
    async run(_command: string, args: readonly string[]) {
      const answer = Object.entries(answers).find(([words]) => args.join(" ").includes(words))?.[1];
      if (answer === undefined)
        throw new TouchmarkError("RUN_FAILED", "git failed", { actual: "not a git repository" });
      return { stdout: new TextEncoder().encode(answer), stderr: new Uint8Array() };
    },
  } as unknown as Host;
}

const OURS = "command\0core.fsmonitor\nfalse\0command\0core.hookspath\n/dev/null\0";
const STATUS = `# branch.oid ${COMMIT}\n# branch.head main\n`;

const checkout = {
  version: "git version 2.39.5\n",
  "config --list": `${OURS}local\0remote.origin.url\ngit@github.com:octo/widgets.git\0`,
  "for-each-ref": "refs/tags/v1.0.0\n",
  status: STATUS,
};

const claimOf = async (answers: Readonly<Record<string, string>>) => {
  const run = local.detect({});
  if (run === null) throw new Error("local must always answer");
  return run.claim(hostWith(answers));
};

describe("claim", () => {
  it("of a tagged checkout: docs/buildtypes/local-v1.md's example", async () => {
    expect(await claimOf(checkout)).toEqual({
      buildType: LOCAL_BUILD_TYPE,
      externalParameters: { source: { repository: "https://github.com/octo/widgets", ref: "refs/tags/v1.0.0" } },
      internalParameters: {},
      source: { uri: "git+https://github.com/octo/widgets@refs/tags/v1.0.0", digest: { gitCommit: COMMIT } },
      builder: { id: LOCAL_BUILDER, version: {} },
      invocationId: null,
      startedOn: null,
      finishedOn: null,
    });
  });

  it("without a tag", async () => {
    expect(await claimOf({ ...checkout, "for-each-ref": "" })).toMatchObject({
      externalParameters: { source: { repository: "https://github.com/octo/widgets" } },
      source: { uri: "git+https://github.com/octo/widgets" },
    });
  });

  it("of changed files says so", async () => {
    const { source } = await claimOf({
      ...checkout,
      status: `${STATUS}1 .M N... 100644 100644 100644 ${COMMIT} ${COMMIT} a.txt\n`,
    });
    expect(source?.annotations).toEqual({ [DIRTY]: true });
  });

  it("without a remote keeps the commit and names no repository", async () => {
    const claim = await claimOf({ ...checkout, "config --list": OURS });
    expect(claim).toMatchObject({ externalParameters: {}, source: { digest: { gitCommit: COMMIT } } });
    expect(claim.source).not.toHaveProperty("uri");
  });

  it.each([
    ["outside of a repository", { version: checkout.version }],
    ["without git", {}],
  ])("%s names no source", async (_name, answers) => {
    expect(await claimOf(answers)).toMatchObject({ externalParameters: {}, source: null });
  });

  it("becomes a statement that names neither machine nor time", async () => {
    const subjects = [{ name: "tool", digest: { sha256: "ab".repeat(32) } }];
    const statement = generate(await claimOf(checkout), { ...EMPTY_SUBJECTS_FILE, subjects });
    const text = new TextDecoder().decode(encodeStatement(statement));
    expect(JSON.parse(text).predicate).toEqual({
      buildDefinition: {
        buildType: LOCAL_BUILD_TYPE,
        externalParameters: { source: { repository: "https://github.com/octo/widgets", ref: "refs/tags/v1.0.0" } },
        resolvedDependencies: [
          { uri: "git+https://github.com/octo/widgets@refs/tags/v1.0.0", digest: { gitCommit: COMMIT } },
        ],
      },
      runDetails: { builder: { id: LOCAL_BUILDER } },
    });
  });
});

it("is L1, has no run and no token", async () => {
  const run = local.detect({ CI: "true" });
  expect(run?.level.build).toBe(1);
  expect(run?.platform).toBe("local");
  expect(await run?.origin(hostWith({}))).toBeNull();
  expect(await run?.identityToken("sigstore", hostWith({}))).toBeNull();
});
