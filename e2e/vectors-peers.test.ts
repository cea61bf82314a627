import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { expect, it } from "vitest";
import { inVector, readVectors, type Vector } from "../packages/engine/test/vectors.ts";
import { goProgram } from "./peers/go-programs.mjs";
import { runProgram } from "./touchmark-process.ts";

/** Vectors that others can judge: one bundle about one file, one exact identity, and nothing that only we compare. */
const vectors = (await readVectors()).filter(({ name, args, code }) => {
  const [identity, ...others] = args.identities;
  return (
    identity?.identity != null &&
    identity.pattern === null &&
    identity.source === null &&
    Object.keys(identity.fields).length + identity.builderCommits.length + others.length + args.deny.length === 0 &&
    args.mode === "release" &&
    args.key === null &&
    args.state === null &&
    args.rootsNotBefore === null &&
    args.trustedRoot !== null &&
    args.digests !== null &&
    !["USAGE", "SOURCE_UNSET"].includes(code ?? "") &&
    !/^(?:npm|pypi|envelope|github|cosign)-/.test(name) // no Sigstore bundles
  );
});

type Judge = (vector: Vector, folder: string) => Promise<boolean>;

/** By Sigstore's own library, whose policy for names is a pattern. */
const library: Judge = async ({ args }, folder) => {
  const json = async (file: string) => JSON.parse(await readFile(join(folder, file), "utf8"));
  const [identity] = args.identities;
  try {
    const roots = toTrustMaterial(TrustedRoot.fromJSON(await json(args.trustedRoot ?? "")));
    const bundle = bundleFromJSON(await json(args.bundles?.[0] ?? ""));
    const logs = { ctlogThreshold: 1, tlogThreshold: args.withoutLog ? 0 : 1, timestampThreshold: 1 };
    new Verifier(roots, logs).verify(toSignedEntity(bundle), {
      subjectAlternativeName: `^${identity?.identity?.replace(/[.+?^$|()[\]{}\\*]/g, "\\$&")}$`,
      extensions: { issuer: identity?.issuer ?? "" },
    });
    return true;
  } catch {
    return false;
  }
};

const cosign: Judge = async ({ args }, folder) => {
  const [identity] = args.identities;
  const text = await readFile(join(folder, args.bundles?.[0] ?? ""), "utf8");
  const ended = await runProgram(
    goProgram("cosign") ?? "",
    [
      ...["verify-blob-attestation", "--type", "slsaprovenance1", "--trusted-root", args.trustedRoot ?? ""],
      ...["--bundle", args.bundles?.[0] ?? "", "--certificate-identity", identity?.identity ?? ""],
      ...["--certificate-oidc-issuer", identity?.issuer ?? ""],
      ...(text.includes("rfc3161Timestamps") ? ["--use-signed-timestamps"] : []),
      ...(args.withoutLog ? ["--insecure-ignore-tlog"] : []),
      ...args.targets,
    ],
    { cwd: folder },
  );
  return ended.status === 0;
};

/**
 * Where others differ from us. packages/vectors/peers/ says so; after a change, look at it: a vector that must verify and
 * that they refuse is a mistake of the vector's or of ours.
 */
it.each([
  ["sigstore-verify-4.1.3", library],
  ["cosign-3.1.3", cosign],
] as const)("%s differs where we know it does", { timeout: 300_000 }, async (name, judge) => {
  const accepts: string[] = [];
  const refuses: string[] = [];
  for (const vector of vectors) {
    const accepted = await inVector(vector, (folder) => judge(vector, folder));
    if (accepted && vector.code !== null) accepts.push(`${vector.name}: ${vector.code}`);
    if (!accepted && vector.code === null) refuses.push(vector.name);
  }
  const text = `${JSON.stringify({ judged: vectors.length, accepts, refuses }, null, 2)}\n`;
  const file = new URL(`../packages/vectors/peers/${name}.json`, import.meta.url);
  await expect(text).toMatchFileSnapshot(fileURLToPath(file));
});
