import path from "node:path";
import { type Code, EXIT_BY_CODE, TouchmarkError } from "@touchmark/core";
import type { CheckReport } from "@touchmark/engine";
import { junitXml, sarifLog } from "@touchmark/engine/reports";
import type { Context } from "../context.ts";
import { textOf } from "../error-texts.ts";
import { jsonChunks } from "../render/json-document.ts";
import { replaceFiles } from "../replace-files.ts";
import { VERSION } from "../version.ts";

/** A report to write beside what is printed. */
export interface ReportFile {
  readonly form: keyof typeof FORMS;
  /** As the user named it. */
  readonly file: string;
}

const FORMS = {
  sarif: (report: CheckReport) => jsonText(sarifLog(report, { version: VERSION, textOf: ruleText })),
  junit: junitXml,
  json: jsonText,
} as const;

/**
 * Reads what --report says.
 *
 * @throws TouchmarkError `USAGE` for a form that there is not, a missing file, and two reports in one file.
 */
export function reportFiles(given: readonly string[], cwd: string): readonly ReportFile[] {
  const files = given.map((text): ReportFile => {
    const [, form = "", file = ""] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
    if (isForm(form) && file !== "") return { form, file };
    throw new TouchmarkError("USAGE", "--report says no form and file", {
      expected: Object.keys(FORMS)
        .map((name) => `${name}=FILE`)
        .join(", "),
      actual: text,
    });
  });
  const places = new Map<string, string>();
  for (const { form, file } of files) {
    const place = path.resolve(cwd, file);
    const other = places.get(place);
    if (other !== undefined) {
      throw new TouchmarkError("USAGE", `${file} is to hold two reports`, {
        expected: "a file for each",
        actual: `${other} and ${form}`,
      });
    }
    places.set(place, form);
  }
  return files;
}

/**
 * Writes reports, each whole or not at all; before the verdict is printed, so that none is missing where one was read.
 *
 * @throws TouchmarkError `OUTPUT_CONFLICT` for what is not a regular file, `OUTPUT_UNWRITABLE`, `DISK_FULL`, `ABORTED`.
 */
export async function writeReports(context: Context, files: readonly ReportFile[], report: CheckReport): Promise<void> {
  for (const { form, file } of files) {
    const bytes = new TextEncoder().encode(FORMS[form](report));
    await replaceFiles(context, path.dirname(file), [{ name: path.basename(file), bytes }]);
  }
}

function isForm(text: string): text is keyof typeof FORMS {
  return Object.hasOwn(FORMS, text);
}

function ruleText(code: string) {
  return Object.hasOwn(EXIT_BY_CODE, code) ? textOf(code as Code) : null;
}

function jsonText(document: object): string {
  return `${[...jsonChunks(document)].join("")}\n`;
}
