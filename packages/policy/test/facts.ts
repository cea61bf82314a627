import { PROVENANCE_V1 } from "@touchmark/core";
import type { ArtifactFacts, ProvenanceFacts, SignerFacts, StatementFacts } from "../src/facts.ts";
import { type CompiledPolicy, compilePolicy, policyDocument } from "../src/index.ts";

export const NOW = Date.parse("2026-06-15T12:00:00Z");
export const DAY = 86_400_000;
export const DIGEST = `sha256:${"ab".repeat(32)}`;
export const COMMIT = "cd".repeat(20);
export const SPDX = "https://spdx.dev/Document/v2.3";
export const VSA = "https://slsa.dev/verification_summary/v1";
export const TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";

export const SOURCE = { label: "policy.yaml", digest: "00".repeat(32) };

/** A rule that `facts()` satisfies, with further keys. */
export const RULE = { match: "tool", source: "github.com/octo/widgets" };

export function artifact(changes: Partial<ArtifactFacts> = {}): ArtifactFacts {
  return { kind: "file", name: "tool", names: ["dist/tool", "tool"], digests: [DIGEST], platform: null, ...changes };
}

type Changes = Partial<Omit<StatementFacts, "provenance" | "signer" | "standing">> & {
  readonly provenance?: Partial<ProvenanceFacts> | null;
  readonly source?: Partial<ProvenanceFacts["source"]>;
  readonly signer?: Partial<SignerFacts>;
  readonly standing?: Partial<StatementFacts["standing"]>;
};

/** What is known of one good statement about `artifact()`. */
export function facts({
  provenance = {},
  source = {},
  signer = {},
  standing = {},
  ...rest
}: Changes = {}): StatementFacts {
  return {
    evidence: "a.sigstore.json",
    predicateType: PROVENANCE_V1,
    subject: { name: "tool", digest: { sha256: "ab".repeat(32) } },
    statement: { predicateType: PROVENANCE_V1, subject: [{ name: "tool" }, { name: "lib" }], predicate: { n: 3 } },
    summary: null,
    times: [NOW - 10 * DAY],
    provenance:
      provenance === null
        ? null
        : {
            builderId: "https://builder.example.com/v1",
            buildType: "https://build.example.com/v1",
            externalParameters: {
              workflow: { ref: "refs/tags/v1.2.3", path: ".github/workflows/release.yml" },
              inputs: { release_tag: "v1.2.3", dry: false },
            },
            source: {
              repository: "https://github.com/octo/widgets",
              ref: "refs/tags/v1.2.3",
              commit: COMMIT,
              ...source,
            },
            ...provenance,
          },
    signer: {
      shown: "identity:https://github.com/octo/builders/.github/workflows/build.yml@refs/tags/v1",
      keyDigest: "11".repeat(32),
      issuer: "https://token.actions.githubusercontent.com",
      identity: "https://github.com/octo/builders/.github/workflows/build.yml@refs/tags/v1",
      builderCommit: "ef".repeat(20),
      runner: "github-hosted",
      trigger: "push",
      sourceRepository: "https://github.com/octo/widgets",
      sourceRepositoryId: "1234",
      sourceOwnerId: "99",
      ...signer,
    },
    standing: { entry: "octo release", level: 3, operator: "github", ...standing },
    ...rest,
  };
}

/** A statement about the same artifact that covers nothing. */
export function other(predicateType: string, predicate: unknown = {}, changes: Changes = {}): StatementFacts {
  return facts({ predicateType, provenance: null, statement: { predicateType, predicate }, ...changes });
}

/** Signed by a key, whose certificate says nothing since there is none. */
export const BY_KEY: SignerFacts = {
  shown: "key:sha256:11",
  keyDigest: "11".repeat(32),
  issuer: null,
  identity: null,
  builderCommit: null,
  runner: null,
  trigger: null,
  sourceRepository: null,
  sourceRepositoryId: null,
  sourceOwnerId: null,
};

export function compiled(artifacts: readonly object[], more: object = {}, now = NOW): Promise<CompiledPolicy> {
  return compilePolicy(policyDocument({ version: 1, artifacts, ...more }, SOURCE), { now });
}

export interface JudgedBy {
  readonly artifact?: ArtifactFacts;
  readonly policy?: object;
  readonly statements?: readonly StatementFacts[];
  readonly others?: readonly StatementFacts[];
}

/** The codes of {@link findings}. */
export async function codes(rule: object, judgedBy: JudgedBy = {}) {
  return (await findings(rule, judgedBy)).map(({ code }) => code);
}

/** What one rule finds: of each statement that does not satisfy, else of all together. */
export async function findings(
  rule: object,
  { artifact: about = artifact(), policy = {}, statements = [facts()], others = [] }: JudgedBy = {},
) {
  const { statement, whole } = (await compiled([{ ...RULE, ...rule }], policy)).ruleFor(about);
  const ofEach = statements.map((one) => statement(one));
  const satisfying = statements.filter((_, index) => ofEach[index]?.length === 0);
  return satisfying.length === 0 ? ofEach.flat() : whole(satisfying, others);
}
