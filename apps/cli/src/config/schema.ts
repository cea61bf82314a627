import * as z from "zod";

const filePath = z.string().min(1).max(4096);
const partName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "letters, digits, dot, underscore and hyphen");

/** Keys of an artifact that Touchmark reads itself; the others are the adapter's options. */
const Artifact = z
  .looseObject({
    use: z.string().min(1).describe("the adapter: goreleaser, npm-pack, files, checksums, …, or one of `adapters`"),
    parts: z
      .array(partName)
      .min(1)
      .max(1024)
      .optional()
      .describe("parts that must each arrive once; `{part}` in an option stands for them"),
    name: z.string().min(1).optional().describe("a template for file names: {path} {basename} {stem} {part}"),
    read: z.array(filePath).optional().describe("further folders that this adapter may read"),
  })
  .describe("one kind of thing in the release; keys not listed here are the adapter's own options");

/**
 * touchmark.yaml and touchmark.config.ts. Closed: a key that is not here is an error.
 * The JSON Schema in docs/schemas/config-v1.schema.json is made from this.
 */
export const Config = z.strictObject({
  version: z.literal(1).describe("the version of this format"),
  release: z
    .strictObject({
      name: z.string().min(1).optional().describe("names the files: <name>.intoto.jsonl and <name>.sigstore.json"),
      version: z
        .string()
        .min(1)
        .optional()
        .describe("the version in the list of the release; that of the tag when absent"),
      manifest: z.boolean().optional().describe("also sign a list of everything: <name>.release.sigstore.json"),
      repositories: z
        .array(z.string().min(1))
        .optional()
        .describe("further repositories whose checkouts are inputs of the build"),
    })
    .optional()
    .describe("the release as a whole"),
  artifacts: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/), Artifact)
    .refine((artifacts) => Object.keys(artifacts).length > 0, "at least one artifact")
    .describe("the key is what you type: `touchmark collect KEY`"),
  adapters: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.string().min(1))
    .optional()
    .describe("adapters of other packages: name → npm package; loaded only where no key is at hand"),
  sign: z
    .strictObject({
      with: z
        .enum(["key", "keyless"])
        .optional()
        .describe("`keyless` signs by the CI job's own identity; `key` when absent"),
      log: z
        .enum(["auto", "public", "none"])
        .optional()
        .describe("keyless: whether a transparency log gets an entry; `auto` leaves private repositories out"),
      "signing-config": filePath
        .optional()
        .describe("keyless: a SigningConfig v0.2 or a ClientTrustConfig v0.1; the public-good instance when absent"),
      "trusted-root": filePath.optional().describe("keyless: the roots of signing services of your own"),
      key: filePath.optional().describe("private key (PKCS#8 PEM), or the public key when `exec` signs"),
      exec: z.string().min(1).optional().describe("a command that signs: SHA-256 digest in, signature out"),
      "passphrase-file": filePath.optional().describe("a file that holds the key's passphrase in its first line"),
      "passphrase-env": z
        .string()
        .min(1)
        .optional()
        .describe("the environment variable that holds the key's passphrase"),
    })
    .optional()
    .describe("who signs; flags of `attest` win"),
  publish: z
    .strictObject({
      files: z
        .strictObject({
          folder: filePath.optional().describe("where the evidence goes; touchmark-out when absent"),
          "per-subject": z.boolean().optional().describe("one statement for each subject"),
          "split-directories": z.boolean().optional().describe("a statement of its own for directories"),
          "max-subjects": z.int().min(1).max(100_000).optional().describe("split statements above this many subjects"),
        })
        .optional()
        .describe("files beside the release"),
      registry: z
        .strictObject({
          push: z
            .boolean()
            .optional()
            .describe("attach the evidence to the images in their registries, as --push does"),
          "att-tag": z.boolean().optional().describe("also under cosign's .att tag, for readers without referrers"),
          "cosign-signature": z.boolean().optional().describe("also sign each image for cosign verify"),
        })
        .optional()
        .describe("beside the images"),
    })
    .optional()
    .describe("where the evidence goes"),
  require: z
    .strictObject({
      level: z
        .union([z.literal(1), z.literal(2), z.literal(3)])
        .optional()
        .describe("the lowest SLSA Build level"),
    })
    .optional()
    .describe("what must hold before anything is signed"),
});

export type Config = z.output<typeof Config>;
export type Artifact = z.output<typeof Artifact>;

/** Keys of an artifact that are not the adapter's. */
export const ARTIFACT_KEYS: readonly string[] = Object.keys(Artifact.shape);
