import * as z from "zod";

/** A path as the user wrote it, relative to the workspace or absolute. */
const Path = z.string().min(1).max(4096);
const Name = z.string().min(1).max(512);
const Platforms = z.array(Name).min(1).max(256);

/** What stands under `artifacts.<key>` beside `use: buildx`; docs/adapters/buildx.md explains each. */
export const BuildxOptions = z
  .strictObject({
    /** What the build wrote about the image; `-`: the same on standard input; a layout, too. */
    metadata: Path.optional(),
    /** An image layout: the images in it, or with `metadata` the bytes of those that are named there. */
    layout: Path.optional(),
    /** `HOST/REPOSITORY@sha256:…`, read from the registry. */
    image: Name.optional(),
    /** Where the image is, if the file does not say. */
    repository: Name.optional(),
    /** Targets of a bake file; absent: all of them. */
    only: z.union([Name, z.array(Name).min(1).max(10_000)]).optional(),
    /** What each image must be for, exactly; a list for all images, or one for each repository. */
    platforms: z.union([Platforms, z.record(Name, Platforms)]).optional(),
    /** Repositories that there must be images for and no others, or how many images. */
    expect: z.union([z.number().int().min(1), z.array(Name).min(1)]).optional(),
  })
  .refine(
    ({ metadata, layout, image }) => (image === undefined) !== (metadata === undefined && layout === undefined),
    "one of metadata, layout and image says what to read (metadata and layout may come together)",
  );

export type BuildxOptions = z.infer<typeof BuildxOptions>;
