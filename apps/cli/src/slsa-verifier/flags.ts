import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** The five commands and their flags: slsa-verifier's own, and ours for what it asks the network for. */
const SOURCE = ["source-uri", "source-branch", "source-tag", "source-versioned-tag"];
const PROVENANCE = [...SOURCE, "builder-id", "provenance-repository", "trusted-root"];

export const FLAGS = {
  "verify-artifact": {
    text: [...PROVENANCE],
    list: ["build-workflow-input", "provenance-path", "artifact-digest"],
    flag: ["print-provenance"],
    required: ["source-uri", "provenance-path"],
  },
  "verify-image": {
    text: [...PROVENANCE, "provenance-path", "image-layout", "gcb-keys"],
    list: ["build-workflow-input"],
    flag: ["print-provenance"],
    required: ["source-uri"],
  },
  "verify-npm-package": {
    text: [...SOURCE, "builder-id", "attestations-path", "package-name", "package-version", "npm-keys", "trusted-root"],
    list: ["artifact-digest", "build-workflow-input"],
    flag: ["print-provenance"],
    required: ["source-uri", "attestations-path"],
  },
  "verify-github-attestation": {
    text: ["source-uri", "builder-id", "attestation-path", "trusted-root"],
    list: ["artifact-digest"],
    flag: ["print-attestation"],
    required: ["source-uri", "attestation-path"],
  },
  "verify-vsa": {
    text: ["attestation-path", "verifier-id", "resource-uri", "public-key-path", "public-key-id", "trusted-root"],
    list: ["subject-digest", "verified-level"],
    flag: ["print-attestation"],
    required: ["attestation-path", "verifier-id", "resource-uri", "public-key-path"],
  },
} as const satisfies Record<string, Flags>;

interface Flags {
  readonly text: readonly string[];
  readonly list: readonly string[];
  readonly flag: readonly string[];
  readonly required: readonly string[];
}

export type CommandName = keyof typeof FLAGS;

/** What was typed. */
export interface Typed {
  readonly positional: readonly string[];
  /** Null where the flag was not given; the last one where it was given twice. */
  text(name: string): string | null;
  /** @throws UsageError where it was not given. */
  required(name: string): string;
  list(name: string): readonly string[];
  flag(name: string): boolean;
}

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(FLAGS, name);
}

/** @throws UsageError for what slsa-verifier would not take either. */
export function typed(command: CommandName, args: readonly string[]): Typed {
  const { text, list, flag, required }: Flags = FLAGS[command];
  const options = Object.fromEntries([
    ...text.map((name) => [name, { type: "string" }] as const),
    ...list.map((name) => [name, { type: "string", multiple: true }] as const),
    ...flag.map((name) => [name, { type: "boolean" }] as const),
  ]);
  const { values, positionals } = parsed(args, options);
  const missing = required.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw new UsageError(`required flag(s) ${missing.map((name) => `"${name}"`).join(", ")} not set`);
  }
  if (values["source-tag"] !== undefined && values["source-versioned-tag"] !== undefined) {
    throw new UsageError("none of the others can be set: source-tag and source-versioned-tag are given");
  }
  const textOf = (name: string) => {
    const value = values[name];
    return typeof value === "string" ? value : null;
  };
  return {
    positional: positionals,
    text: textOf,
    required: (name) => {
      const value = textOf(name);
      if (value === null) throw new UsageError(`required flag(s) "${name}" not set`);
      return value;
    },
    list: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.map(String) : [];
    },
    flag: (name) => values[name] === true,
  };
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

function parsed(args: readonly string[], options: NonNullable<ParseArgsConfig["options"]>): Parsed {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
