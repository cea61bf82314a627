import { gitHubServer, type Json, TouchmarkError } from "@touchmark/core";
import type { CertifiedSigner } from "@touchmark/plugin";
import * as z from "zod";
import { serviceAccountName } from "./service-account.ts";

const text = z.string().min(1).max(2048);
/** Of each kind of token, the claims that Fulcio makes a name from; what is not as expected there makes none. */
const EmailClaims = z.object({ email: text, email_verified: z.union([z.literal(true), z.literal("true")]) });
const FederatedClaims = z.object({ federated_claims: z.object({ connector_id: z.url({ protocol: /^https$/ }) }) });
const PodClaims = z.object({
  "kubernetes.io": z.object({ namespace: text, serviceaccount: z.object({ name: text }) }),
});
const GitHubClaims = z.object({ job_workflow_ref: text });
const GitLabClaims = z.object({ ci_config_ref_uri: text });
const Subject = z.object({ iss: text, sub: text });

/**
 * Every signer that an honest Fulcio could certify for a token (https://github.com/sigstore/fulcio/blob/main/docs/oidc.md):
 * which one depends on how it is set up, and stands in the certificate.
 *
 * @param claims - of a verified token.
 */
export function certifiableSigners(claims: Readonly<Record<string, Json>>): readonly CertifiedSigner[] {
  const subject = Subject.safeParse(claims).data;
  if (subject === undefined) return [];
  const { iss, sub } = subject;
  const email = EmailClaims.safeParse(claims).data?.email;
  // Dex names who really logged somebody in, and Fulcio may be told to take that for the issuer of an address.
  const connector = FederatedClaims.safeParse(claims).data?.federated_claims.connector_id;
  const people = email === undefined ? [] : [iss, ...(connector === undefined ? [] : [connector])];
  const pod = PodClaims.safeParse(claims).data?.["kubernetes.io"];
  const workflow = GitHubClaims.safeParse(claims).data?.job_workflow_ref;
  const pipeline = GitLabClaims.safeParse(claims).data?.ci_config_ref_uri;
  const names = [
    // URIs and SPIFFE IDs as they are.
    ...(/^[a-z][a-z0-9+.-]*:\/\/./.test(sub) ? [sub] : []),
    ...(pod === undefined ? [] : [serviceAccountName(pod.namespace, pod.serviceaccount.name)]),
    ...(workflow === undefined ? [] : [`${gitHubServer(iss) ?? "https://github.com"}/${workflow}`]),
    ...(pipeline === undefined ? [] : [`https://${pipeline}`]),
  ];
  return [
    ...people.map((issuer) => ({ identity: email ?? "", issuer })),
    ...names.map((identity) => ({ identity, issuer: iss })),
  ];
}

/**
 * Compares the name in a certificate with the token that it was made from.
 *
 * @throws TouchmarkError `SERVICE_INVALID` for one that the token does not say.
 */
export function checkCertified(claims: Readonly<Record<string, Json>>, signer: CertifiedSigner): void {
  const known = certifiableSigners(claims);
  if (known.some(({ identity, issuer }) => identity === signer.identity && issuer === signer.issuer)) return;
  throw new TouchmarkError("SERVICE_INVALID", "the certificate names somebody else than the identity token", {
    expected: known.map(shown).join(", or ") || "a token with a verified e-mail address, or whose subject is a URI",
    actual: shown(signer),
  });
}

function shown({ identity, issuer }: CertifiedSigner): string {
  return `${identity.slice(0, 200)} (${issuer.slice(0, 200)})`;
}
