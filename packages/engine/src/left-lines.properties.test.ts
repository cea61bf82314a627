import { ACCEPTABLE_ALGORITHMS, type AcceptableAlgorithm, type DigestSet } from "@touchmark/core";
import { compilePolicy, policyDocument } from "@touchmark/policy";
import {
  acceptableAlgorithms,
  type Denials,
  denials as denialsOf,
  denyList,
  type Evidence,
  examine,
  judge,
  type NamedPiece,
  NOTHING_DENIED,
  type SummaryTrust,
  trustedVerifier,
} from "@touchmark/verify";
import fc from "fast-check";
import { expect, it } from "vitest";
import { purlOf, REPOSITORY } from "../../verify/test/judge-cases.ts";
import { pieceOf, sha256, signed, type TestStatement } from "../../verify/test/signed-bundles.ts";
import {
  anyKind,
  NOW,
  ours,
  plain,
  policyFile,
  stranger,
  TRUST,
  theirs,
  VERIFIERS,
  verifier,
} from "../test/policy-arbitraries.ts";
import type { Item } from "./check-items.ts";
import { digestBytes } from "./digest-bytes.ts";
import type { Hashing } from "./hash-items.ts";
import { sieveFor } from "./line-sieve.ts";
import { policyExpectations } from "./policy/policy-expectations.ts";
import { isArtifact, readArtifacts } from "./read-artifacts.ts";

/** An item, and what is in it. */
interface Made {
  readonly item: Item;
  readonly content: string;
  /** Of a tree: it is a single file. */
  readonly isFile: boolean;
  readonly purl: string | null;
}

const PACKAGES = ["pkg:npm/pad@1.0.0", "pkg:npm/%40octo/pad@1.0.0", "pkg:pypi/octo-pad@1.0.0", "pkg:cargo/pad@1.0.0"];
const PACKED = ["pad-1.0.0.tgz", "octo-pad-1.0.0.tgz", "octo_pad-1.0.0-py3-none-any.whl", "pad-1.0.0.crate"];
const PATHS = ["tool", "x/tool", "y/tool", "demo", "x/demo", "ghcr.io/octo/app", ...PACKED];
/** A policy excepts the last. */
const content = fc.constantFrom("a", "a", "a", "b", "b", "c");
const name = fc.constantFrom(...PATHS);

const bytes = (text: string) => new TextEncoder().encode(text);
const plainItem = (item: Item, text: string): Made => ({ item, content: text, isFile: false, purl: null });

const made: fc.Arbitrary<Made> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ name, content, place: fc.constantFrom("folder", "alone"), purl: fc.constantFrom(null, ...PACKAGES) })
      .map(({ name: path, content: text, place, purl }): Made => {
        const called = place === "alone" ? (path.split("/").at(-1) ?? path) : path;
        const file = { path: `/w/${path}`, name: called, size: text.length } as never;
        return { item: { kind: "file", target: "w", name: called, place, file }, content: text, isFile: false, purl };
      }),
  },
  fc
    .record({ content, algorithm: fc.constantFrom("sha256", "sha512", "blake2b", "narSha256", "sha1") })
    .map(({ content: text, algorithm }) => {
      const hex = digestsBy(text)[algorithm] ?? "";
      const called = `${algorithm}:${hex}`;
      return plainItem({ kind: "digest", target: called, name: called, algorithm: algorithm as never, hex }, text);
    }),
  fc
    .record({
      content,
      repository: fc.constantFrom(REPOSITORY, "ghcr.io/octo/other", null),
      algorithm: fc.constantFrom("sha256", "sha256", "sha512"),
      platform: fc.constantFrom("linux/amd64", "linux/arm64", null),
      isRead: fc.constantFrom(true, true, false),
    })
    .map(({ content: text, repository, algorithm, platform, isRead }) => {
      const digest = `${algorithm}:${digestsBy(text)[algorithm]}`;
      const called = `${repository ?? "layout"}@${digest}`;
      return plainItem(
        {
          ...{
            kind: "image",
            target: called,
            name: called,
            repository,
            isClaimed: false,
            digest,
            platform,
            layout: null,
          },
          manifest: isRead ? bytes(text) : null,
          obstacle: isRead ? null : { status: "unknown", findings: [] },
        },
        text,
      );
    }),
  fc.record({ name: fc.constantFrom("demo", "tool"), content, isFile: fc.boolean() }).map(
    ({ name: called, content: text, isFile }): Made => ({
      item: { kind: "tree", target: called, name: called, path: `/nix/store/${called}`, given: called },
      content: text,
      isFile,
      purl: null,
    }),
  ),
);

/** Every digest of some content, and of a tree that is called the same. */
function digestsBy(text: string): DigestSet {
  return {
    ...digestBytes(bytes(text), ACCEPTABLE_ALGORITHMS),
    sha1: "ab".repeat(20),
    narSha256: sha256(`nar ${text}`),
  };
}

/** Hashes what is made with what is asked for and no more, as the disk does. */
function hashingOf(all: readonly Made[]): Hashing {
  const packageNames = new Map(
    all.flatMap(({ item, purl }) => (item.kind === "file" ? [[item, async () => purl]] : [])),
  );
  return {
    async with(algorithms) {
      const digests = new Map<Item, DigestSet>();
      for (const { item, content: text, isFile } of all) {
        const { narSha256 = "" } = digestsBy(text);
        if (item.kind === "file") digests.set(item, digestBytes(bytes(text), algorithms));
        if (item.kind === "tree")
          digests.set(item, { ...(isFile ? digestBytes(bytes(text), algorithms) : {}), narSha256 });
      }
      return { digests, packageNames };
    },
  };
}

const ALGORITHMS = [
  ["sha256"],
  ["sha256"],
  ["sha256", "sha512"],
  ["sha512"],
  ["blake2b"],
  ["sha256", "sha3_256"],
  ["narSha256"],
  ["narSha256", "sha256"],
  ["sha1"],
];
const subject = fc
  .record({
    content,
    other: content,
    mixed: fc.constantFrom(false, false, false, true),
    algorithms: fc.constantFrom(...ALGORITHMS),
    naming: fc.constantFrom("path", "path", "package", "image", "none"),
    path: name,
    purl: fc.constantFrom(...PACKAGES, "pkg:pypi/Octo_Pad@1.0.0", "pkg:npm/@octo/pad@1.0.0", "pkg:generic/tool@1"),
    repository: fc.constantFrom(REPOSITORY, "ghcr.io/octo/other"),
    form: fc.constantFrom("repository", "purl", "url", "tag"),
    platform: fc.constantFrom("linux/amd64", null),
    nameless: fc.constantFrom(undefined, "_", "-"),
  })
  .map(({ content: text, other, mixed, algorithms, naming, path, purl, repository, form, platform, nameless }) => {
    const digest = Object.fromEntries(
      algorithms.map((one, at) => [one, digestsBy(mixed && at > 0 ? other : text)[one]]),
    );
    const uri = purlOf(text, platform, repository);
    const images = { repository, purl: uri, url: `https://${repository}:v1`, tag: `${repository}:v1` };
    switch (naming) {
      case "path":
        return { name: path, digest };
      case "package":
        return { name: purl, digest };
      case "image":
        return { name: images[form], digest, ...(form === "tag" ? {} : { uri }) };
      default:
        return nameless === undefined ? { digest } : { name: nameless, digest };
    }
  });

const statement = (predicateType: string): fc.Arbitrary<TestStatement> =>
  fc.array(subject, { minLength: 1, maxLength: 3 }).map((subjects) => ({ subject: subjects, predicateType }));

const signing = fc.record({
  by: fc.constantFrom(ours, ours, theirs, plain, verifier, stranger),
  what: anyKind(statement),
  /** It stands in one line with the one before. */
  joined: fc.constantFrom(false, false, false, true),
});

const ANY_RESOURCE = [
  trustedVerifier({
    ...{ signer: verifier.trust, verifierId: "https://v.example.com", resourceUri: null, levels: [] },
    rights: { entry: "v", levels: ["SLSA_BUILD_LEVEL_3"], resources: ["tool", "pkg:*"] },
  }),
];

const denied = (conditions: Record<string, unknown>): Denials =>
  denialsOf([
    denyList({ version: 1, deny: [{ reason: "bad", ...conditions }] }, { label: "deny", digest: "ab".repeat(32) }),
  ]);
const DENIALS = [
  NOTHING_DENIED,
  NOTHING_DENIED,
  denied({ digest: `sha256:${sha256("a")}` }),
  denied({ digest: `sha512:${digestsBy("b")["sha512"]}`, key: `sha256:${ours.trust.digest}` }),
  denied({ digest: `narSha256:${digestsBy("b")["narSha256"]}` }),
  denied({ commit: "ab".repeat(20) }),
  denied({ key: `sha256:${theirs.trust.digest}` }),
];

it("no verdict changes when lines are left out that have no say, whatever is asked", { timeout: 300_000 }, async () => {
  const skippedFor = new Set<string>();
  const statuses = new Set<string>();
  const cases = fc.record({
    all: fc.array(made, { minLength: 1, maxLength: 3 }),
    lines: fc.array(signing, { maxLength: 6 }),
    /** Lines that are at hand when the artifacts are hashed first. */
    first: fc.nat(6),
    way: policyFile,
    hasPolicy: fc.constantFrom(false, false, true),
    verifiers: fc.constantFrom<readonly SummaryTrust[]>([], VERIFIERS, ANY_RESOURCE),
    denials: fc.constantFrom(...DENIALS),
    expected: fc.constantFrom(undefined, undefined, ...PACKAGES),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ all, lines, first, way, hasPolicy, verifiers, denials, expected }) => {
      const items = all.map(({ item }) => item);
      const hashing = hashingOf(all);
      const policy = hasPolicy
        ? await compilePolicy(policyDocument(way.file, { label: "p", digest: "00".repeat(32) }), { now: NOW })
        : null;
      const needed = acceptableAlgorithms([], denials, policy?.algorithms);
      const pieces = piecesOf(lines);
      const sieve = sieveFor(items, hashing, needed);
      const kept = [
        ...(await sieve.take(pieces.slice(0, first))),
        ...(await sieve.rest()),
        ...(await sieve.take(pieces.slice(first))),
        ...(await sieve.rest()),
      ];
      const judged = async (these: readonly NamedPiece[]) => {
        const evidence = these.map(
          ({ name: called, piece }): Evidence =>
            examine(called, piece, { trust: TRUST, verifiers, denials, wholeStatements: true }),
        );
        const algorithms: readonly AcceptableAlgorithm[] = acceptableAlgorithms(evidence, denials, policy?.algorithms);
        const read = await readArtifacts(items, { setAside: new Set(), gaps: new Map() }, algorithms, hashing);
        return judge([...read.values()].filter(isArtifact), evidence, {
          ...{ anyName: way.anyName, denials },
          ...(policy === null ? {} : { expectations: policyExpectations(policy) }),
          ...(expected === undefined ? {} : { package: expected }),
        });
      };
      const [before, after] = [await judged(pieces), await judged(kept)];
      expect(after.verdicts).toEqual(before.verdicts);
      if (kept.length < pieces.length) for (const { kind } of items) skippedFor.add(kind);
      for (const { status } of before.verdicts) statuses.add(status);
    }),
    { numRuns: 500 },
  );
  // That the law was not held by nothing.
  expect([...skippedFor].sort()).toEqual(["digest", "file", "image", "tree"]);
  expect([...statuses].sort()).toEqual(
    expect.arrayContaining(["exception", "not-covered", "policy", "tampered", "untrusted", "verified"]),
  );
});

function piecesOf(
  lines: readonly { readonly by: typeof ours; readonly what: TestStatement; readonly joined: boolean }[],
) {
  let line = 0;
  return lines.map(({ by, what, joined }, at): NamedPiece => {
    if (!joined || at === 0) line += 1;
    return { name: `e:${at}`, line, digest: "00".repeat(32), piece: pieceOf(signed(by, what)) };
  });
}
