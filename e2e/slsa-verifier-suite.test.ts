import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isTouchmarkError, parseBundle } from "../packages/core/src/index.ts";
import { verifyNpmPackage } from "../packages/slsa-verifier/src/index.ts";
import { npmKeys, openRoots } from "../packages/verify/src/index.ts";
import { type Case, cases, suite } from "./slsa-verifier/peer-suite.ts";
import { touchmark } from "./touchmark-process.ts";

/** The tool's own commands; the other four names stand for one function of it each. */
const COMMANDS = [
  "verify-artifact",
  "verify-image",
  "verify-npm-package",
  "verify-github-attestation",
  "verify-vsa",
] as const;
const isCommand = ({ command }: Case) => (COMMANDS as readonly string[]).includes(command);

const offline = cases.filter(({ needs }) => needs === "offline");
const throughCommand = offline.filter(isCommand);
const throughFunctions = offline.filter((one) => !isCommand(one));
const online = cases.filter(({ needs }) => needs === "rekor-online");

const agreed = { pass: 0, fail: 0 };
const total = { pass: 0, fail: 0 };
function count(one: Case, got: "pass" | "fail"): void {
  total[one.expect] += 1;
  if (got === one.expect) agreed[one.expect] += 1;
}

afterAll(() => {
  if (cases.length === 0) return;
  const recall = (kind: "pass" | "fail") => `${kind}-recall ${agreed[kind]}/${total[kind]}`;
  console.log(`slsa-verifier's cases: ${recall("pass")}, ${recall("fail")}; ${online.length} apart, which ask Rekor`);
});

if (cases.length === 0) it.skip("slsa-verifier: its cases are not beside this checkout", () => undefined);

it.runIf(cases.length > 0)("every case is in one of the three lists, and each has some", () => {
  expect(throughCommand.length + throughFunctions.length + online.length).toBe(cases.length);
  expect([throughCommand.length, throughFunctions.length, online.length].every((length) => length > 0)).toBe(true);
});

describe.runIf(cases.length > 0)("through the built command line", () => {
  it.each(throughCommand.map((one) => [`${one.id} ${one.name}`, one] as const))("%s", async (_, one) => {
    const { got, ended } = await ran(one);
    count(one, got);
    expect({ ...ended, got }).toMatchObject({ got: one.expect, status: one.expect === "pass" ? 0 : 1 });
    expect(ended.stderr).toContain(
      one.expect === "pass" ? "PASSED: SLSA verification passed" : "FAILED: SLSA verification failed",
    );
  });
});

describe.runIf(cases.length > 0)("through the functions beneath", () => {
  it.each(throughFunctions.map((one) => [`${one.id} ${one.name}`, one] as const))("%s", async (_, one) => {
    const got = await judged(one);
    count(one, got);
    expect(got).toBe(one.expect);
  });
});

/** The log must be asked for their entries; without them no one can say when the certificate was used. */
describe.runIf(cases.length > 0)("apart: what asks Rekor", () => {
  it.each(online.map((one) => [`${one.id} ${one.name}`, one] as const))("%s: refused, and why", async (_, one) => {
    const { ended } = await ran(one);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(/^FAILED: SLSA verification failed: .*\(ErrorRekorSearch\)$/m);
  });
});

async function ran(one: Case) {
  const env = { ...one.env, NO_COLOR: "1" };
  const ended = await touchmark(["slsa-verifier", one.command, ...argumentsFor(one)], { cwd: suite, env });
  expect(ended.stderr).not.toMatch(/TypeError|RangeError|SyntaxError|Cannot read/);
  return { ended, got: ended.status === 0 ? ("pass" as const) : ("fail" as const) };
}

function argumentsFor({ command, family, artifact, provenance, args }: Case): readonly string[] {
  const { digest, image, ...flags } = args;
  const positional: string[] = [];
  const typed = Object.entries(flags).flatMap(([name, value]) => {
    if (typeof value === "string") return [`--${name}`, value];
    const values = isList(value) ? value : Object.entries(value).map(([key, text]) => `${key}=${text}`);
    return values.flatMap((text) => [`--${name}`, text]);
  });
  if (typeof digest === "string") positional.push(`example.com/any@${digest}`);
  if (typeof image === "string") positional.push(image);
  for (const file of artifact === null ? [] : [artifact].flat()) {
    if (file.path === null) typed.push("--artifact-digest", `sha256:${file.sha256}`);
    else positional.push(file.path);
  }
  const root = command === "verify-vsa" ? [] : ["--trusted-root", "trust/trusted_root.json"];
  return [...root, ...provenanceFlags(command, family, provenance.path), ...typed, ...positional];
}

function provenanceFlags(command: string, family: string, path: string): readonly string[] {
  switch (command) {
    case "verify-artifact":
      return ["--provenance-path", path];
    case "verify-npm-package":
      return ["--attestations-path", path, "--npm-keys", "trust/npm_keys.json"];
    case "verify-github-attestation":
    case "verify-vsa":
      return ["--attestation-path", path];
    default:
      return family.startsWith("gcb") ? ["--provenance-path", path, "--gcb-keys", "trust/gcb-keys"] : [];
  }
}

/** A bundle alone: what verifies bundles. Parts of npm's attestations: the whole verdict on them, of anything. */
async function judged(one: Case): Promise<"pass" | "fail"> {
  const bytes = readFileSync(join(suite, one.provenance.path));
  const file = readFileSync(join(suite, "trust/trusted_root.json"));
  const roots = await openRoots({ bytes: file, label: "trusted_root.json", asOf: "2026-06-01T00:00:00Z" });
  switch (one.command) {
    case "verify-bundle-signature":
      try {
        roots.verifyBundle(parseBundle(bytes), false);
        return "pass";
      } catch (error) {
        if (!isTouchmarkError(error)) throw error;
        return "fail";
      }
    case "parse-npm-attestations":
    case "verify-npm-provenance-signature":
    case "verify-npm-intoto-headers": {
      const outcome = verifyNpmPackage(bytes, ANY_PACKAGE, roots, await npmKeys());
      // Before anything else is compared: these rows expect nothing of the package.
      expect(outcome).toMatchObject({ reason: expect.stringMatching(REASONS[one.command]) });
      return outcome.passed ? "pass" : "fail";
    }
    default:
      throw new Error(`no function is known for ${one.command}`);
  }
}

const REASONS = {
  "parse-npm-attestations": /^ErrorInvalidNpmAttestations$/,
  "verify-npm-provenance-signature": /^ErrorInvalid(?:Signature|RekorEntry)$/,
  // Their statements were edited, so that the signature breaks first.
  "verify-npm-intoto-headers": /^ErrorInvalid(?:Signature|RekorEntry|DssePayload)$/,
};

const ANY_PACKAGE = {
  source: "github.com/laurentsimon/provenance-npm-test",
  builderId: "https://github.com/actions/runner/github-hosted",
  digest: "0".repeat(128),
  branch: null,
  tag: null,
  versionedTag: null,
  inputs: new Map<string, string>(),
  packageName: null,
  packageVersion: null,
};

function isList(value: unknown): value is readonly never[] {
  return Array.isArray(value);
}
