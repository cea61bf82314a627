import type { Platform, VerifiedToken } from "@touchmark/plugin";
import { type ClusterClaim, clusterRun } from "./cluster-run.ts";
import { podClaims } from "./pod-claims.ts";
import { serviceAccountName } from "./service-account.ts";

/** Page: docs/buildtypes/kubernetes-v1.md */
const KUBERNETES_BUILD_TYPE = "https://touchmark.dev/buildtypes/kubernetes/v1";

/** A pod, by its projected service account token. Every pod looks alike, also one in which another CI system runs its jobs. */
export const kubernetes: Platform = {
  name: "kubernetes",
  onlyNamed: true,
  detect: (_env, token = null) =>
    clusterRun("kubernetes", token, (verified) => ({ buildType: KUBERNETES_BUILD_TYPE, ...podClaim(verified) })),
};

/** What a pod's token says of a run; nothing of it comes from anywhere else. */
export function podClaim(token: VerifiedToken): Omit<ClusterClaim, "buildType"> {
  const { namespace, account, pod, node } = podClaims(token);
  return {
    internalParameters: {
      issuer: String(token.claims["iss"]),
      namespace,
      service_account: account.name,
      service_account_uid: account.uid,
      pod: pod.name,
      pod_uid: pod.uid,
      ...(node === null ? {} : { node }),
    },
    builder: { id: serviceAccountName(namespace, account.name), version: {} },
    invocationId: `urn:uuid:${pod.uid}`,
  };
}
