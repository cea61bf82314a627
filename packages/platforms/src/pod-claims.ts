import type { VerifiedToken } from "@touchmark/plugin";
import * as z from "zod";
import { contradiction, readClaims } from "./read-claims.ts";

/** RFC 1123 label and subdomain, as Kubernetes names objects: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const Label = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
const Name = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/);
const Uid = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
const ClusterObject = z.object({ name: Name, uid: Uid });

/** https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens */
const Claims = z.object({
  sub: z.string(),
  // A token without a pod was made by hand, and says nothing about a run.
  "kubernetes.io": z.object({
    namespace: Label,
    serviceaccount: ClusterObject,
    pod: ClusterObject,
    node: z.object({ name: Name }).optional(),
  }),
});

/** The pod that a token is bound to. */
export interface PodClaims {
  readonly namespace: string;
  readonly account: { readonly name: string; readonly uid: string };
  readonly pod: { readonly name: string; readonly uid: string };
  /** Null in tokens of older clusters, which do not say it. */
  readonly node: string | null;
}

/** @throws TouchmarkError `IDENTITY_TOKEN_INVALID` for a token that a cluster does not make for a pod. */
export function podClaims(token: VerifiedToken): PodClaims {
  const claims = readClaims(Claims, token, "Kubernetes");
  const { namespace, serviceaccount: account, pod, node } = claims["kubernetes.io"];
  const subject = `system:serviceaccount:${namespace}:${account.name}`;
  if (claims.sub !== subject) throw contradiction("sub is not its service account", subject, claims.sub.slice(0, 200));
  return { namespace, account, pod, node: node?.name ?? null };
}
