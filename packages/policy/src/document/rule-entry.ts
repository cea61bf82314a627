import * as z from "zod";
import { MAX_BUILDERS, MAX_CONDITION, MAX_TEXT, MAX_VALUES } from "../limits.ts";
import { readMaxAge } from "../max-age.ts";
import { isPredicateName, PREDICATE_NAMES } from "../predicate-kinds.ts";
import { list, oneOrMore, parameterPath, patterns, word } from "./fields.ts";

const commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "must be 40 or 64 hex digits in lower case");
const id = z.string().regex(/^[0-9]{1,20}$/, 'must be digits, in quotes: "123456"');
const yes = z.literal(true, "can only be true; leave the key out for the opposite");

/** What a parameter may be expected to be. */
const scalar = z.union([z.string().max(MAX_TEXT), z.number(), z.boolean(), z.null()]);

const required = z
  .string()
  .max(MAX_TEXT)
  .refine(
    (text) => isPredicateName(text) || /^https?:\/\/[\x21-\x7e]+$/.test(text),
    `must be one of ${PREDICATE_NAMES.join(", ")}, or the URI of a predicate type`,
  );

function named<T extends z.ZodType>(keys: z.ZodType<string, string>, value: T) {
  return z
    .record(keys, value)
    .refine((values) => Object.keys(values).length > 0, "names nothing")
    .refine((values) => Object.keys(values).length <= MAX_VALUES, `at most ${MAX_VALUES} values`);
}

/** What `externalParameters` may hold. */
export const ParametersEntry = z.strictObject({
  only: list(parameterPath).optional().describe("the parameters that may be there; each with all below it"),
  values: named(parameterPath, scalar).optional().describe("what a parameter must be, exactly"),
  "reject-unknown": yes
    .optional()
    .describe("nothing may be there but what `only`, `values` and `workflow-inputs` name; implied by `only`"),
});

/** What is expected of the artifacts that it matches. */
export const RuleEntry = z.strictObject({
  match: patterns,
  source: z
    .string()
    .max(MAX_TEXT)
    .regex(
      /^(?:https:\/\/)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:\/[\w.~-]+)+(?<!\.git)$/,
      "must be HOST/PATH or https://HOST/PATH, without .git: github.com/OWNER/REPO",
    )
    .optional()
    .describe("the repository that it must be built from"),
  "source-id": id
    .optional()
    .describe(
      "its id as certificates have it, which a repository of the same name made later has not; then the name may change",
    ),
  "owner-id": id.optional().describe("the id of the repository's owner, as certificates have it"),
  "any-source": yes.optional().describe("it may be built from any repository; instead of `source`"),
  ref: z
    .string()
    .max(MAX_TEXT)
    .regex(/^refs\/[\x21-\x7e]+$/, "must be written in full: refs/heads/main")
    .optional()
    .describe("the ref, in full"),
  tag: z.string().max(MAX_TEXT).optional().describe("the tag: v1.2.3, v{semver}, v{semver} >=1.2 <2, {pkg}@{semver}"),
  "versioned-tag": z
    .string()
    .regex(/^v(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){0,2}$/, "must be v1, v1.2 or v1.2.3")
    .optional()
    .describe("the beginning of the tag's version, as slsa-verifier has it: v1 for any v1.x.y"),
  branch: oneOrMore(word, MAX_VALUES).optional().describe("the branch, by name"),
  commit: commit.optional().describe("the commit"),
  "build-type": oneOrMore(word, MAX_VALUES).optional().describe("the build type's URI"),
  builder: oneOrMore(word, MAX_VALUES).optional().describe("the builder's id, as a whole"),
  parameters: ParametersEntry.optional().describe("what the external parameters of the build may be"),
  "workflow-inputs": named(
    z.string().min(1).max(MAX_TEXT),
    z.union([z.string().max(MAX_TEXT), z.number(), z.boolean()]),
  )
    .optional()
    .describe("inputs that the workflow must have been started with"),
  level: z
    .int("must be 1, 2 or 3")
    .min(1, "must be 1, 2 or 3: everything is at level 0")
    .max(3, "must be 1, 2 or 3: SLSA has no higher Build level")
    .optional()
    .describe("the SLSA Build level that trust must give to the signer and the builder"),
  trigger: oneOrMore(word, MAX_VALUES)
    .optional()
    .describe("what may have started the run, as the certificate says: push, release"),
  runner: oneOrMore(word, MAX_VALUES)
    .optional()
    .describe("where it may have run, as the certificate says: github-hosted"),
  require: list(required)
    .optional()
    .describe("statements about the artifact that must all be there; provenance alone when absent"),
  platforms: list(
    z.string().regex(/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+)?$/, "must be OS/ARCHITECTURE, such as linux/arm64"),
  )
    .optional()
    .describe("platforms that an image must have, each of which must be covered itself"),
  "max-age": z
    .string()
    .refine((text) => readMaxAge(text) !== null, "must be a whole number with a unit, at most ten years: 12h, 180d, 8w")
    .optional()
    .describe("how long ago it may have been signed, by a time that a log or an authority proves"),
  builders: z
    .int("must be a whole number")
    .min(2, "must be 2 or more: one builder is what every rule expects")
    .max(MAX_BUILDERS, `must be ${MAX_BUILDERS} at most`)
    .optional()
    .describe("how many builders, each of another operator and by another signer, must have made the same bytes"),
  when: z
    .string()
    .min(1)
    .max(MAX_CONDITION, `at most ${MAX_CONDITION} characters`)
    .optional()
    .describe("an expression (CEL) that must be true"),
  "any-name": yes.optional().describe("the statement may call it by another name"),
});

export type RuleEntry = z.output<typeof RuleEntry>;
