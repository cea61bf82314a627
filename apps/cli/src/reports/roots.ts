import { ErrorReportSchema } from "@touchmark/engine";
import * as z from "zod";

export const ROOTS_REPORT = "https://touchmark.dev/schema/roots-v1.json";
export const ROOTS_UPDATE_REPORT = "https://touchmark.dev/schema/roots-update-v1.json";

const text = z.string();

const roots = {
  name: text.describe("Where the roots are from: public-good, a file, a TUF repository."),
  digest: text.describe("sha256:<hex> of the file."),
  date: text.describe("The newest day for which the roots are known to be complete. RFC 3339, UTC."),
};

const Authorities = z.array(
  z.strictObject({
    name: text.describe("Its address, or that it has none."),
    start: text.describe("It counts from then on. RFC 3339, UTC."),
    end: text.nullable().describe("And up to then; null while it is in use."),
  }),
);

/** The document that `roots show --json` prints. */
const RootsReportSchema = z.strictObject({
  schema: z.literal(ROOTS_REPORT),
  ...roots,
  roots: z.array(
    z.strictObject({
      certificateAuthorities: Authorities,
      certificateLogs: Authorities,
      logs: Authorities,
      timestampAuthorities: Authorities,
    }),
  ),
});

/** The document that `roots update --json` prints. */
const RootsUpdateReportSchema = z.strictObject({
  schema: z.literal(ROOTS_UPDATE_REPORT),
  ...roots,
  rootVersion: z.int().positive().describe("Of the TUF repository's root."),
  kept: text.nullable().describe("The folder in which --online finds them; null where none can be written."),
  written: text.nullable().describe("The file that --output named."),
});

export const RootsOutputSchema = z.union([RootsReportSchema, ErrorReportSchema]);
export const RootsUpdateOutputSchema = z.union([RootsUpdateReportSchema, ErrorReportSchema]);

export type RootsReport = z.output<typeof RootsReportSchema>;
export type RootsUpdateReport = z.output<typeof RootsUpdateReportSchema>;
