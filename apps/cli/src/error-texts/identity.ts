import type { Code } from "@touchmark/core";
import type { ErrorText } from "./error-text.ts";

/** Identities of CI jobs, and the services that give them. */
export const IDENTITY_TEXTS = {
  EVENT_REFUSED: {
    title: "What started this run makes no release",
    meaning:
      "The run was started by a pull request, a merge request or another event that people without write access can cause, or one whose meaning for a release is not known. A statement about such a run would lend the project's name to whatever they wrote.",
    remedy:
      "release from a push of a tag, a release or a manual run; to see what a release would state, add `--platform local --dry-run`",
    more: "docs/platforms.md lists the events of each platform.",
  },
  IDENTITY_TOKEN_EXPIRED: {
    title: "The identity token has expired",
    meaning:
      "Identity tokens live for minutes, those of a login for one. This one is past its end by this machine's clock, which may also be wrong.",
    remedy: "run the job again, or log in again; if it stays so, look at the machine's clock (`date -u`)",
    more: "GitLab makes the token when the job starts: sign in a job of its own, not after a long build. GitHub gives a new one whenever it is asked. A token out of a file is not renewed.",
  },
  IDENTITY_TOKEN_INVALID: {
    title: "The identity token cannot be used",
    meaning:
      "It is not a JSON Web Token, is from another issuer or for another audience, is not signed by one of the issuer's keys, is not valid yet, or says something that does not fit this job or cannot stand in a statement. A token that is handed in must be from an issuer at an https address. The message names what; it never holds a piece of the token.",
    remedy:
      "look at what the message names; on GitLab the audience (`aud`) of SIGSTORE_ID_TOKEN must be sigstore, and the machine's clock must be right",
    more: "Only RS256 and ES256 signatures count. Refs with characters that cannot stand in a URI as they are, such as `#`, cannot be stated: release from another branch or tag.",
  },
  IDENTITY_TOKEN_MISSING: {
    title: "There is no identity token",
    meaning:
      "On a CI platform the statement is made from the platform's own word, which it gives in a token. The job has no right to ask for one, or was given none.",
    remedy:
      "GitHub: `permissions: id-token: write`; GitLab: `id_tokens` with the audience sigstore; a pod: a projected token, or `--identity-token FILE`; a person: `--login`; or state no run: `--platform local`",
    more: "GitHub gives no token to workflows that a pull request from a fork started. Jobs that only collect need none.",
  },
  LOGIN_FAILED: {
    title: "The login did not succeed",
    meaning:
      "Nobody logged in within five minutes, the login service refused, its page is none, or an answer came that belongs to another login. Nothing was signed. Of the service's words only its error and its description are shown.",
    remedy:
      "run the same command again, and log in with the address that it shows; on a machine without a browser, `--login=device`",
    more: "An answer with another login's state may be somebody's attempt to have you sign by their identity. Behind a proxy, the browser must reach 127.0.0.1 without it.",
  },
  PRIVATE_REPOSITORY: {
    title: "The names of a private repository would become public",
    meaning:
      "The identity token says that the repository is private, or does not say that it is public. A certificate names repository, workflow, ref and commit, and the public instance writes every certificate into a log that everybody reads; a public log would do the same. Nothing was asked for yet.",
    remedy:
      "sign with a key, or with signing services of your own (`--signing-config FILE`); where the names may be known, `--acknowledge-private`",
    more: "Neither the files nor the statement's subjects are in these logs: only names, digests and signatures.",
  },
  SERVICE_DENIED: {
    title: "A service refuses what it was asked",
    meaning:
      "A token issuer, certificate authority, log, timestamp authority, mirror of trusted roots or host of releases answered with a status of 400 to 499. Asking again would give the same. Its own words and the number of the request stand in the message, without anything that looks like a token.",
    remedy: "do what the service says; its operator finds the request by its number",
  },
  SERVICE_INVALID: {
    title: "A service answered against its protocol",
    meaning:
      "An answer ended early, also after several attempts, is too long, redirects elsewhere, is not what the service's protocol says, or, of a mirror of trusted roots, is not signed by those who must. A host of releases or packages gave other bytes than it says itself, or sent us to a host that is not known for it. Nothing was made of it.",
    remedy: "try again; if it stays so, look whether a proxy answers in the service's place, and tell its operator",
  },
  SERVICE_UNAVAILABLE: {
    title: "A service could not do it now",
    meaning:
      "A token issuer, certificate authority, log, timestamp authority or mirror of trusted roots answered 429 or 5xx, also after several attempts with growing pauses. Nothing was written.",
    remedy: "run the same command again later",
  },
} as const satisfies Partial<Record<Code, ErrorText>>;
