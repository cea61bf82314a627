import { type BuildClaim, DIRTY, LOCAL_BUILDER, type ResourceDescriptor } from "@touchmark/core";
import type { Platform, PlatformRun } from "@touchmark/plugin";
import { handedRun } from "./handed-run.ts";
import { readTaggedCheckout, type TaggedCheckout } from "./read-checkout.ts";

/** Page: docs/buildtypes/local-v1.md */
export const LOCAL_BUILD_TYPE = "https://touchmark.dev/buildtypes/local/v1";

const run: PlatformRun = {
  platform: "local",
  level: {
    build: 1,
    reason: "no build service vouches for this: the statement says what its signer says",
  },
  issuer: null,
  contacts: [],
  async claim(host): Promise<BuildClaim> {
    const checkout = await readTaggedCheckout(host, ".");
    return {
      buildType: LOCAL_BUILD_TYPE,
      externalParameters: externalParameters(checkout),
      internalParameters: {},
      source: checkout === null ? null : sourceOf(checkout),
      builder: { id: LOCAL_BUILDER, version: {} },
      invocationId: null,
      startedOn: null,
      finishedOn: null,
    };
  },
  async origin() {
    return null;
  },
  async identityToken() {
    return null;
  },
};

/**
 * Somebody's own machine, or a CI system that no other platform here knows. Names no user, no host and no time: nobody
 * could check them, and they are nobody else's business.
 * Its `detect` always answers; `detectPlatform` asks it last. A token that the user hands in signs, and says nothing of the
 * statement: the builder stays the local one.
 */
export const local: Platform = {
  name: "local",
  detect: (_env, token = null) => (token === null ? run : handedRun(run, token)),
};

function externalParameters(checkout: TaggedCheckout | null): Readonly<Record<string, unknown>> {
  if (checkout?.repository == null) return {};
  const { repository, ref } = checkout;
  return { source: { repository, ...(ref === null ? {} : { ref }) } };
}

function sourceOf(checkout: TaggedCheckout): ResourceDescriptor {
  const { repository, commit, dirty, ref } = checkout;
  return {
    ...(repository === null ? {} : { uri: `git+${repository}${ref === null ? "" : `@${ref}`}` }),
    digest: { gitCommit: commit },
    ...(dirty ? { annotations: { [DIRTY]: true } } : {}),
  };
}
