/** On a dependency: BuildKit's provenance in the image says it, or what buildx printed of it; unsigned either way. */
export const STATED_BY = { "buildx.stated-by": "buildkit" } as const;

/** On a subject: the tags under which the build pushed it. */
export const TAGS = "buildx.tags";
/** On a subject or a document: `linux/amd64`. */
export const PLATFORM = "buildx.platform";
/** On a subject: buildx said that the context had changes which its commit has not. */
export const DIRTY = "buildx.dirty";

/** On a document that BuildKit attached: its predicate type. */
export const PREDICATE_TYPE = "buildx.predicate-type";
/** On such a document: the platform manifest that it is about, or that it is about none of the image. */
export const ABOUT = "buildx.about";
