import type { Status } from "@touchmark/verify";

/** What a status says about an artifact: it holds, it does not, nobody knows, or nothing was judged. */
export type Outcome = "holds" | "fails" | "unknown" | "set-aside";

/** For reports of tests and of findings, which know fewer words than we do. */
export const OUTCOMES = {
  verified: "holds",
  tampered: "fails",
  "not-covered": "fails",
  untrusted: "fails",
  policy: "fails",
  evidence: "set-aside",
  exception: "set-aside",
  unknown: "unknown",
} as const satisfies Record<Status, Outcome>;
