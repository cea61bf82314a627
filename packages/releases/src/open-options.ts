import type { DownloadBudget } from "./download-budget.ts";

/** What opening a release needs beside its target. */
export interface OpenOptions {
  /** The endpoint that is asked. */
  readonly home: URL;
  /** For the endpoint's own origin, and for nobody else; null for none. */
  readonly token: string | null;
  /** Who may be contacted: `host[:port]`. */
  readonly contacts: readonly string[];
  readonly budget: DownloadBudget;
}
