import { TouchmarkError } from "@touchmark/core";
import { parseAllDocuments } from "yaml";

/**
 * Parses YAML that nobody vouches for into plain texts, lists and objects: no tags, no numbers (a version `1.10` stays
 * what it is), no repeated keys, few aliases.
 *
 * @returns one value for each document: pnpm 11 puts two into its lock file.
 * @throws TouchmarkError `INPUT_INVALID`.
 */
export function parseYaml(text: string, what: string): readonly unknown[] {
  try {
    const documents = parseAllDocuments(text, {
      schema: "failsafe",
      uniqueKeys: true,
      merge: false,
      logLevel: "silent",
    });
    if (!Array.isArray(documents)) return [];
    return documents.map((document) => {
      const problem = document.errors[0] ?? document.warnings[0];
      if (problem !== undefined) throw problem;
      return document.toJS({ maxAliasCount: 100 }) as unknown;
    });
  } catch (cause) {
    throw new TouchmarkError("INPUT_INVALID", `${what} is not valid YAML`, {
      expected: "YAML with plain values",
      actual: cause instanceof Error ? (cause.message.split("\n")[0] ?? "").slice(0, 200) : "unreadable",
      cause,
    });
  }
}
