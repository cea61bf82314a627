import { type BuildClaim, TouchmarkError } from "@touchmark/core";
import type { HandedToken, Host, PlatformRun, VerifiedToken } from "@touchmark/plugin";
import { handedRun } from "./handed-run.ts";
import { local } from "./local.ts";

/** What a platform reads out of its token, beside what the checkout says of the source. */
export type ClusterClaim = Pick<BuildClaim, "buildType" | "internalParameters" | "builder" | "invocationId">;

/**
 * A run in a cluster. Its token names a workload and nothing of what is built, so that the source is the checkout's, as on
 * somebody's own machine.
 *
 * @param token - null: nobody said where it is; then only jobs that collect can run.
 */
export function clusterRun(
  platform: string,
  token: HandedToken | null,
  read: (token: VerifiedToken) => ClusterClaim,
): PlatformRun {
  const run: PlatformRun = {
    platform,
    level: {
      build: 1,
      reason: "the cluster names who signed; source and artifacts are the job's own word",
    },
    issuer: null,
    contacts: [],
    async claim(host) {
      const stated = read(await tokenOf(platform, token).verified(host));
      return { ...(await checkoutClaim(host)), ...stated };
    },
    origin: async () => null,
    identityToken: async (_audience, host) => (await tokenOf(platform, token).verified(host)).text,
  };
  return token === null ? run : handedRun(run, token);
}

/** What `local` says of the source. */
async function checkoutClaim(host: Host): Promise<BuildClaim> {
  const run = local.detect({});
  if (run === null) throw new TypeError("local always shows itself");
  return run.claim(host);
}

function tokenOf(platform: string, token: HandedToken | null): HandedToken {
  if (token !== null) return token;
  throw new TouchmarkError("IDENTITY_TOKEN_MISSING", `${platform} gives this job no identity token`, {
    expected: "--identity-token FILE, or a token mounted where cosign looks for it too",
    actual: "neither",
  });
}
