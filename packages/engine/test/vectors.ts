import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";

export const VECTORS = fileURLToPath(new URL("../../vectors/cases/", import.meta.url));

/** args.json, as packages/vectors/README.md has it; strict, so that no vector asks for what no test looks at. */
const Args = z.strictObject({
  mode: z.enum(["release", "signature"]).default("release"),
  targets: z.array(z.string()).min(1),
  digests: z.array(z.string()).nullable().default(null),
  bundles: z.array(z.string()).nullable(),
  key: z.string().nullable(),
  identities: z
    .array(
      z.strictObject({
        identity: z.string().nullable(),
        pattern: z.string().nullable(),
        issuer: z.string(),
        source: z.string().nullable(),
        fields: z.record(z.string(), z.string()).default({}),
        builderCommits: z.array(z.string()).default([]),
        builderIds: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  cloudBuild: z.strictObject({ keys: z.string(), source: z.string().nullable() }).nullable().default(null),
  verifiers: z
    .array(
      z.strictObject({
        key: z.string(),
        verifier: z.string(),
        resource: z.string().nullable(),
        levels: z.array(z.string()),
        rights: z
          .strictObject({ levels: z.array(z.string()), resources: z.array(z.string()) })
          .nullable()
          .default(null),
        period: z.strictObject({ notBefore: z.string(), notAfter: z.string() }).nullable().default(null),
      }),
    )
    .default([]),
  trustedRoot: z.string().nullable().default(null),
  npmKeys: z.string().nullable().default(null),
  package: z.string().nullable().default(null),
  withoutLog: z.boolean().default(false),
  rekorEntries: z.array(z.string()).default([]),
  deny: z.array(z.string()).default([]),
  policy: z.string().nullable().default(null),
  trust: z.array(z.string()).default([]),
  acceptVsa: z.boolean().default(false),
  now: z.iso.datetime().nullable().default(null),
  state: z.string().nullable().default(null),
  rootsNotBefore: z.string().nullable().default(null),
  complete: z.boolean(),
  release: z.strictObject({ version: z.string().nullable() }).nullable().default(null),
  anyName: z.boolean(),
  recursive: z.boolean(),
  ignore: z.array(z.string()),
  generate: z
    .array(
      z.strictObject({ file: z.string(), text: z.string().min(1), with: z.string(), times: z.int().nonnegative() }),
    )
    .default([]),
});
type Args = z.output<typeof Args>;

export interface Vector {
  readonly name: string;
  readonly folder: string;
  readonly args: Args;
  /** Null: must verify. */
  readonly code: string | null;
  /** Of a `_fail` vector. */
  readonly twin: string | null;
}

export async function readVectors(): Promise<readonly Vector[]> {
  return Promise.all((await readdir(VECTORS)).sort().map(readVector));
}

async function readVector(name: string): Promise<Vector> {
  const folder = join(VECTORS, name);
  const text = (file: string) => readFile(join(folder, file), "utf8");
  const args = Args.parse(JSON.parse(await text("args.json")));
  if (!name.endsWith("_fail")) return { name, folder, args, code: null, twin: null };
  const [, twin = null] = /Its twin `([^`]+)` verifies/.exec(await text("README.md")) ?? [];
  return { name, folder, args, code: (await text("error")).trim(), twin };
}

/** Runs something in a vector's folder, or in a copy in which the large files stand as `generate` says. */
export async function inVector<T>({ folder, args }: Vector, run: (folder: string) => Promise<T>): Promise<T> {
  if (args.generate.length === 0) return run(folder);
  const copy = await mkdtemp(join(tmpdir(), "touchmark-vector-"));
  try {
    await cp(folder, copy, { recursive: true });
    for (const { file, text, with: unit, times } of args.generate) {
      const path = join(copy, file);
      await writeFile(path, (await readFile(path, "utf8")).split(text).join(unit.repeat(times)));
    }
    return await run(copy);
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** A policy or a trust file has a say in it. */
export function decidesByFiles({ args }: Pick<Vector, "args">): boolean {
  return args.policy !== null || args.trust.length > 0;
}

/** What a vector is run on: its targets, and where bytes and digest must be judged alike, the digests too. */
export function targetsOf({ args }: Vector): readonly (readonly string[])[] {
  return args.digests === null ? [args.targets] : [args.targets, args.digests];
}
