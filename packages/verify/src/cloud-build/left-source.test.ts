import { describe, expect, it } from "vitest";
import {
  bytesOf,
  CLOUD_BUILD_TEST_KEYS,
  description,
  record,
  type StatementV01,
  statementV1,
  statementV01,
} from "../../test/cloud-build-cases.ts";
import { examine } from "../examine.ts";
import { readPieces } from "../formats/read-pieces.ts";
import { needsSource } from "../needs-source.ts";
import type { SourcesByPolicy } from "../sources-by-policy.ts";
import { standing } from "../standing.ts";
import { levelOf, standingOf } from "../standing-of.ts";
import { trustedCloudBuild } from "./trust-cloud-build.ts";

const entry = (until: Date | null = null) =>
  standing({
    entry: "gcb",
    place: "t.yaml:3",
    maxLevel: 3,
    operator: "Google",
    builders: null,
    window: { from: null, until },
  });
const keys = { keys: CLOUD_BUILD_TEST_KEYS, label: "gcb-keys", date: null };
const left = trustedCloudBuild({ ...keys, source: null, sourceByPolicy: true, standing: entry() });
const octo: SourcesByPolicy = ({ repository }) => repository === "https://github.com/octo/widgets";

async function examined(statement: object, sourcesByPolicy: SourcesByPolicy | null, trust = left) {
  const { pieces } = await readPieces(bytesOf(description(record(statement as StatementV01))), "image.json");
  const options = { trust: [trust], ...(sourcesByPolicy === null ? {} : { sourcesByPolicy }) };
  const [one] = pieces.map(({ name, piece }) => examine(name, piece, options));
  return one;
}

async function outcome(statement: object, sourcesByPolicy: SourcesByPolicy | null, trust = left) {
  const one = await examined(statement, sourcesByPolicy, trust);
  return one?.kind === "refused" ? one.findings[0]?.code : one?.kind;
}

describe("Google Cloud Build, its source left to a policy", () => {
  it.each([
    ["v0.1", statementV01()],
    ["v1", statementV1()],
  ])("believes %s of sources that the policy expects, which it must compare", async (_version, statement) => {
    expect(await outcome(statement, octo)).toBe("trusted");
    expect(await outcome(statement, () => false)).toBe("SOURCE_MISMATCH");
    expect(await outcome(statement, null)).toBe("SOURCE_UNSET");
    const one = await examined(statement, octo);
    expect(one?.kind === "trusted" && needsSource(one.verified)).toMatchObject({ code: "SOURCE_UNSET" });
  });

  it("says what is missing, and of which source", async () => {
    const expected = "the repository that you expect, with --source OWNER/REPO, or in a policy";
    expect(await examined(statementV01(), null)).toMatchObject({
      findings: [{ expected, actual: "https://github.com/octo/widgets" }],
    });
    const upload = statementV01();
    upload.predicate.materials = [{ uri: "gs://bucket/source.tgz#17", digest: {} }];
    expect(await examined(upload, octo)).toMatchObject({ findings: [{ expected, actual: "no repository" }] });
    expect(await examined(statementV01(), () => false)).toMatchObject({
      findings: [{ expected: "a source that a rule of the policy names", actual: "https://github.com/octo/widgets" }],
    });
  });

  it("believes no steps that came with the request", async () => {
    const statement = statementV01();
    statement.predicate.recipe.type = "https://cloudbuild.googleapis.com/CloudBuildSteps@v0.1";
    expect(await outcome(statement, octo)).toBe("SOURCE_MISMATCH");
  });

  it("has no repository to compare where an archive was built", async () => {
    const statement = statementV01();
    statement.predicate.materials = [{ uri: "gs://bucket/source.tgz#17", digest: {} }];
    expect(await outcome(statement, () => true)).not.toBe("trusted");
  });

  it("needs nothing where the source is said, and counts for what the entry gives", async () => {
    const said = trustedCloudBuild({ ...keys, source: "octo/widgets", standing: entry() });
    const one = await examined(statementV1(), null, said);
    expect(one?.kind === "trusted" && needsSource(one.verified)).toBeNull();
    expect(one?.kind === "trusted" && levelOf(standingOf(one.verified.signer))).toBe(3);
  });

  it("proves no time, so that no window can be shown to hold", async () => {
    const said = trustedCloudBuild({ ...keys, source: "octo/widgets", standing: entry(new Date("2030-01-01")) });
    expect(await outcome(statementV1(), null, said)).toBe("TIME_UNPROVEN");
  });
});
