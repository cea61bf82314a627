import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { flagsOf } from "../apps/cli/test/vector-flags.ts";
import { EXIT_BY_CODE } from "../packages/core/src/index.ts";
import { decidesByFiles, inVector, readVectors, type Vector } from "../packages/engine/test/vectors.ts";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const vectors = await readVectors();

/** The client of sigstore-conformance, which verifies signatures over files. */
const CONFORMANCE = fileURLToPath(new URL("../apps/cli/dist/conformance.mjs", import.meta.url));

function conformanceOf({ args }: Vector): readonly string[] {
  const [identity] = args.identities;
  const signer =
    args.key === null
      ? ["--certificate-identity", identity?.identity ?? "", "--certificate-oidc-issuer", identity?.issuer ?? ""]
      : ["--key", args.key];
  const [bundle = ""] = args.bundles ?? [];
  return ["verify-bundle", "--bundle", bundle, ...signer, "--trusted-root", args.trustedRoot ?? "", ...args.targets];
}

/**
 * Where the command line says it in its own words: two names are two who may sign, the age of roots and of summaries is counted
 * from today, and what a verifier may say stands in a trust file. Policies and trust files: apps/cli/src/verify/vectors.test.ts.
 */
const ONLY_IN_LIBRARY = ["identity-two_fail", "roots-age", "roots-age_fail"];
const isOnlyInLibrary = ({ name, args }: Vector) =>
  ONLY_IN_LIBRARY.includes(name) ||
  decidesByFiles({ args }) ||
  args.verifiers.some(({ rights, period }) => rights !== null || period !== null);

describe.concurrent("the command line says of each vector what the library says", () => {
  const folders: { readonly remove: () => Promise<void> }[] = [];
  afterAll(async () => {
    for (const folder of folders) await folder.remove();
  });

  it.each(vectors.filter((one) => !isOnlyInLibrary(one)).map((one) => [one.name, one] as const))(
    "%s",
    async (_, vector) => {
      const work = await newFolder();
      folders.push(work);
      const path = join(work.path, "vector");
      await inVector(vector, (folder) => cp(folder, path, { recursive: true }));
      if (vector.args.mode === "signature") {
        const { status } = await runProgram(process.execPath, [CONFORMANCE, ...conformanceOf(vector)], { cwd: path });
        expect(status).toBe(vector.code === null ? 0 : 1);
        return;
      }
      const args = ["verify", ...vector.args.targets, ...flagsOf(vector), "--offline", "--json"];
      const { status, stdout, stderr } = await touchmark(args, { cwd: path });
      if (vector.code === null) {
        expect([status, JSON.parse(stdout).result]).toEqual([0, "verified"]);
        return;
      }
      expect(`${stdout}${stderr}`).toContain(vector.code);
      // A finding of a kind that is the caller's fault elsewhere is a verdict here.
      const document = JSON.parse(stdout);
      const expected = document.result === "failed" ? 1 : document.result === "unknown" ? 3 : statusOf(vector.code);
      expect(status).toBe(expected);
      expect(document.result).not.toBe("verified");
    },
  );
});

function statusOf(code: string): number | undefined {
  return (EXIT_BY_CODE as Readonly<Record<string, number>>)[code];
}
