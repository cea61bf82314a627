import * as z from "zod/mini";
import { boundedArray } from "./bounded-array.ts";
import type { Checkout, Origin } from "./build.ts";
import { type DigestSet, OwnDigestSet } from "./digest.ts";
import { MAX_DESCRIPTORS, MAX_SUBJECTS } from "./limits.ts";
import type { ResourceDescriptor } from "./resource-descriptor.ts";
import { plainSubject, Subject } from "./subject.ts";

/** The `type` of a subjects file; its page is docs/subjects-file.md. */
export const SUBJECTS_FILE_TYPE = "https://touchmark.dev/subjects/v1";

/** One collected part of a release: what one job made of one configured artifact. */
export interface Part {
  /** The artifact's key in the configuration, or the adapter's name. */
  readonly artifact: string;
  /** Which part of it (a matrix leg, a platform); null where the artifact comes in one. */
  readonly part: string | null;
  readonly origin: Origin | null;
  readonly checkouts: readonly Checkout[];
  /** sha256 of the canonical JSON of what this part brought: tells one part uploaded twice from two different ones. */
  readonly outputs: DigestSet;
}

/** A descriptor and the adapter that reported it. */
export interface Reported extends ResourceDescriptor {
  readonly reportedBy: string;
}

/** Subjects on their way from the job that built to the job that signs. No time, no local path. */
export interface SubjectsFile {
  readonly type: typeof SUBJECTS_FILE_TYPE;
  readonly parts: readonly Part[];
  readonly subjects: readonly Subject[];
  readonly resolvedDependencies: readonly Reported[];
  readonly byproducts: readonly Reported[];
}

const text = z.string().check(z.maxLength(8192));
const shownText = (max: number) => z.string().check(z.minLength(1), z.maxLength(max), z.regex(/^[^\p{Cc}]+$/u));
const commit = z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));

/** Closed, unlike `ResourceDescriptor`: what we would not carry on must not be dropped in silence. */
const Reported: z.ZodMiniType<Reported> = z
  .strictObject({
    reportedBy: shownText(256),
    name: z.optional(text),
    uri: z.optional(text),
    digest: z.optional(OwnDigestSet),
    content: z.optional(z.string().check(z.maxLength(65536))),
    downloadLocation: z.optional(text),
    mediaType: z.optional(text),
    annotations: z.optional(z.record(z.string(), z.unknown())),
  })
  .check(
    z.refine((value) => value.uri !== undefined || value.digest !== undefined || value.content !== undefined, {
      message: "a resource descriptor needs a uri, a digest or content",
    }),
  );

const Part: z.ZodMiniType<Part> = z.strictObject({
  artifact: shownText(256),
  part: z.nullable(shownText(256)),
  origin: z.nullable(z.strictObject({ repository: shownText(2048), commit, runId: shownText(2048) })),
  checkouts: boundedArray(z.strictObject({ repository: z.nullable(shownText(2048)), commit, dirty: z.boolean() }), 64),
  outputs: z.strictObject({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
});

export const SubjectsFile: z.ZodMiniType<SubjectsFile> = z.strictObject({
  type: z.literal(SUBJECTS_FILE_TYPE),
  parts: boundedArray(Part, MAX_SUBJECTS),
  subjects: boundedArray(Subject, MAX_SUBJECTS, 0, plainSubject),
  resolvedDependencies: boundedArray(Reported, MAX_DESCRIPTORS),
  byproducts: boundedArray(Reported, MAX_DESCRIPTORS),
});
