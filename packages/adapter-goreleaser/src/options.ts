import * as z from "zod";
import { isKnownType, type RoleOptions } from "./roles.ts";

/** What stands under `artifacts.<key>` beside `use: goreleaser`. */
export interface GoreleaserOptions extends RoleOptions {
  /** The dist folder, or several of one release (GoReleaser Pro's `--split`): equal commit and version. */
  readonly dist: string | readonly string[];
  /** Where GoReleaser ran. Needed only for extra_files outside of a dist that was moved or has another name than then. */
  readonly runFolder?: string | undefined;
}

const folder = z.string().min(1).max(4096);

export const GoreleaserOptions: z.ZodType<GoreleaserOptions> = z.strictObject({
  dist: z.union([folder, z.array(folder).min(1).max(256)]).default("dist"),
  runFolder: folder.optional(),
  types: z
    .record(z.string().min(1), z.enum(["released", "intermediate"]))
    .refine((types) => !Object.keys(types).some(isKnownType), "only types that the adapter does not know can be told")
    .optional(),
  binaries: z.boolean().optional(),
});
