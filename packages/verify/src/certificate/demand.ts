/** What must be there besides the certificate. Counted in independent parties, never in pieces. */
export interface Demand {
  /** Transparency logs of different operators that have the signature. 0 only where that was said on purpose. */
  readonly logs: number;
  /** Logs and timestamp authorities that say when. At least 1: a certificate is worth something for minutes only. */
  readonly times: number;
}

/** A threshold of nothing would let everything through (CVE-2026-23992). */
export function checkDemand({ logs, times }: Demand): void {
  if (Number.isSafeInteger(logs) && logs >= 0 && Number.isSafeInteger(times) && times >= 1) return;
  throw new TypeError(`a demand must be whole numbers, times at least 1: ${logs}, ${times}`);
}
