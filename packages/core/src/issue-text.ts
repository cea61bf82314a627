import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";

// zod/mini words no issue by itself; the classic zod does it in English, as here.
z.config(en());

/** The first issue of a failed schema, as `path: message`; at most 500 characters, since it may quote every unknown key. */
export function issueText(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "unknown";
  const path = issue.path.map(String).join(".");
  const text = path === "" ? issue.message : `${path}: ${issue.message}`;
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
