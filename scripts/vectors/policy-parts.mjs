// What vectors with policies and trust files are made of.

/** Twelve hours after everything was signed. */
const MORNING_AFTER = "2026-01-16T00:00:00Z";

/** JSON, which is YAML too. */
export function policyFile(artifacts, more = {}) {
  return { "policy.json": `${JSON.stringify({ version: 1, ...more, artifacts }, null, 2)}\n` };
}

export function trustFile(...trust) {
  return { "trust.json": `${JSON.stringify({ version: 1, trust }, null, 2)}\n` };
}

export function ruled() {
  return { policy: "policy.json", now: MORNING_AFTER };
}
