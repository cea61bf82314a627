import { type BuildClaim, type DigestSet, TouchmarkError } from "@touchmark/core";
import { type Adapter, API_VERSION, defineAdapter, type Host, type PlatformRun, z } from "@touchmark/plugin";
import { withTestHost } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";
import { type Plan, prepare } from "./prepare.ts";

const hex = "0123456789abcdef".repeat(4);

const claim: BuildClaim = {
  builder: { id: "https://ci.example/builder", version: {} },
  buildType: "https://ci.example/build/v1",
  externalParameters: {},
  internalParameters: {},
  source: null,
  invocationId: null,
  startedOn: null,
  finishedOn: null,
};

const run: PlatformRun = {
  platform: "test",
  level: { build: 1, reason: "a test" },
  issuer: null,
  contacts: [],
  claim: async () => claim,
  origin: async () => null,
  identityToken: async () => null,
};

/** Prepares a release of these subjects, which are there once `collecting` is over. */
function prepared(
  subjects: Readonly<Record<string, DigestSet>>,
  change: Partial<Plan> = {},
  collecting: () => Promise<void> = async () => {},
) {
  const adapter = defineAdapter({
    apiVersion: API_VERSION,
    name: "made",
    completeness: "manifest",
    marks: [],
    suggest: {},
    options: z.strictObject({}),
    fromArgument: () => ({}),
    collect: async () => {
      await collecting();
      return {
        subjects: Object.entries(subjects).map(([name, digest]) => ({ name, digest })),
        resolvedDependencies: [],
        byproducts: [],
      };
    },
  });
  const plan: Plan = {
    sources: [{ adapter: adapter as Adapter, options: {}, artifact: "made", part: null, name: null, label: "made" }],
    subjectsFiles: [],
    expectedParts: null,
    declaredRepositories: [],
    checkout: Promise.resolve(null),
    run,
    requiredLevel: null,
    maxSubjects: null,
    perSubject: false,
    splitDirectories: false,
    ...change,
  };
  return withTestHost(import.meta.dirname, (host) => prepare(plan, host));
}

const namesOf = ({ statements }: Awaited<ReturnType<typeof prepared>>) =>
  statements.map(({ subject }) => subject.map(({ name }) => name));

const mixed = { "a-tree": { narSha256: hex }, tool: { sha256: hex }, "z-tree": { narSha256: hex, dirHash: hex } };

it("keeps files and directories in one statement, and says who refuses it", async () => {
  const release = await prepared(mixed);
  expect(namesOf(release)).toEqual([["a-tree", "tool", "z-tree"]]);
  expect(release.notes).toEqual([expect.stringContaining("--split-directories")]);
});

it("gives directories a statement of their own on request", async () => {
  const release = await prepared(mixed, { splitDirectories: true });
  expect(namesOf(release)).toEqual([["tool"], ["a-tree", "z-tree"]]);
  const [files, directories] = release.statements;
  expect(directories?.predicate).toEqual(files?.predicate);
  expect(release.notes).toEqual([]);
});

it("has nothing to split where there are only directories, or only files", async () => {
  expect(namesOf(await prepared({ tree: { narSha256: hex } }, { splitDirectories: true }))).toEqual([["tree"]]);
  expect(namesOf(await prepared({ tool: { sha256: hex } }, { splitDirectories: true }))).toEqual([["tool"]]);
});

it("splits each of the two when there are too many subjects", async () => {
  const release = await prepared(mixed, { splitDirectories: true, maxSubjects: 1 });
  expect(namesOf(release)).toEqual([["tool"], ["a-tree"], ["z-tree"]]);
});

it("does not offer to split what no split would help", async () => {
  const release = await prepared({ tool: { sha256: hex }, other: { blake2b: hex + hex } });
  expect(release.notes).toEqual([expect.stringMatching(/sigstore-python refuses .*"other" has a digest .* know\.$/)]);
});

describe("the claim", () => {
  const tool = { tool: { sha256: hex } };
  /** Claims by asking somebody, who answers once `answer` says so. */
  const asking = (answer: (host: Host) => Promise<void>): PlatformRun => ({
    ...run,
    contacts: ["ci.example"],
    claim: async (host) => {
      await answer(host);
      return claim;
    },
  });

  it("is asked for while the outputs are collected", async () => {
    let tell = () => {};
    const asked = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const release = await prepared(tool, { run: asking(async () => tell()) }, () => asked);
    expect(release.claim).toBe(claim);
  });

  it("of a platform that asks nobody is what is so once they are collected", async () => {
    const order: string[] = [];
    const claims = asking(async () => void order.push("claim"));
    await prepared(tool, { run: { ...claims, contacts: [] } }, async () => void order.push("collect"));
    expect(order).toEqual(["collect", "claim"]);
  });

  it("is waited for no longer, once something is wrong with the outputs", async () => {
    let isOver = false;
    const never = asking((host) => host.wait(3_600_000).finally(() => (isOver = true)));
    await expect(prepared({}, { run: never })).rejects.toMatchObject({ code: "SUBJECTS_EMPTY" });
    expect(isOver).toBe(true);
  });

  it("that fails is an error, and what is wrong with the outputs comes before it", async () => {
    const fails = asking(() => Promise.reject(new TouchmarkError("IDENTITY_TOKEN_INVALID", "no")));
    await expect(prepared(tool, { run: fails })).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
    await expect(prepared({}, { run: fails })).rejects.toMatchObject({ code: "SUBJECTS_EMPTY" });
  });
});
