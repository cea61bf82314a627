// What a verifier has seen before, and how old its roots may be: A38.
import { createHash } from "node:crypto";
import { sigstore } from "./authorities.mjs";

/** The repository whose release v1.2.3 is verified, and when the newest thing in its roots begins. */
const REPOSITORY = "https://github.com/octo/widgets";
const NEWEST = "2026-06-01T00:00:00.000Z";

export function rollbackCases({ pass, fail }) {
  const seen = ({ releases = {}, roots = [] }) => ({
    files: { "state.json": `${JSON.stringify({ releases, roots, version: 1 })}\n` },
    args: { state: "state.json" },
  });
  const release = (version, series = "") => seen({ releases: { [REPOSITORY]: { [series]: version } } });
  pass("rollback", "The same release was seen before.", release("1.2.3"));
  fail(
    "rollback",
    "ROLLBACK",
    "rollback",
    "A newer release was seen before: this one is old, well signed, and served as the newest (A38).",
    release("1.2.4"),
  );
  fail("rollback-by-length", "ROLLBACK", "rollback", "The newer version has more digits (A38).", release("1.10.0"));
  pass("rollback-pre-release", "A pre-release of this release was seen before.", release("1.2.3-rc.1"));
  fail(
    "rollback-pre-release-of-next",
    "ROLLBACK",
    "rollback-pre-release",
    "A pre-release of a later release was seen before (A38).",
    release("1.2.4-rc.1"),
  );
  pass(
    "rollback-other-series",
    "A newer version of something else in the repository was seen.",
    release("9.0.0", "cli@"),
  );

  const key = createHash("sha256").update(sigstore.fulcio.key.spki).digest("hex");
  const instance = (newest, end = null) => seen({ roots: [{ digest: "0".repeat(64), keys: { [key]: end }, newest }] });
  pass("rollback-roots", "Roots as new as these were seen before.", instance(NEWEST));
  fail(
    "rollback-roots",
    "ROOTS_ROLLBACK",
    "rollback-roots",
    "Newer roots of the same instance were seen before (A38).",
    instance("2026-06-01T00:00:01.000Z"),
  );
  fail(
    "rollback-roots-key",
    "ROOTS_ROLLBACK",
    "rollback-roots",
    "In the roots that were seen before, the authority's key had ended: here it counts again (A38).",
    instance(NEWEST, "2026-03-01T00:00:00.000Z"),
  );
  fail(
    "rollback-state-unreadable",
    "INPUT_INVALID",
    "rollback",
    "What was seen before cannot be read. That is not the same as nothing (A38).",
    { files: { "state.json": "{}\n" }, args: { state: "state.json" } },
  );

  pass("roots-age", "The roots may be of June 2026 or newer, and they are.", { args: { rootsNotBefore: NEWEST } });
  fail("roots-age", "ROOTS_STALE", "roots-age", "They may be a second newer at the least, and are not (A38).", {
    args: { rootsNotBefore: "2026-06-01T00:00:01.000Z" },
  });
}
