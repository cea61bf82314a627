import { pathOf, workflowPath } from "./certified-path.ts";
import type { CertificateClaims } from "./claims.ts";
import type { Comparison } from "./comparison.ts";
import { member, statedAt } from "./stated-value.ts";

/**
 * What GitHub's event says of the run that it started. Only what means the same as the certificate's field: `after` is a tag's
 * own hash where the tag is annotated, `ref` is a short name in some events, and `workflow` is an object in others.
 * Source: https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export function eventOf(event: unknown, claims: CertificateClaims): readonly Comparison[] {
  const repository = member(event, "repository");
  const path = pathOf(claims.sourceRepository);
  const { trigger } = claims;
  return [
    of("repository id", statedAt(repository, "id"), claims.sourceRepositoryId),
    of("repository", statedAt(repository, "full_name"), path),
    of("repository's address", statedAt(repository, "html_url"), claims.sourceRepository),
    of("owner id", statedAt(repository, "owner", "id"), claims.sourceOwnerId),
    of("owner", statedAt(repository, "owner", "login"), path?.split("/")[0] ?? null),
    of("organization id", statedAt(event, "organization", "id"), claims.sourceOwnerId),
    ...(trigger === "push" || trigger === "workflow_dispatch"
      ? [of("ref", statedAt(event, "ref"), claims.sourceRef)]
      : []),
    ...(trigger === "push" ? [of("commit", statedAt(event, "head_commit", "id"), claims.sourceCommit)] : []),
    ...(trigger === "schedule" || trigger === "workflow_dispatch"
      ? [{ ...workflowPath(statedAt(event, "workflow"), claims), what: "workflow in the event" }]
      : []),
  ];
}

function of(what: string, stated: string | null, certified: string | null): Comparison {
  return { what: `${what} in the event`, stated, certified };
}
