import type { Code } from "@touchmark/core";
import type { ErrorText } from "./error-text.ts";

/** Exit status 1: findings about artifacts and about evidence. */
export const VERIFICATION_TEXTS = {
  BUILDER_MISMATCH: {
    title: "Another builder made this",
    meaning:
      "The signer and the source are those that you trust, but the provenance names another builder than `--builder-id` says, or the same one at something that is no tag.",
    remedy: "compare the two values in the message; do not use the artifact if you expected the first one",
  },
  BUILDER_REF_UNKNOWN: {
    title: "The signing workflow is at a commit that nobody vouches for",
    meaning:
      "The certificate names a workflow by a commit, or by a ref that is neither a branch nor a tag. GitHub shows the commits of every fork under the name of the repository that was forked, so such a name alone does not say that the builder's owners wrote this workflow.",
    remedy:
      "name the commits that the builder released, each with `--builder-commit SHA`; take them from its releases, never from this message",
    more: "An exact `--signer-identity` that ends in the commit names it too. With `--builder-commit`, the certificate must also have the build signer digest, and it must be one of them. docs/verification.md explains workflows of one's own and workflows that others call.",
  },
  BUNDLE_MALFORMED: {
    title: "A piece of evidence is malformed, or of no format that is read",
    meaning:
      "The file has the name of evidence, but it, or one of its lines, is neither a Sigstore bundle (v0.1 to v0.3) nor one of the other formats that are read, or was cut short. Nothing of that part was believed.",
    remedy:
      "download the evidence again and compare its size with the release page; `touchmark inspect FILE` says what is in it",
    more: "docs/formats.md lists the formats, and where each comes from.",
  },
  CERTIFICATE_INVALID: {
    title: "The certificate of the signer does not hold",
    meaning:
      "The evidence was signed with a certificate that no trusted authority issued, that was not valid when the signature was made, that is in no trusted certificate log, or that is not made for signing.",
    remedy: "do not use the release; download the evidence again, and if it stays so tell the publisher",
    more: "Evidence of another Sigstore instance, such as GitHub's for private repositories or one of your company, needs its own roots: `touchmark verify FILE --signer-identity WORKFLOW --signer-issuer URL --trusted-root FILE`. docs/roots.md says where they come from.",
  },
  CERTIFICATE_MISMATCH: {
    title: "The certificate names another run than you expect",
    meaning:
      "The signer and the source are those that you trust, but a field of the certificate is not what a flag such as `--runner`, `--trigger` or `--environment` says, or the certificate does not have it. What it does not say is never taken as said.",
    remedy: "compare the two values in the message; do not use the artifact if you expected the first one",
    more: "`touchmark inspect FILE` shows every field of a bundle's certificate, and checks none.",
  },
  DENIED: {
    title: "This was denied by a list that you gave",
    meaning:
      "A file named with `--deny` says that this artifact, or everything that would cover it, must not be used any more; the message has the reason that stands there. A denial wins over every signature.",
    remedy: "do not use the artifact; take another version, as the reason says",
    more: "A denied statement covers nothing; another good one may still cover the artifact, unless its own digest is denied. docs/deny.md has the format.",
  },
  DIGEST_UNACCEPTABLE: {
    title: "The digest does not prove which bytes were meant",
    meaning:
      "Only SHA-256, SHA-384, SHA-512 and digests as strong decide about an artifact. The target, or the statement about it, has nothing but a weaker or unknown one (SHA-1, MD5).",
    remedy: "verify the file itself, or give its SHA-256: `touchmark verify sha256:HEX --bundle FILE --key FILE`",
    more: "If it is the statement that has no strong digest, only whoever signed it can repair that, by signing a new one. docs/digests.md lists the algorithms.",
  },
  EVIDENCE_MISMATCH: {
    title: "A piece of evidence says two things",
    meaning:
      "What is signed and what stands beside it for people or for other programs to read are not the same: the text or the digests in a record of Google Cloud Build, or the payload in an annotation of Tekton Chains. Nobody signed what stands beside; who reads only that would believe something that was never signed.",
    remedy: "fetch the evidence again from where it was made; if it stays so, somebody changed it there",
  },
  EVIDENCE_TOO_LARGE: {
    title: "The evidence is larger than a verifier reads",
    meaning:
      "Evidence is read up to 64 MiB a value, 100,000 lines a file, and in total up to a limit that the message names, so that somebody else's files cannot fill this machine's memory or keep it busy.",
    remedy:
      "name the evidence that you mean with `--bundle FILE`; a publisher splits a statement with `touchmark attest --max-subjects 1024`",
  },
  IDENTITY_MISMATCH: {
    title: "The certificate names somebody else",
    meaning:
      "The signature and its certificate hold, but the certificate is another one's than `--signer-identity` and `--signer-issuer` say. Both are compared as a whole: another tag, another branch or another case is another identity.",
    remedy: "compare the two names in the message; believe the other one only if a place that you trust names it",
    more: "A workflow signs with the ref that it was started from, so each tag is another identity. `--signer-identity-pattern` takes a regular expression, which must match the whole name; docs/verification.md has examples.",
  },
  IMAGE_NAME_UNPROVEN: {
    title: "Nobody who is believed says what a kit's image is called",
    meaning:
      "The list of a kit, which nobody signed, says from which repository the image came. What is believed of its bytes names no repository, so that anybody could have written that name there, and with it have chosen the rule of a policy.",
    remedy:
      "name the image yourself, `touchmark verify kit:FOLDER oci://HOST/REPO@sha256:HEX --offline`, and let its evidence call it otherwise with `--any-name`, or in its rule",
    more: "In a policy that is `any-name: true`. With `--any-name` alone, images that you do not name are judged by their place: a policy matches `FOLDER/images/1`. Better have the image attested under its repository's name. docs/air-gap.md has more.",
  },
  KIT_ALTERED: {
    title: "A kit is not what was fetched",
    meaning:
      "A file of the kit has other bytes than its list says, or is not in the list, or lies where a kit has nothing; or the list itself is none that `touchmark fetch` writes. Nothing was judged: a file that is not listed could be meant to be used unseen.",
    remedy: "bring the kit again, whole, from the machine on which it was fetched",
    more: "The list is signed by nobody: it finds accidents, and files that were slipped in. Whoever can write the kit can write its list, and what holds is said by evidence alone. docs/air-gap.md has more.",
  },
  KIT_INCOMPLETE: {
    title: "A kit lacks a file",
    meaning: "A file that the kit's list names is missing: it was lost on the way. Nothing was judged.",
    remedy: "bring the kit again, whole; one tar of the folder loses nothing",
  },
  LINK_REFUSED: {
    title: "There is a link among the files",
    meaning:
      "A symbolic link is neither an artifact nor evidence: what it leads to can change after it was checked, and may lie outside the folder.",
    remedy: "replace the link by the file, or verify the file that it leads to; `--ignore GLOB` leaves it out",
  },
  LOG_ENTRY_INVALID: {
    title: "A transparency log does not confirm the signature",
    meaning:
      "The bundle has no entry of a trusted log, or one that is about another signature, another file or another certificate, or whose proof does not hold. Without an entry nobody could notice a certificate that was given to the wrong one.",
    remedy: "do not use the release; download the evidence again, and if it stays so tell the publisher",
    more: "Private repositories may sign without a public log. If you know that this one does, `--without-log` accepts a trusted timestamp instead.",
  },
  LOG_ENTRY_MISSING: {
    title: "The log's entry for this signature is not here",
    meaning:
      "The evidence is an envelope with nothing around it, as slsa-github-generator wrote it before 2.1.0 and as `cosign download attestation` prints it. When its certificate was used only the entry in the transparency log says, and without that a certificate of ten minutes is worth nothing.",
    remedy:
      "give what Rekor's API answers for the entry with `--rekor-entry FILE`, or let the log be asked with `--online`",
    more: "The entry is matched by what it says: payload, signature and certificate. `--online` sends hashes to the log that the roots name, and nothing else. See docs/formats.md.",
  },
  NOT_COVERED: {
    title: "No trusted statement mentions this artifact",
    meaning:
      "No statement by somebody whom you trust has this file's digest among its subjects: there is no evidence here, or it is about other files. Nobody vouches for these bytes.",
    remedy: "do not use the file; if it is not part of the release, leave it out with `--ignore GLOB`",
    more: "If you publish this release: state the file too. In touchmark.yaml, add it to an artifact that uses `files`, and sign again. Evidence in another folder is named with `--bundle FILE`. An image: a statement about an index does not cover its platforms, nor the other way round; the parts of a layout are files unless it is called `oci-layout:PATH`, and so are those of a tree unless it is called `nix:PATH`.",
  },
  NOT_PROVENANCE: {
    title: "The evidence does not say where the artifact came from",
    meaning:
      "It is a trusted statement of another kind, such as an SBOM or a test result, or a signature over the file itself, as `cosign sign-blob` makes them. It may be good and does not tell which source and which builder the artifact came from.",
    remedy:
      "get the provenance (its predicate type is https://slsa.dev/provenance/v1) and name it with `--bundle FILE`",
    more: "A verification summary (VSA) counts where you name its verifier: `--vsa-key FILE --vsa-verifier ID --vsa-resource URI`.",
  },
  NOTHING_TO_VERIFY: {
    title: "There is nothing to verify",
    meaning:
      "The targets hold no artifact: the folder is empty, everything in it was ignored, or all that is left is evidence. An empty answer must not look like a good one.",
    remedy: "name the folder or the files that you downloaded: `touchmark verify FILE --key touchmark.pub`",
  },
  PACKAGE_MISMATCH: {
    title: "It is another package than the one that you asked for",
    meaning:
      "Trusted provenance covers these bytes, and it is about another package or another version than `--package` says. Somebody handed out a genuine package in place of the right one: an older version, or one with a name that looks alike.",
    remedy: "get the package that you meant; compare the two names in the message letter by letter",
  },
  PACKAGE_UNREADABLE: {
    title: "A package cannot be read",
    meaning:
      "The file is an npm tarball, a wheel, an sdist or a crate, and it is damaged, ambiguous (what names the package is there twice, differently), too large, or has a name that its registry would not allow. So it cannot be said which package it is.",
    remedy: "download or pack it again, with the tool of its ecosystem: `npm pack`, `python -m build`, `cargo package`",
  },
  PLATFORM_MISSING: {
    title: "The image lacks a platform that the policy asks for",
    meaning:
      "The policy's rule for this image names platforms, each of which must be in the image's index and be covered by provenance of its own. One is not there: somebody who runs the image on that platform would get nothing, or something else.",
    remedy: "get the index that has all of them, by its digest; or take the platform out of the policy's rule",
  },
  PREDICATE_MISMATCH: {
    title: "The provenance contradicts its signer",
    meaning:
      "What the statement says of its repository, ref, commit, workflow, builder or run is not what the certificate authority saw when it identified the signer. The statement was written by whoever ran that job; the certificate is the platform's word. Of Google Cloud Build: the provenance names another builder, build type or version than the key signs for.",
    remedy: "do not use the release, and tell the publisher which two values the message names",
  },
  PUBLISH_MISMATCH: {
    title: "npm's registry published something else than the provenance is about",
    meaning:
      "The document has provenance and the registry's own attestation, and the two name another package, another version or other bytes. Each may be genuine; together they are not what the registry answers.",
    remedy:
      "get the document of this very version again: `https://registry.npmjs.org/-/npm/v1/attestations/NAME@VERSION`",
  },
  PUBLISH_MISSING: {
    title: "npm's registry does not vouch for the package",
    meaning:
      "The document has provenance, and not the attestation with which the registry says that it published these bytes under this name. Anybody who may run the workflow can make the provenance alone.",
    remedy:
      "get the document of this very version again: `https://registry.npmjs.org/-/npm/v1/attestations/NAME@VERSION`",
    more: "A bundle from elsewhere, such as the one that `npm publish --provenance-file` takes, is not npm's document: it is verified by itself, and no registry vouches for it.",
  },
  RELEASE_INCOMPLETE: {
    title: "Something that the release is listed with is not here",
    meaning:
      "`--release`, or `list: required` in a policy, asks for the whole of a release, and its signed list has a file, a package or an image that is not here with this name and these bytes. Evidence is listed too: whoever takes a statement away is noticed.",
    remedy: "download what the message names; a file that is here with other bytes has to be downloaded again",
    more: "A file that `--ignore` leaves out counts as missing. Without `--release` the report only says what is not here.",
  },
  RELEASE_MISSING: {
    title: "Nobody whom you trust lists what belongs to the release",
    meaning:
      "`--release`, or `list: required` in a policy, asks for a signed list of the release (`NAME.release.sigstore.json`). There is none, or only by somebody whom you do not trust, of another version or name than `--release-version` or the policy says, or taken back by a deny list. So nobody can tell whether something is missing.",
    remedy:
      "download the list from where the release is; without `--release` each artifact is verified for itself, and nothing tells what is missing",
    more: "If you publish the release: `touchmark attest --release-manifest` writes the list. See docs/release-manifest.md.",
  },
  RELEASE_UNLISTED: {
    title: "The artifact does not belong to the release",
    meaning:
      "Trusted provenance covers the artifact, and the signed list of the release does not have it, or has other bytes under its name: it is from another release, or somebody put it here.",
    remedy: "take the file away, or get the one of this release; `--ignore GLOB` leaves out what you added yourself",
  },
  ROLLBACK: {
    title: "The release is older than one that was verified before",
    meaning:
      "The signature holds and the artifact is what it says, but it belongs to a lower version than one of the same repository that the file of `--state` remembers. Whoever serves an old release as the newest one can bring back what a newer one repaired.",
    remedy: "get the newest release; to go back on purpose, verify without `--state` or with another file",
    more: "Versions are those of the tag in the provenance (`v1.2.3`, and in a monorepo `name@1.2.3` or `name/v1.2.3`, each name by itself). A version that was never released got into the file from somebody whom you trusted: find out who, and begin a new file for each whom you trust by themselves.",
  },
  SIGNATURE_INVALID: {
    title: "The signature does not belong to the statement",
    meaning:
      "The evidence names a key that you trust, but the signature does not verify with it: the statement or the signature was changed after signing.",
    remedy: "do not use the release; download the evidence again, and if it stays so tell the publisher",
  },
  SIGNER_UNTRUSTED: {
    title: "Somebody signed this whom you did not name",
    meaning:
      "None of the keys given with `--key`, and nobody else whom you named, made the signature. The evidence may be genuine and by somebody else; it decides nothing.",
    remedy:
      "get the publisher's public key from a place that you trust, and name it: `--key touchmark.pub`; for a certificate, name its identity with `--signer-identity` and `--signer-issuer`",
    more: "Never take the key from the download that you are verifying: whoever changed the files could change the key as well. `--key` can be given several times, for a release that was signed before and after a change of keys.",
  },
  SOURCE_MISMATCH: {
    title: "The artifact was built from another source",
    meaning:
      "The signer is the one that you trust, but its certificate names another repository or ref than `--source` does. Both are compared as a whole.",
    remedy: "compare the two in the message; do not use the artifact if you expected the first one",
  },
  STATEMENT_MALFORMED: {
    title: "What was signed is not a statement that can be read",
    meaning:
      "The signature holds, but the payload is not an in-toto statement, or its provenance lacks what SLSA requires. Nothing was concluded from it.",
    remedy: "tell the publisher; `touchmark inspect --payload FILE` shows what was signed",
  },
  SUBJECT_ABSENT: {
    title: "A part of the release is not here",
    meaning: "`--complete` asks for every subject of the statement, and no target is this one.",
    remedy: "download what is missing, or leave out `--complete` to verify only what is here",
  },
  SUBJECT_MISMATCH: {
    title: "The artifact is not what the statement says under this name",
    meaning:
      "Either the name is known and the bytes are others, so it was changed; or the bytes are known under another name, so one artifact stands in another's place. An image's name is its repository, and its platform where both are known.",
    remedy: "do not use it; download it again under the name that the publisher gave it",
    more: "If you renamed a genuine file yourself, `--any-name` accepts it under any name. A subject in a folder is known by its path below that folder: verify the folder, or the file alone.",
  },
  TIMESTAMP_INVALID: {
    title: "Nobody trusted says that this was signed in time",
    meaning:
      "A certificate is valid for some minutes. The bundle must prove that the signature was made in them, by a log's promise or a timestamp; here there is none, it does not hold, or it names a time outside.",
    remedy: "do not use the release; download the evidence again, and if it stays so tell the publisher",
  },
  TIME_MISMATCH: {
    title: "It was signed outside of the time for which its signer is trusted",
    meaning:
      "The entry of the trust file has `from` or `until`, and a proven time of the signature lies outside. Every proven time must lie inside.",
    remedy:
      "do not use the release; where the signer is right, ask the publisher which key or workflow signs now, and add an entry for it",
  },
  TIME_UNPROVEN: {
    title: "Nothing proves when this was signed, and its signer is trusted for a time only",
    meaning:
      "The entry of the trust file has `from` or `until`. A signature by a key proves no time by itself, nor does the key of a build service: whoever holds a leaked key could claim any day. So the window cannot be shown to hold, and the evidence is refused.",
    remedy:
      "ask the publisher for evidence with a log entry or a timestamp; or trust the key without a window, and take it back with a deny list when it leaks",
    more: "docs/trust.md says what proves a time. A certificate always comes with one.",
  },
  VSA_FAILED: {
    title: "The verifier says that the artifact failed",
    meaning:
      "A verification summary by the verifier that you trust is about this artifact, and its result is FAILED: the verifier looked, and its policy does not allow the artifact.",
    remedy: "do not use the artifact; ask whoever runs the verifier what was wrong with it",
  },
  VSA_LEVEL_NOT_ALLOWED: {
    title: "The verifier assures more than it may",
    meaning:
      "A verifier that the trust file names signed the verification summary, but a level or property that it states is not among those that the entry gives it: a higher level of a track, another track, or another word. Of such a summary nothing is believed.",
    remedy:
      "do not use the artifact; if the verifier should be able to say that, give its entry the level, after somebody has reviewed why",
  },
  VSA_LEVEL_TOO_LOW: {
    title: "The verifier assures less than you ask for",
    meaning:
      "The verification summary is by the verifier that you trust, and passed, but a level or property that `--vsa-level` asks for is not among those that it states. A level of a track is also assured by a higher one of the same track; UNEVALUATED assures none.",
    remedy: "do not use the artifact if you need that level; `touchmark inspect FILE` shows what the summary states",
  },
  VSA_MISMATCH: {
    title: "The verification summary is by another verifier, or about something else",
    meaning:
      "The key of `--vsa-key` signed it, but the verifier that it names is not `--vsa-verifier`, or what the artifact was verified as is not `--vsa-resource`. Both are compared exactly: a verifier may verify many things, and one key may sign for several verifiers.",
    remedy: "compare the two values in the message; do not use the artifact if you expected the first one",
  },
  VSA_RESOURCE_NOT_ALLOWED: {
    title: "The verifier speaks about what it may not",
    meaning:
      "A verifier that the trust file names signed the verification summary, but what the artifact was verified as is none of the resources of its entry. A verifier of one project could otherwise vouch for all others.",
    remedy: "do not use the artifact; if the verifier should be able to speak about it, add the resource to its entry",
  },
  VSA_TOO_OLD: {
    title: "The verification summary is not of the time that you allow",
    meaning:
      "The verifier says when it verified, and that is longer ago than `--vsa-max-age` allows, or later than now; or it does not say, which counts as too old. What has become known since, a revoked key or a bad release, an old summary does not know.",
    remedy: "ask the verifier for a new summary, or verify the artifact by its provenance",
  },
} as const satisfies Partial<Record<Code, ErrorText>>;
