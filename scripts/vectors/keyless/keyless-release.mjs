// A release of one tool whose evidence was signed with a certificate.
import { RELEASE_RUN, signBundle } from "../../../packages/testkit/src/sigstore/index.ts";
import { BUNDLE, bytesOf, hash, line, subject, TOOL } from "../release-parts.mjs";
import { IDENTITY, ISSUER, rootsOf, sigstore } from "./authorities.mjs";
import { derivedKey } from "./derived-key.mjs";

export const LEAF_KEY = derivedKey("leaf");

/** When the certificate begins; it ends ten minutes later. */
export const at = (time) => new Date(`2026-01-15T${time}Z`);

/** What GitHub's own action states of a run. */
export function provenance(claims = RELEASE_RUN, subjects = [subject("tool", TOOL)]) {
  const { sourceRepositoryUri: repository, sourceRepositoryRef: ref, sourceRepositoryDigest: gitCommit } = claims;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: subjects,
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://actions.github.io/buildtypes/workflow/v1",
        externalParameters: { workflow: { ref, repository, path: ".github/workflows/release.yml" } },
        internalParameters: {
          github: {
            event_name: claims.buildTrigger,
            repository_id: claims.sourceRepositoryId,
            repository_owner_id: claims.sourceRepositoryOwnerId,
            runner_environment: claims.runnerEnvironment,
          },
        },
        resolvedDependencies: [{ uri: `git+${repository}@${ref}`, digest: { gitCommit } }],
      },
      runDetails: { builder: { id: claims.buildSignerUri }, metadata: { invocationId: claims.runInvocationUri } },
    },
  };
}

/**
 * Signs with a certificate.
 *
 * @param options - of `signBundle`; and `statement`, an object or the payload's text, `by`, authorities instead of the
 * trusted ones.
 * @returns the bundle, leaf, key, signed bytes and signature.
 */
export function signed({ statement = provenance(), by = {}, ...options } = {}) {
  return signBundle({ ...sigstore, ...by }, bytesOf(statement), { key: LEAF_KEY, ...options });
}

/** The bundle alone, as an object to be changed. */
export function keyless(options) {
  return structuredClone(signed(options).bundle);
}

/** @param list - of `caseList`. */
export function keylessRelease({ pass, fail }) {
  return {
    pass: (name, why, parts) => pass(name, why, content(parts)),
    fail: (name, error, twin, why, parts) => fail(name, error, twin, why, content(parts)),
  };
}

/** What differs from a release of one tool that verifies. `digests`: null where the name is what counts. */
function content({ bundle = keyless(), roots = rootsOf(), trust = {}, args = {}, files = {}, digests = [TOOL] }) {
  return {
    files: {
      "release/tool": TOOL,
      "trusted_root.json": typeof roots === "string" ? roots : line(roots),
      [BUNDLE]: typeof bundle === "string" ? bundle : line(bundle),
      ...files,
    },
    args: {
      targets: ["release/tool"],
      digests: digests?.map((bytes) => `sha256:${hash("sha256", bytes)}`) ?? null,
      bundles: [BUNDLE],
      identities: [{ identity: IDENTITY, pattern: null, issuer: ISSUER, source: null, ...trust }],
      trustedRoot: "trusted_root.json",
      withoutLog: false,
      ...args,
    },
  };
}
