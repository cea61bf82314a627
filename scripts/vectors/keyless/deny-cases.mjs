// What a deny list takes back: A7, A39.
import { createHash } from "node:crypto";
import { RELEASE_RUN } from "../../../packages/testkit/src/sigstore/index.ts";
import { hash, OTHER, TOOL } from "../release-parts.mjs";
import { IDENTITY, ISSUER } from "./authorities.mjs";
import { LEAF_KEY } from "./keyless-release.mjs";

export function denyCases({ pass, fail }) {
  const denying = (...deny) => ({
    files: { "denied.json": `${JSON.stringify({ version: 1, deny }, null, 2)}\n` },
    args: { deny: ["denied.json"] },
  });
  const entry = (conditions) => ({ reason: "for a test", ...conditions });
  const hex = createHash("sha256").update(LEAF_KEY.spki).digest("hex");
  const commit = RELEASE_RUN.sourceRepositoryDigest;
  const others = {
    digest: `sha256:${hash("sha256", OTHER)}`,
    commit: "fedcba98".repeat(5),
    "builder-digest": "fedcba98".repeat(5),
    key: `sha256:${"0".repeat(64)}`,
    identity: `${IDENTITY}x`,
  };
  pass(
    "deny-others",
    "A list that denies others.",
    denying(
      ...Object.entries(others).map(([name, value]) =>
        entry({ [name]: value, ...(name === "identity" ? { issuer: ISSUER } : {}) }),
      ),
    ),
  );
  const deny = (name, why, conditions, twin = "deny-others") =>
    fail(`deny-${name}`, "DENIED", twin, `${why} (A39).`, denying(entry(conditions)));
  deny("digest", "The artifact is denied", { digest: `sha256:${hash("sha256", TOOL)}` });
  deny("commit", "What was built from this commit is denied", { commit });
  deny("builder-digest", "What the workflow signed at this commit is denied", { "builder-digest": commit });
  deny("key", "What this key signed is denied", { key: `sha256:${hex}` });
  deny("identity", "What this workflow signed is denied", { identity: IDENTITY, issuer: ISSUER });
  deny("identity-at-every-ref", "What this workflow signed is denied, at every ref", {
    identity: IDENTITY.slice(0, IDENTITY.indexOf("@")),
    issuer: ISSUER,
  });
  const within = (from, to) => ({ key: `sha256:${hex}`, window: { from, to } });
  pass(
    "deny-window",
    "The key is denied from a second after the signature on.",
    denying(entry(within("2026-01-15T12:00:01Z", "2026-01-16T00:00:00Z"))),
  );
  deny(
    "window-now",
    "The key is denied from this very second on: it had leaked when it signed (A7)",
    within("2026-01-15T12:00:00Z", "2026-01-16T00:00:00Z"),
    "deny-window",
  );
  fail(
    "deny-unknown-condition",
    "DENY_INVALID",
    "deny-others",
    "A condition that nobody knows: it could be the one that matters (A2, A39).",
    denying(entry({ signer: IDENTITY, digest: others.digest })),
  );
  fail("deny-no-list", "DENY_INVALID", "deny-others", "The list is nothing (A18, A39).", {
    files: { "denied.json": "null\n" },
    args: { deny: ["denied.json"] },
  });
}
