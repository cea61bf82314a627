import type { Platform, VerifiedToken } from "@touchmark/plugin";
import * as z from "zod";
import { type ClusterClaim, clusterRun } from "./cluster-run.ts";
import { podClaim } from "./kubernetes.ts";
import { readClaims } from "./read-claims.ts";

/** Page: docs/buildtypes/tekton-v1.md */
const TEKTON_BUILD_TYPE = "https://touchmark.dev/buildtypes/tekton/v1";

/** https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md, section 2: trust domain and path. */
const Workload = z.object({
  sub: z
    .string()
    .max(2048)
    .regex(/^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/[A-Za-z0-9._-]+)+$/)
    .refine((id) => !/\/\.{1,2}(?:\/|$)/.test(id)),
});

/** A task of Tekton Pipelines, by a pod's service account token or by a SPIFFE JWT-SVID. */
export const tekton: Platform = {
  name: "tekton",
  onlyNamed: true,
  detect: (_env, token = null) =>
    clusterRun("tekton", token, (verified) => ({ buildType: TEKTON_BUILD_TYPE, ...taskClaim(verified) })),
};

function taskClaim(token: VerifiedToken): Omit<ClusterClaim, "buildType"> {
  return Object.hasOwn(token.claims, "kubernetes.io") ? podClaim(token) : workloadClaim(token);
}

function workloadClaim(token: VerifiedToken): Omit<ClusterClaim, "buildType"> {
  const { sub } = readClaims(Workload, token, "SPIFFE");
  return {
    internalParameters: { issuer: String(token.claims["iss"]) },
    builder: { id: sub, version: {} },
    invocationId: null,
  };
}
