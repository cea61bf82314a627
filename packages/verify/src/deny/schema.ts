import * as z from "zod";
import { MAX_CERTIFICATE_TEXT } from "../certificate/limits.ts";
import { MAX_DENY_ENTRIES, MAX_DENY_REASON } from "../limits.ts";
import { CONDITIONS } from "./conditions.ts";

const commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "40 or 64 hex digits in lower case");
const text = z
  .string()
  .max(MAX_CERTIFICATE_TEXT)
  .regex(/^[\x21-\x7e]+$/, "ASCII without spaces");
/** RFC 3339 with its offset: a time without one is another time elsewhere. */
const time = z.iso.datetime({ offset: true });

const Window = z
  .strictObject({
    from: time.optional().describe("the first moment; the beginning of time when absent"),
    to: time.optional().describe("the last moment; no end when absent"),
  })
  .refine(({ from, to }) => from !== undefined || to !== undefined, "a window needs `from` or `to`")
  .refine(
    ({ from, to }) => from === undefined || to === undefined || Date.parse(from) <= Date.parse(to),
    "a window that ends before it begins",
  );

/** One thing that must not be used; what stands in one entry must all be so. */
export const DenyEntry = z
  .strictObject({
    reason: z
      .string()
      .min(1)
      .max(MAX_DENY_REASON)
      .regex(/^\P{C}+$/u, "one line of text")
      .describe("why; shown to whoever is refused"),
    digest: z
      .string()
      .regex(
        /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}|narSha256:[0-9a-f]{64})$/,
        "sha256:HEX, sha384:HEX, sha512:HEX or narSha256:HEX, in lower case",
      )
      .optional()
      .describe("an artifact's digest, or that of a subject"),
    commit: commit.optional().describe("the commit that it was built from"),
    "builder-digest": commit.optional().describe("the commit of the workflow that signed"),
    key: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, "sha256:HEX, in lower case")
      .optional()
      .describe("SHA-256 of the signer's public key (SubjectPublicKeyInfo in DER)"),
    identity: text
      .optional()
      .describe("a signer, as its certificate names it; a workflow without its ref stands for every ref of it"),
    issuer: text.optional().describe("who identified that signer"),
    window: Window.optional().describe("only what was signed in this time, or at no proven time"),
  })
  .refine(
    (entry) => CONDITIONS.some((name) => entry[name] !== undefined),
    "an entry needs one of digest, commit, builder-digest, key, identity",
  )
  .refine(
    ({ identity, issuer }) => (identity === undefined) === (issuer === undefined),
    "an identity needs its issuer, and an issuer an identity",
  );

/** A deny list. Closed: docs/schemas/deny-v1.schema.json is made from this. */
export const DenyDocument = z.strictObject({
  version: z.literal(1).describe("the version of this format"),
  deny: z.array(DenyEntry).max(MAX_DENY_ENTRIES).describe("what must not be used; any entry that applies is enough"),
});

export type DenyEntry = z.output<typeof DenyEntry>;
