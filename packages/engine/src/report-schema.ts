import { MAX_LISTED_REFUSALS, MAX_MENTIONS, MAX_REFUSALS, STATUSES } from "@touchmark/verify";
import * as z from "zod";
import { ExplanationSchema } from "./explanation/explanation-schema.ts";
import { CHECK_REPORT } from "./report-uri.ts";

const text = z.string();
const count = z.int().nonnegative();
/** Open on purpose: a new code must not make a report invalid for those who hold version 1 of the schema. */
const code = text.regex(/^[A-Z][A-Z0-9_]*$/).describe("`touchmark explain CODE` says what it means.");

const FindingSchema = z.strictObject({
  code,
  message: text,
  expected: text.nullable(),
  actual: text.nullable(),
});

const StatementSchema = z
  .strictObject({
    bundle: text.describe("The evidence: a file, with :LINE where it holds several."),
    digest: text
      .nullable()
      .describe(
        "sha256:<hex> of the evidence as it was found: of the file, or of the line without its end; null where there are no such bytes.",
      ),
    predicateType: text,
    signer: text.describe(
      "key:sha256:<hex> of the public key in DER; identity:<the name in the certificate>; cloud-build:<the key's name in Google's Cloud KMS>, for Google Cloud Build.",
    ),
    issuer: text.nullable().describe("Who identified the signer; null for a key."),
    signedAt: text.nullable().describe("The earliest time that a log or a timestamp proves; null for a key."),
    builder: text.nullable(),
    source: text.nullable().describe("The repository, without git+ and without the ref."),
    ref: text.nullable(),
    commit: text.nullable(),
    level: z
      .int()
      .min(0)
      .max(99)
      .nullable()
      .describe("SLSA Build level that the signer and the builder give; of a summary, what its verifier assures."),
    entry: text.nullable().describe("The entry of a trust file that gives it this level; null without one."),
    operator: text.nullable().describe("Who runs the builder, as that entry says; null where it does not."),
    summary: z
      .strictObject({ verifier: text, resource: text, timeVerified: text.nullable(), levels: z.array(text) })
      .nullable()
      .describe("What a trusted verifier says instead of provenance; null for provenance."),
    published: z
      .strictObject({
        registry: text,
        name: text,
        version: text,
        keyId: text.describe("What the registry calls its key."),
        key: text.describe("sha256:<hex> of the registry's public key in DER."),
        signedAt: text.describe("The earliest time that a log or a timestamp proves."),
      })
      .nullable()
      .describe(
        "The registry that vouches for having published the package, with a key of its own; null: none had to.",
      ),
  })
  .describe("A trusted statement that covers the artifact.");

const RefusalsSchema = z
  .strictObject({
    count: count.describe(
      `All of them; at least as many, where evidence mentions artifacts more than ${MAX_MENTIONS} times.`,
    ),
    listed: z
      .array(
        z.strictObject({
          bundle: text.describe("The evidence: a file, with :LINE where it holds several."),
          ...FindingSchema.shape,
        }),
      )
      .max(MAX_LISTED_REFUSALS)
      .describe(`The first ${MAX_LISTED_REFUSALS}, and of all artifacts together the first ${MAX_REFUSALS}.`),
  })
  .describe(
    "Of an artifact that does not hold, why each piece of evidence that mentions it does not count, in its own words; the first is the one that the findings show.",
  );

/** One artifact in a report. */
export const ArtifactReportSchema = z.strictObject({
  name: text.describe(
    "Relative to the target; a file given alone or a tree, its base name; a digest, as given; an image, REPOSITORY@DIGEST or LAYOUT@DIGEST.",
  ),
  target: text.describe("As given."),
  digest: text.nullable().describe("ALGORITHM:HEX; null for what was not read."),
  platform: text.nullable().describe("Of an image, as its index says: linux/amd64."),
  repository: text
    .nullable()
    .describe(
      "Of an image, the registry and repository that it was asked for, or in a kit holds as; null where nobody says it, or nobody who is believed.",
    ),
  status: z.enum(STATUSES),
  rule: text
    .nullable()
    .describe("FILE:LINE of the policy's rule for it; null without a policy, and where no rule is about it."),
  statements: z.array(StatementSchema),
  findings: z.array(FindingSchema),
  refusals: RefusalsSchema,
  beside: z
    .array(z.strictObject({ bundle: text, digest: text.nullable(), predicateType: text }))
    .describe(
      "Trusted statements about the same bytes that cover nothing, and that a policy was shown: an SBOM, a test result.",
    ),
  dependencies: z
    .strictObject({ count, levels: z.record(text, count) })
    .nullable()
    .describe(
      "With --deps, what a verified artifact was built from, directly and through others: how many have each level; null: nobody looked.",
    ),
});

const DependencySchema = z
  .strictObject({
    digest: text.nullable().describe("ALGORITHM:HEX, or gitCommit:HEX; null where provenance gives none that counts."),
    uri: text.nullable(),
    name: text.nullable(),
    depth: z.int().positive().describe("Steps from the nearest artifact: 1 for what its own build used."),
    status: z
      .enum(STATUSES)
      .nullable()
      .describe("What holds for its bytes, by the same trust; null where nobody looked, or could."),
    levels: z.array(text).describe("One a track."),
    statements: z.array(text).describe("The evidence that covers it."),
  })
  .describe("Something that a build used, as its provenance says.");

const InputSchema = z.strictObject({ name: text, digest: text });

const RulesSchema = z.strictObject({
  ...InputSchema.shape,
  signedBy: text.optional().describe("sha256:<hex> of the public key in DER that signed it; absent: nobody had to."),
  revision: count.optional().describe("Of what was signed; absent as signedBy."),
});

const IdentitySchema = z.strictObject({
  issuer: text,
  identity: text
    .nullable()
    .describe(
      "Exactly this name, or this workflow at one of builderCommits or builderTags; null where a pattern was given, or any workflow of the source.",
    ),
  pattern: text.nullable().describe("A regular expression for the whole name."),
  source: text.nullable().describe("The repository that the artifacts must come from."),
  ref: text.nullable(),
  builderCommits: z.array(text).describe("Commits of the signing workflow that are believed; none: any release of it."),
  builderTags: text.nullable().describe("Which tags of the signing workflow are believed; null: no tag was asked for."),
  entry: text.nullable().describe("The entry of a trust file that names it; null for flags."),
  builderIds: z.array(text).describe("Builders that provenance may name; none: any that agrees with the certificate."),
  fields: z.record(text, text).describe("Further fields of the certificate, each of which had to be this."),
});

const VerifierSchema = z
  .strictObject({
    verifier: text.describe("As it names itself."),
    resource: text
      .nullable()
      .describe("What the artifacts had to be verified as; null: as any of the resources of its rights."),
    levels: z.array(text),
    rights: z
      .strictObject({ entry: text, levels: z.array(text), resources: z.array(text) })
      .nullable()
      .describe("What it may say at most, by the entry of a trust file; null where flags name it."),
    notBefore: text.nullable().describe("Older summaries were refused; null: none for its age."),
    key: InputSchema.nullable(),
    identity: IdentitySchema.nullable(),
  })
  .describe("Whose verification summaries are accepted instead of provenance.");

const RootsSchema = z.strictObject({
  name: text,
  digest: text,
  date: text.describe("The newest day for which the roots are known to be complete."),
});

const CloudBuildSchema = z
  .strictObject({
    name: text.describe("What the keys are called: the user's folder, or that they came with the program."),
    digest: text.describe("SHA-256 over the names and the keys."),
    date: text.nullable().describe("The day on which the keys were current; null for the user's own."),
    source: text
      .nullable()
      .describe("The repository, or the archive in storage, that the artifacts must come from; null: a policy says."),
    ref: text.nullable(),
  })
  .describe("Google Cloud Build, believed for its own provenance.");

const NamesSchema = z.strictObject({
  count,
  names: z.array(text).max(100).describe("The first by name, at most 100."),
});

const ReleaseSchema = z
  .strictObject({
    required: z.boolean().describe("--release: what is here must be exactly what the one list has."),
    version: text.nullable().describe("The version that was asked for."),
    lists: z.array(
      z.strictObject({
        bundle: text.describe("The evidence: a file, with :LINE where it holds several."),
        digest: text.nullable().describe("As of a statement."),
        signer: text.describe("As of a statement."),
        purl: text,
        series: text.describe("The purl without its version."),
        version: text,
        predecessor: z
          .strictObject({ version: text, sha256: text.describe("Of the file.") })
          .nullable()
          .describe("The list of the release before."),
        subjects: count,
        absent: NamesSchema.describe("What it lists and is not here, with its name and its bytes."),
        unlisted: NamesSchema.describe("Artifacts that it does not list."),
      }),
    ),
  })
  .describe("Lists of the release by somebody trusted; null: there is none, and none was asked for.");

/** What `verify` found: the document that `--json` prints. */
export const CheckReportSchema = z.strictObject({
  schema: z.literal(CHECK_REPORT),
  result: z.enum(["verified", "failed", "unknown"]),
  counts: z.strictObject({
    verified: count,
    tampered: count,
    notCovered: count,
    untrusted: count,
    policy: count,
    evidence: count,
    exception: count,
    unknown: count,
  }),
  absent: NamesSchema.describe(
    "Subjects of trusted provenance for which no target stands, not even a damaged one; without those of skipped lines.",
  ),
  release: ReleaseSchema.nullable(),
  ignored: NamesSchema.describe("Files that --ignore took out; nothing is said about them."),
  skippedLines: count.describe(
    "Lines of evidence about nothing that was judged, by digest or by name; they were not authenticated, and none are with --complete.",
  ),
  artifacts: z.array(ArtifactReportSchema),
  dependencies: z
    .array(DependencySchema)
    .nullable()
    .describe("With --deps, every dependency of verified artifacts once, by its depth; null: nobody looked."),
  wholeFailures: count.describe(
    "How many of the findings, the first ones, make the whole fail, whatever holds by itself.",
  ),
  findings: z.array(FindingSchema).describe("About evidence and about the whole; bad evidence alone does not fail."),
  explanation: ExplanationSchema.optional(),
  inputs: z.strictObject({
    policy: RulesSchema.nullable().describe("What was expected beside trust; null: nothing was."),
    trust: z
      .union([RulesSchema, z.array(RulesSchema).min(2)])
      .nullable()
      .describe("Trust files and presets that said whom to believe."),
    key: z.union([InputSchema, z.array(InputSchema).min(2)]).nullable(),
    identity: z
      .union([IdentitySchema, z.array(IdentitySchema).min(2)])
      .nullable()
      .describe("Whom a certificate had to name: one of these."),
    roots: z
      .union([RootsSchema, z.array(RootsSchema).min(2)])
      .nullable()
      .describe("By what certificates and times were judged; several where trust entries have their own."),
    cloudBuild: CloudBuildSchema.nullable(),
    verifier: z.union([VerifierSchema, z.array(VerifierSchema).min(2)]).nullable(),
    deny: z
      .union([InputSchema, z.array(InputSchema).min(2)])
      .nullable()
      .describe("Lists of what must not be used."),
    state: z
      .strictObject({ name: text, digest: text.nullable().describe("Null when the file was new.") })
      .nullable()
      .describe("What was seen before, and compared with."),
  }),
});

/** What is printed instead when there is no verdict. */
export const ErrorReportSchema = z.strictObject({ error: FindingSchema });

/** Everything that `verify --json` can print. */
export const VerifyOutputSchema = z.union([CheckReportSchema, ErrorReportSchema]);
