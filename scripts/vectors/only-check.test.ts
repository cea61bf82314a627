import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { isTouchmarkError, parseBundle } from "../../packages/core/src/index.ts";
import { readVectors, type Vector } from "../../packages/engine/test/vectors.ts";
import {
  authenticate,
  examine,
  openRoots,
  readCloudBuildKey,
  readPieces,
  trustedCloudBuild,
  trustedIdentity,
} from "../../packages/verify/src/index.ts";

/** Checks that are left out for the moment. */
const off = vi.hoisted(() => new Set<string>());

/** The module with each of its checks doing nothing while it is left out. */
const switchable = vi.hoisted(
  () =>
    (checks: readonly string[]) =>
    async (load: () => Promise<Record<string, unknown>>): Promise<Record<string, unknown>> => {
      const real = await load();
      const switched = checks.map((name) => {
        const check = real[name] as (...args: readonly unknown[]) => unknown;
        return [name, (...args: readonly unknown[]) => (off.has(name) ? undefined : check(...args))] as const;
      });
      return { ...real, ...Object.fromEntries(switched) };
    },
);

vi.mock("../../packages/verify/src/certificate/log-body.ts", switchable(["checkLogBody"]));
vi.mock("../../packages/verify/src/certificate/checkpoint.ts", switchable(["checkCheckpoint"]));
vi.mock("../../packages/verify/src/certificate/verified-times.ts", switchable(["checkTimes", "checkWindows"]));
vi.mock("../../packages/verify/src/certificate/ask-library.ts", switchable(["askLibrary"]));
vi.mock("../../packages/verify/src/certificate/check-identity.ts", switchable(["checkIdentity"]));
vi.mock("../../packages/verify/src/certificate/agreement.ts", switchable(["checkAgreement"]));
vi.mock("../../packages/verify/src/cloud-build/check-build.ts", switchable(["checkBuild"]));
vi.mock("../../packages/verify/src/cloud-build/record.ts", switchable(["checkRecord"]));
vi.mock("../../packages/verify/src/builder-ref.ts", switchable(["checkBuilderRef"]));
vi.mock("../../packages/verify/src/expected-fields.ts", switchable(["checkFields"]));

/**
 * Each check with the codes that it throws: a vector with another code is refused by another check first. Not checkKnown,
 * which decides between "forged" and "newer roots may know"; the library refuses either.
 */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  checkLogBody: ["LOG_ENTRY_INVALID"],
  checkCheckpoint: ["LOG_ENTRY_INVALID"],
  checkTimes: ["TIMESTAMP_INVALID"],
  askLibrary: ["CERTIFICATE_INVALID", "LOG_ENTRY_INVALID", "SIGNATURE_INVALID", "TIMESTAMP_INVALID"],
  checkWindows: ["LOG_ENTRY_INVALID"],
  checkIdentity: [
    "BUILDER_REF_UNKNOWN",
    "CERTIFICATE_MISMATCH",
    "IDENTITY_MISMATCH",
    "SOURCE_MISMATCH",
    "SOURCE_UNSET",
  ],
  checkBuilderRef: ["BUILDER_REF_UNKNOWN"],
  checkFields: ["CERTIFICATE_MISMATCH", "SOURCE_MISMATCH"],
  checkAgreement: ["PREDICATE_MISMATCH"],
  checkBuild: ["PREDICATE_MISMATCH", "SOURCE_MISMATCH"],
  checkRecord: ["EVIDENCE_MISMATCH"],
};

const vectors = (await readVectors()).filter(
  ({ code, args }) =>
    code !== null &&
    args.mode === "release" &&
    (args.identities.length > 0 || args.cloudBuild !== null) &&
    args.generate.length === 0,
);

/** The library has the same check, behind ours. */
const TWICE = ["checkTimes"];

afterEach(() => off.clear());

/** True when it is authenticated, whatever is then judged of names and digests. */
async function passes({ folder, args }: Vector): Promise<boolean> {
  const read = (file: string | null | undefined) => readFile(join(folder, file ?? ""));
  try {
    if (args.cloudBuild !== null) return await passesAsCloudBuild(folder, args.bundles?.[0] ?? "", args.cloudBuild);
    const roots = await openRoots({ bytes: await read(args.trustedRoot), label: "roots", asOf: null });
    const trust = args.identities.map(({ pattern: identityPattern, ...identity }) =>
      trustedIdentity({ ...identity, identityPattern, withoutLog: args.withoutLog, roots }),
    );
    const result = authenticate(parseBundle(await read(args.bundles?.[0])), trust);
    return result.kind === "verified" && result.verified.predicate !== null;
  } catch (error) {
    // Without the checks before it, a later one may meet what it was never to see.
    if (isTouchmarkError(error) || error instanceof TypeError) return false;
    throw error;
  }
}

async function passesAsCloudBuild(
  folder: string,
  file: string,
  { keys: label, source }: Exclude<Vector["args"]["cloudBuild"], null>,
) {
  const names = await readdir(join(folder, label));
  const read = async (name: string) => readCloudBuildKey(await readFile(join(folder, label, name)), name);
  const keys = await Promise.all(names.map(async (name) => [name.replace(/\.key$/, ""), await read(name)] as const));
  const trust = [trustedCloudBuild({ keys: new Map(keys), label, date: null, source })];
  const { pieces } = await readPieces(await readFile(join(folder, file)), file);
  return pieces.some(({ name, piece }) => {
    const one = examine(name, piece, { trust });
    return one.kind === "trusted" && one.verified.predicate !== null;
  });
}

/** What this cannot see: refused by the name, the digest or a deny list, once the evidence is authenticated. */
async function seen(): Promise<readonly Vector[]> {
  const passing = await Promise.all(vectors.map(passes));
  return vectors.filter((_, index) => !passing[index]);
}

/**
 * Each check is left out in turn. scripts/vectors/only-check.json says which vectors then pass: those that it alone refuses.
 * A check without any would be one that nothing shows to be needed.
 */
it("each check refuses vectors that no other one does", async () => {
  const refused = await seen();
  expect(refused.length).toBeGreaterThan(200);
  const alone: Record<string, readonly string[]> = {};
  for (const [check, codes] of Object.entries(CHECKS)) {
    off.add(check);
    const names: string[] = [];
    for (const vector of refused) {
      if (codes.includes(vector.code ?? "") && (await passes(vector))) names.push(vector.name);
    }
    off.clear();
    alone[check] = names;
  }
  const file = fileURLToPath(new URL("only-check.json", import.meta.url));
  expect(Object.keys(CHECKS).filter((check) => alone[check]?.length === 0)).toEqual(TWICE);
  await expect(`${JSON.stringify(alone, null, 2)}\n`).toMatchFileSnapshot(file);
}, 300_000);
