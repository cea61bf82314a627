import type { Json } from "@touchmark/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { certifiableSigners, checkCertified } from "./certifiable-names.ts";

const ISSUER = "https://issuer.example";
const subject = { iss: ISSUER, sub: "4004" };
const person = { ...subject, email: "dev@example.com", email_verified: true };
const names = (claims: Record<string, Json>) => certifiableSigners(claims).map(({ identity }) => identity);

describe("an honest authority may certify", () => {
  it.each<[string, Record<string, Json>, readonly string[]]>([
    ["a person's address", person, ["dev@example.com"]],
    ["one verified in words", { ...person, email_verified: "true" }, ["dev@example.com"]],
    ["a URI", { ...subject, sub: "https://example.com/jobs/1" }, ["https://example.com/jobs/1"]],
    ["a SPIFFE ID", { ...subject, sub: "spiffe://example.com/a" }, ["spiffe://example.com/a"]],
    [
      "a service account",
      { ...subject, "kubernetes.io": { namespace: "ci", serviceaccount: { name: "builder", uid: "x" } } },
      ["https://kubernetes.io/namespaces/ci/serviceaccounts/builder"],
    ],
    [
      "a workflow",
      { ...subject, sub: "repo:o/r:ref:x", job_workflow_ref: "o/r/.github/workflows/a.yml@refs/heads/b" },
      ["https://github.com/o/r/.github/workflows/a.yml@refs/heads/b"],
    ],
    [
      "a pipeline",
      { ...subject, ci_config_ref_uri: "gitlab.com/o/r//.gitlab-ci.yml@refs/heads/b" },
      ["https://gitlab.com/o/r//.gitlab-ci.yml@refs/heads/b"],
    ],
  ])("%s", (_name, claims, expected) => {
    expect(names(claims)).toEqual(expected);
    for (const identity of expected) checkCertified(claims, { identity, issuer: ISSUER });
  });

  it("a workflow of an Enterprise Server", () => {
    const issuer = "https://github.example.com/_services/token";
    const claims = { iss: issuer, sub: "repo:o/r:ref:x", job_workflow_ref: "o/r/.github/workflows/a.yml@refs/heads/b" };
    const identity = "https://github.example.com/o/r/.github/workflows/a.yml@refs/heads/b";
    checkCertified(claims, { identity, issuer });
  });

  it("an address by whoever logged the person in, where the issuer says who", () => {
    const claims = { ...person, federated_claims: { connector_id: "https://accounts.example", user_id: "1" } };
    checkCertified(claims, { identity: "dev@example.com", issuer: "https://accounts.example" });
    checkCertified(claims, { identity: "dev@example.com", issuer: ISSUER });
  });
});

describe("SERVICE_INVALID", () => {
  it.each<[string, Record<string, Json>, { identity: string; issuer: string }]>([
    ["another address", person, { identity: "evil@example.com", issuer: ISSUER }],
    ["the address in capitals", person, { identity: "Dev@example.com", issuer: ISSUER }],
    ["another issuer", person, { identity: "dev@example.com", issuer: "https://other.example" }],
    [
      "an address that nobody verified",
      { ...person, email_verified: false },
      { identity: person.email, issuer: ISSUER },
    ],
    ["one of which nothing is said", { ...subject, email: person.email }, { identity: person.email, issuer: ISSUER }],
    ["a subject that is no URI", subject, { identity: "4004", issuer: ISSUER }],
    [
      "a login by a connector that is no address",
      { ...person, federated_claims: { connector_id: "local" } },
      { identity: person.email, issuer: "local" },
    ],
    [
      "a workload's name by a connector",
      { ...subject, sub: "spiffe://example.com/a", federated_claims: { connector_id: "https://accounts.example" } },
      { identity: "spiffe://example.com/a", issuer: "https://accounts.example" },
    ],
    ["a token that says nothing", {}, { identity: "dev@example.com", issuer: ISSUER }],
  ])("%s", (_name, claims, signer) => {
    expect(() => checkCertified(claims, signer)).toThrow(expect.objectContaining({ code: "SERVICE_INVALID" }));
  });

  it("whatever stands in the claims: never a throw of another kind, and no name for nobody", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (claims) => {
        for (const { identity, issuer } of certifiableSigners({ ...subject, ...(claims as Record<string, Json>) })) {
          expect(identity).not.toBe("");
          expect(issuer).not.toBe("");
        }
      }),
    );
  });
});
