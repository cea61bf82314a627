import * as z from "zod";

/** What a configuration can say; docs/adapters/npm-pack.md explains each. */
export const NpmPackOptions = z.strictObject({
  /** A project's folder, or the file that holds what `npm pack --json` printed. */
  path: z.string().min(1).default("."),
  /** The folder that the tarballs lie in; absent: beside the list, or in the project's folder and its workspaces. */
  tarballs: z.string().min(1).optional(),
  /** Packs the folder at `path` first. */
  run: z.boolean().default(false),
  /** The lock file to take dependencies from; false: none; absent: the one beside the list or in the folder. */
  lockfile: z.union([z.string().min(1), z.literal(false)]).optional(),
  /** What becomes of a tarball whose package.json says `private`: a subject, or a byproduct. */
  private: z.enum(["include", "exclude"]).default("include"),
  /** Purls of the subjects, or how many; absent: what the list or the package.json files say. */
  expect: z.union([z.number().int().min(1), z.array(z.string().min(1)).min(1)]).optional(),
});

export type NpmPackOptions = z.infer<typeof NpmPackOptions>;
