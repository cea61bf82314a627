/** What is checked of a piece of evidence and of an artifact, in the order in which it is. */
export const CHECKS = [
  "form",
  "roots",
  "log",
  "time",
  "signature",
  "witnesses",
  "identity",
  "statement",
  "agreement",
  "builder",
  "standing",
  "record",
  "publisher",
  "summary",
  "denials",
  "predicate",
  "digest",
  "name",
  "policy",
] as const;

export type Check = (typeof CHECKS)[number];
