import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { PolicyFile } from "@touchmark/policy";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readVectors, type Vector } from "../../../../packages/engine/test/vectors.ts";
import { inCopy, runVector } from "../../test/run-vector.ts";

type Json = Record<string, unknown>;
type Change = (document: Json) => void;

const vectors = new Map((await readVectors()).map((one) => [one.name, one]));
const refused = [...vectors.values()].filter(({ code, args }) => code !== null && args.policy !== null);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether a vector verifies once its policy or trust file is another one. */
async function verifiesWith(vector: Vector, file: string, change: Change): Promise<boolean> {
  return inCopy(vector, async (folder) => {
    const place = path.join(folder, file);
    const document = JSON.parse(await readFile(place, "utf8")) as Json;
    change(document);
    await writeFile(place, JSON.stringify(document));
    const outcome = await runVector(vector, folder);
    return typeof outcome !== "string" && outcome.result === "verified";
  });
}

function assign(targets: readonly Json[], change: Json): void {
  for (const target of targets) Object.assign(target, change);
}

const rulesOf = (policy: Json) => policy["artifacts"] as Json[];

/** A rule without a source must say that this is meant. */
function withoutRuleKey(key: string): Change {
  return (policy) => {
    for (const rule of rulesOf(policy)) {
      delete rule[key];
      if (key === "source") rule["any-source"] = true;
    }
  };
}

function withoutParameter(key: string): Change {
  return (policy) => {
    for (const rule of rulesOf(policy)) {
      const parameters = rule["parameters"] as Json | undefined;
      delete parameters?.[key];
      if (parameters !== undefined && Object.keys(parameters).length === 0) delete rule["parameters"];
    }
  };
}

const RULE = PolicyFile.shape.artifacts.element;
const PARAMETERS = RULE.shape.parameters.unwrap();

/** What lets more through, and is tested for that by vectors that need it. */
const WIDENING = ["any-source", "any-name"];

const KEYS: readonly (readonly [string, Change])[] = [
  ["match", (policy) => assign(rulesOf(policy), { match: "**" })],
  ...Object.keys(RULE.shape)
    .filter((key) => key !== "match" && !WIDENING.includes(key))
    .map((key) => [key, withoutRuleKey(key)] as const),
  ...Object.keys(PARAMETERS.shape).map((key) => [`parameters.${key}`, withoutParameter(key)] as const),
  ...["expires", "deny", "release"].map((key) => [key, (policy: Json) => delete policy[key]] as const),
];

/** The vectors of keys that need a trust file, or whose refusal has another name. */
const NAMED_OTHERWISE: Readonly<Record<string, string>> = {
  match: "policy-unmatched_fail",
  level: "trust-level_fail",
  builders: "trust-operators-same_fail",
  expires: "policy-expired_fail",
};

describe("each key of a policy alone refuses what some vector has", () => {
  it.each(KEYS)("%s", async (key, change) => {
    const name = `policy-${key.replaceAll(".", "-")}`;
    const own = refused.filter((vector) => vector.name.startsWith(name) || NAMED_OTHERWISE[key] === vector.name);
    const alone: string[] = [];
    for (const vector of own) if (await verifiesWith(vector, "policy.json", change)) alone.push(vector.name);
    expect(alone).not.toEqual([]);
  });
});

const entriesOf = (trust: Json) => trust["trust"] as Json[];
const inEntries =
  (change: Json): Change =>
  (trust) =>
    assign(entriesOf(trust), change);
const inPart =
  (part: string, change: Json): Change =>
  (trust) => {
    assign(
      entriesOf(trust).map((entry) => entry[part] as Json),
      change,
    );
  };
const COMMIT = "fedcba98".repeat(5);
const TESTING = "github.com/octo/builder/.github/workflows/test.yml";
const ANY_TAG = String.raw`https://github\.com/octo/builder/\.github/workflows/build\.yml@refs/tags/v.+`;

describe("each key of a trust entry alone refuses what some vector has", () => {
  it.each<[string, string, Change]>([
    ["signer.at.tags", "trust-tags-behind_fail", inPart("signer", { at: { tags: ">=1 <3" } })],
    ["signer.at.commits", "trust-commits_fail", inPart("signer", { at: { commits: [COMMIT] } })],
    ["signer.workflow", "trust-workflow_fail", inPart("signer", { workflow: TESTING })],
    ["signer.identity-pattern", "trust-pattern_fail", inPart("signer", { "identity-pattern": ANY_TAG })],
    ["builder", "trust-builders_fail", inEntries({ builder: "same-as-signer" })],
    ["builder, of a key", "trust-key-builder_fail", inEntries({ builder: "https://touchmark.dev/builders/local/v1" })],
    ["max-level", "trust-level_fail", inEntries({ "max-level": 2 })],
    ["operator", "trust-operators-same_fail", (trust) => Object.assign(entriesOf(trust)[0] ?? {}, { operator: "two" })],
    ["runners", "trust-runners_fail", inEntries({ runners: undefined })],
    ["source", "trust-source_fail", inEntries({ source: "octo/gadgets" })],
    ["from", "trust-from_fail", inEntries({ from: undefined })],
    ["until", "trust-until_fail", inEntries({ until: undefined })],
    ["until, of a key", "trust-key-time-unproven_fail", inEntries({ until: undefined })],
    ["without-log", "trust-without-log-unsaid_fail", inEntries({ "without-log": true })],
    ["roots", "trust-roots-unsaid_fail", inEntries({ roots: "own_root.json" })],
    ["verifier.id", "trust-verifier-id_fail", inPart("verifier", { id: "https://verifier.test/widgets/other" })],
    ["verifier.levels", "trust-verifier-level_fail", inPart("verifier", { levels: ["SLSA_BUILD_LEVEL_3"] })],
    ["verifier.resources", "trust-verifier-resource_fail", inPart("verifier", { resources: ["pkg:generic/*"] })],
    ["verifier.max-age", "trust-verifier-max-age_fail", inPart("verifier", { "max-age": "13h" })],
  ])("%s", async (_key, name, change) => {
    const vector = vectors.get(name);
    if (vector === undefined) throw new Error(`no vector ${name}`);
    expect(await verifiesWith(vector, "trust.json", change)).toBe(true);
  });
});
