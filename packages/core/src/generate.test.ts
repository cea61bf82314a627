import { describe, expect, test } from "vitest";
import { DECLARED, DIRTY, REPORTED_BY } from "./annotations.ts";
import type { BuildClaim, Checkout } from "./build.ts";
import { EMPTY_SUBJECTS_FILE } from "./combine.ts";
import { type GenerateOptions, generate, splitStatement } from "./generate.ts";
import { readProvenance } from "./provenance.ts";
import { encodeStatement, parseStatement, type Statement } from "./statement.ts";
import type { Subject } from "./subject.ts";
import type { Reported, SubjectsFile } from "./subjects-schema.ts";

const [A, B] = ["a".repeat(64), "b".repeat(64)];
const [COMMIT, OTHER] = ["c".repeat(40), "d".repeat(40)];
const REPOSITORY = "https://github.com/octo/widgets";
const source = { uri: `git+${REPOSITORY}@refs/tags/v1`, digest: { gitCommit: COMMIT } };
const tool: Subject = { name: "tool", digest: { sha256: A } };

const claim: BuildClaim = {
  buildType: "https://t",
  externalParameters: { release: "v1" },
  internalParameters: {},
  source,
  builder: { id: "https://b", version: {} },
  invocationId: null,
  startedOn: null,
  finishedOn: null,
};

function outputs(change: Partial<SubjectsFile> = {}, checkouts: readonly Checkout[] = []): SubjectsFile {
  const part = { artifact: "cli", part: null, origin: null, checkouts, outputs: { sha256: A } };
  return { ...EMPTY_SUBJECTS_FILE, parts: [part], subjects: [tool], ...change };
}

/** The statement as somebody reads it. */
function stated(from: BuildClaim, collected: SubjectsFile, options: GenerateOptions = {}) {
  const statement = generate(from, collected, options);
  const predicate = statement.predicate as {
    readonly buildDefinition: {
      readonly resolvedDependencies: readonly object[];
      readonly internalParameters?: unknown;
    };
    readonly runDetails: Readonly<Record<string, unknown>>;
  };
  return { statement, dependencies: predicate.buildDefinition.resolvedDependencies, ...predicate };
}

const sourceRead = (statement: Statement) => readProvenance(parseStatement(encodeStatement(statement)))?.source;
const mismatch = (expected: string, actual: string) =>
  expect.objectContaining({ code: "CHECKOUT_MISMATCH", expected, actual });
const seen = (repository: string | null, commit = COMMIT, dirty = false): Checkout => ({ repository, commit, dirty });

test("the least statement: nothing is said that nobody knows", () => {
  expect(generate({ ...claim, source: null }, outputs())).toStrictEqual({
    _type: "https://in-toto.io/Statement/v1",
    subject: [tool],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: { buildType: "https://t", externalParameters: { release: "v1" }, resolvedDependencies: [] },
      runDetails: { builder: { id: "https://b" } },
    },
  });
});

test("the whole claim", () => {
  const whole = stated(
    {
      ...claim,
      internalParameters: { a: 1 },
      builder: { id: "https://b", version: { touchmark: "1" } },
      invocationId: "i",
      startedOn: "2026-01-02T03:04:05Z",
      finishedOn: "2026-01-02T03:04:06Z",
    },
    outputs(),
  );
  expect(whole.buildDefinition.internalParameters).toEqual({ a: 1 });
  expect(whole.runDetails).toEqual({
    builder: { id: "https://b", version: { touchmark: "1" } },
    metadata: { invocationId: "i", startedOn: "2026-01-02T03:04:05Z", finishedOn: "2026-01-02T03:04:06Z" },
  });
});

test("an empty release is no release", () => {
  expect(() => generate(claim, outputs({ subjects: [] }))).toThrow(expect.objectContaining({ code: "SUBJECTS_EMPTY" }));
});

test("subjects are folded; a declared one is marked, and says so nowhere else", () => {
  const declared: Subject = { name: "list", digest: { sha256: B }, annotations: { mine: 1 }, declared: true };
  expect(generate(claim, outputs({ subjects: [tool, declared, tool] })).subject).toStrictEqual([
    { name: "list", digest: { sha256: B }, annotations: { mine: 1, [DECLARED]: true } },
    tool,
  ]);
  expect(() => generate(claim, outputs({ subjects: [tool, { ...tool, digest: { sha256: B } }] }))).toThrow(
    expect.objectContaining({ code: "SUBJECT_CONFLICT" }),
  );
});

describe("what no subjects file could hold is refused here too", () => {
  const forged = { [REPORTED_BY]: "checkout" };

  test.each([
    ["RESERVED_ANNOTATION", { subjects: [{ ...tool, annotations: { [DECLARED]: false } }] }],
    ["RESERVED_ANNOTATION", { resolvedDependencies: [{ uri: "u", reportedBy: "f", annotations: forged }] }],
    [
      "RESERVED_ANNOTATION",
      { byproducts: [{ uri: "u", reportedBy: "f", annotations: { "HTTP://touchmark.dev": 1 } }] },
    ],
    ["INPUT_INVALID", { subjects: [{ name: "tool", digest: { md5: "a".repeat(32) } }] }],
    ["NAME_REFUSED", { subjects: [{ ...tool, name: "a/../b" }] }],
  ])("%s", (code, change) => {
    expect(() => generate(claim, outputs(change))).toThrow(expect.objectContaining({ code }));
  });
});

describe("the source", () => {
  const git = (uri: string, gitCommit = COMMIT): Reported => ({ uri, digest: { gitCommit }, reportedBy: "!first" });

  test("is the claim's, and the first, whatever sorts before it", () => {
    const collected = outputs(
      { resolvedDependencies: [git("git+https://a/a"), { digest: { sha256: A }, reportedBy: "!" }] },
      [seen("https://a/b", OTHER)],
    );
    const { statement, dependencies } = stated(claim, collected);
    expect(dependencies[0]).toBe(source);
    expect(dependencies).toHaveLength(4);
    expect(sourceRead(statement)).toEqual({ repository: REPOSITORY, ref: "refs/tags/v1", commit: COMMIT });
  });

  test("is unknown where the claim has none, whatever was reported", () => {
    const collected = outputs({ resolvedDependencies: [git("git+https://github.com/victim/repo")] }, [
      seen(REPOSITORY),
    ]);
    const { statement, dependencies } = stated({ ...claim, source: null }, collected);
    expect(dependencies.every((entry) => REPORTED_BY in (entry as Subject & { annotations: object }).annotations)).toBe(
      true,
    );
    expect(sourceRead(statement)).toBeNull();
    expect(sourceRead(generate({ ...claim, source: null }, outputs({}, [seen(REPOSITORY)])))).toBeNull();
  });

  test("is not said twice", () => {
    const again = ["git+https://GitHub.com/octo/widgets.git", `git+${REPOSITORY}@refs/heads/main`].map((uri) =>
      git(uri),
    );
    const collected = outputs({ resolvedDependencies: again }, [
      seen("git@github.com:octo/widgets.git"),
      seen(REPOSITORY),
    ]);
    expect(stated(claim, collected).dependencies).toEqual([source]);
  });

  test("at another commit is refused, whoever reports it", () => {
    expect(() => generate(claim, outputs({}, [seen("git@github.com:octo/widgets", OTHER)]))).toThrow(
      mismatch(COMMIT, OTHER),
    );
    const reports = [git(`git+${REPOSITORY}`), git(`git+${REPOSITORY}.git`, OTHER)];
    expect(() => generate(claim, outputs({ resolvedDependencies: reports }))).toThrow(mismatch(COMMIT, OTHER));
    const vague: Reported = { uri: `git+${REPOSITORY}@refs/tags/v1`, reportedBy: "goreleaser" };
    expect(() => generate(claim, outputs({ resolvedDependencies: [vague] }))).toThrow(mismatch(COMMIT, "no commit"));
  });

  test("at another commit is recorded beside it where the configuration declares that", () => {
    const options = { declaredRepositories: ["https://github.com/octo/widgets.git"] };
    const collected = outputs({ resolvedDependencies: [git(`git+${REPOSITORY}.git`, "e".repeat(40))] }, [
      seen(REPOSITORY, OTHER),
    ]);
    const { dependencies } = stated(claim, collected, options);
    expect(dependencies).toMatchObject([
      source,
      { uri: `git+${REPOSITORY}`, digest: { gitCommit: OTHER } },
      { uri: `git+${REPOSITORY}.git`, digest: { gitCommit: "e".repeat(40) } },
    ]);
  });

  test("without a known commit is not compared", () => {
    const vague = { ...claim, source: { uri: `git+${REPOSITORY}` } };
    const collected = outputs({ resolvedDependencies: [git(`git+${REPOSITORY}`, OTHER)] }, [seen(REPOSITORY, OTHER)]);
    expect(stated(vague, collected).dependencies).toHaveLength(3);
  });
});

describe("checkouts", () => {
  test("each is recorded and marked; a dirty one says so", () => {
    const collected = outputs({}, [
      seen("https://h/lib", OTHER, true),
      seen("git@h:lib2", OTHER),
      seen(REPOSITORY, COMMIT, true),
    ]);
    expect(stated(claim, collected).dependencies).toEqual([
      source,
      {
        uri: `git+${REPOSITORY}`,
        digest: { gitCommit: COMMIT },
        annotations: { [REPORTED_BY]: "checkout", [DIRTY]: true },
      },
      { uri: "git+ssh://git@h/lib2", digest: { gitCommit: OTHER }, annotations: { [REPORTED_BY]: "checkout" } },
      {
        uri: "git+https://h/lib",
        digest: { gitCommit: OTHER },
        annotations: { [REPORTED_BY]: "checkout", [DIRTY]: true },
      },
    ]);
  });

  test("a dirty source that the claim calls dirty is not repeated", () => {
    const dirty = { ...claim, source: { ...source, annotations: { [DIRTY]: true } } };
    expect(stated(dirty, outputs({}, [seen(REPOSITORY, COMMIT, true)])).dependencies).toEqual([dirty.source]);
  });

  test("two jobs that saw two commits of one repository did not build one release", () => {
    const checkouts = [seen("https://h/lib", COMMIT), seen("https://h/lib.git", OTHER)];
    expect(() => generate(claim, outputs({}, checkouts))).toThrow(
      expect.objectContaining({ code: "CHECKOUT_MISMATCH" }),
    );
    const options = { declaredRepositories: ["https://h/lib"] };
    expect(stated(claim, outputs({}, checkouts), options).dependencies).toHaveLength(3);
  });

  test("one without a remote is the source that has none", () => {
    const local = { ...claim, source: { name: "checkout", digest: { gitCommit: COMMIT } } };
    expect(stated(local, outputs({}, [seen(null)])).dependencies).toEqual([local.source]);
    expect(() => generate(local, outputs({}, [seen(null, OTHER)]))).toThrow(mismatch(COMMIT, OTHER));
    expect(stated(claim, outputs({}, [seen(null, OTHER)])).dependencies[1]).toMatchObject({ name: "checkout" });
  });
});

test("what was reported is marked with who did, over what it says of itself", () => {
  const reported: Reported = { uri: "pkg:npm/x@1", annotations: { dev: true }, reportedBy: "npm-pack" };
  const log: Reported = { name: "log", digest: { sha256: A }, reportedBy: "goreleaser" };
  const { dependencies, runDetails } = stated(
    claim,
    outputs({ resolvedDependencies: [reported], byproducts: [log, log] }),
  );
  expect(dependencies[1]).toStrictEqual({ uri: "pkg:npm/x@1", annotations: { dev: true, [REPORTED_BY]: "npm-pack" } });
  expect(runDetails["byproducts"]).toStrictEqual([
    { name: "log", digest: { sha256: A }, annotations: { [REPORTED_BY]: "goreleaser" } },
  ]);
});

describe("splitting", () => {
  const names = ["d", "a", "c", "b", "e"];
  const whole = generate(claim, outputs({ subjects: names.map((name) => ({ name, digest: { sha256: A } })) }));

  test.each([
    [1, ["a", "b", "c", "d", "e"]],
    [2, ["ab", "cd", "e"]],
    [5, ["abcde"]],
    [1000, ["abcde"]],
  ])("into at most %d", (limit, expected) => {
    for (const statement of [whole, { ...whole, subject: [...whole.subject].reverse() }]) {
      const pieces = splitStatement(statement, limit);
      expect(pieces.map((piece) => piece.subject.map((subject) => subject.name).join(""))).toEqual(expected);
      expect(pieces.every((piece) => piece.predicate === whole.predicate)).toBe(true);
    }
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("not into %d", (limit) => {
    expect(() => splitStatement(whole, limit)).toThrow(
      expect.objectContaining({ code: "USAGE", actual: String(limit) }),
    );
  });
});
