import type { Code } from "@touchmark/core";
import type { Adapter } from "@touchmark/plugin";

/** One fixture, what to read in it, and what has to come out. */
export interface LawCase {
  /** What the report calls it; the fixture's last segment when absent. */
  readonly name?: string;
  /**
   * A folder with the tool's real output: a path below the test file's folder or a folder above it, a URL, or a function
   * that makes it. It is copied; the adapter never sees the original.
   */
  readonly fixture: string | URL | ((folder: string) => Promise<void>);
  /** As in a configuration, paths relative to the fixture. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Every subject that must come out, and no other: name → `sha256:<hex>`. */
  readonly subjects?: Readonly<Record<string, string>>;
  /** Files that the tool wrote to list its outputs, relative to the fixture: they are cut short in law 5. */
  readonly metadata?: readonly string[];
  /** Which file holds a subject's bytes, relative to the fixture; found by content where absent. */
  readonly artifacts?: Readonly<Record<string, string>>;
  /** Puts the entries of metadata into another order; see `shuffleLines` and `shuffleArray`. */
  readonly shuffle?: (folder: string, order: Order) => Promise<void>;
  /** The documented error in a folder that holds nothing, for an adapter whose input the user names; null when absent. */
  readonly absent?: Code;
  /** True where the subjects' bytes are not in the fixture: laws 3, 4 and 9 have nothing to hold on to. */
  readonly declared?: boolean;
  /**
   * Names of subjects that the tool declares no digest of, such as a signature, or `all` of them: a changed byte shows in
   * the output only. All for a listing, none for a manifest when absent.
   */
  readonly undeclared?: "all" | readonly string[];
  /** Passed to the host: may the adapter run the user's code? False when absent. */
  readonly userCode?: boolean;
}

/** Gives the same items in another order. */
export type Order = <T>(items: readonly T[]) => T[];

/** What became of one law in one case. */
export type LawResult =
  | { readonly status: "kept" }
  | { readonly status: "skipped"; readonly reason: string }
  | {
      readonly status: "broken";
      /** What the law did to the fixture: `removed zig-out/bin/hello`. */
      readonly did: string;
      readonly got: string;
      readonly expected: string;
      /** What the author can do. */
      readonly remedy: string;
    };

/** One law: pure but for a temporary folder. */
export interface Law {
  readonly number: number;
  readonly title: string;
  /** Why it matters to those who rely on a release. */
  readonly why: string;
  check(adapter: Adapter, lawCase: LawCase): Promise<LawResult>;
}

export const KEPT: LawResult = { status: "kept" };

/** The text of a broken law, as `npm test` shows it. */
export function explainBroken(law: Law, result: LawResult & { readonly status: "broken" }): string {
  const rows = [
    ["did", result.did],
    ["got", result.got],
    ["expected", result.expected],
    ["why", law.why],
    ["do", result.remedy],
  ] as const;
  return [`LAW ${law.number} ${law.title}`, ...rows.map(([label, text]) => `    ${label.padEnd(10)}${text}`)].join(
    "\n",
  );
}
