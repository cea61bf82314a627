import type { Code } from "@touchmark/core";
import { COLLECTING_TEXTS } from "./collecting.ts";
import type { ErrorText } from "./error-text.ts";

/** Exit status 2: what the caller wrote or handed in. */
export const CALLER_TEXTS = {
  ...COLLECTING_TEXTS,
  ADAPTER_UNKNOWN: {
    title: "There is no such adapter",
    meaning:
      "`--from` or `use:` names an adapter that does not come with Touchmark and that the configuration does not name, or whose package cannot be loaded.",
    remedy:
      "use one of the names that the message lists; for one of another package, write `adapters: {NAME: PACKAGE}` and install it",
    more: "Packages are looked for from the folder of the configuration. Nothing is discovered by itself.",
  },
  CONFIG_INVALID: {
    title: "The configuration is not valid",
    meaning:
      "A value is of the wrong kind or missing, the file is not YAML, or an adapter refuses its options. Nothing was done.",
    remedy: "correct the place that the message names, then run `touchmark check`",
    more: "docs/configuration.md has every key. With the schema line that `touchmark init` writes, an editor shows such mistakes as you type.",
  },
  CONVERSION_LOSSY: {
    title: "A conversion would lose something",
    meaning:
      "The form that `--to` names has no place for part of the evidence: an envelope alone has none for a certificate, log entries and timestamps; a layer of cosign's `.att` tag none for proofs and for entries without a promise; a bundle v0.3 none for a chain of certificates and for entries without a proof. Signatures are never lost. Nothing was written.",
    remedy: "choose another form; or name each loss that you accept with `--lossy`, as the message has it",
    more: "docs/convert.md says which form keeps what. What was lost cannot be made again from what is left: keep the original.",
  },
  DENY_INVALID: {
    title: "A deny list cannot be read",
    meaning:
      "The file named with `--deny` is not YAML or JSON of the form that docs/deny.md describes. An entry that is not understood could be the one that matters, so nothing was judged.",
    remedy: "correct the place that the message names; docs/schemas/deny-v1.schema.json checks it in an editor",
  },
  FILE_REFUSED: {
    title: "This is not a regular file",
    meaning: "A link, a folder, a FIFO or a device stands where a file is needed. Links are never followed in silence.",
    remedy: "name the file itself; where a pattern found a link, copy the file in its place or narrow the pattern",
  },
  HINT_UNKNOWN: {
    title: "The configuration has a key that does not exist",
    meaning: "Unknown keys are errors, so that a misspelled one is not silently without effect.",
    remedy: "write the key that the message suggests, or remove it, then run `touchmark check`",
    more: "Keys of an artifact beyond use, parts, name and read are the adapter's options; docs/adapters.md has them.",
  },
  INPUT_INVALID: {
    title: "An input cannot be read as what it should be",
    meaning:
      "A file that was handed in is malformed or cut short: no valid JSON, a key that is there twice, bytes that are not UTF-8, a line of a checksum list that is none, a digest of the wrong length. It was not used in part. Or a digest or an image's name on the command line is none.",
    remedy: "the message names the place: correct what you typed, or make the file again with the tool that wrote it",
  },
  INPUT_MISSING: {
    title: "A file that was named is not there",
    meaning:
      "There is nothing at this path. Paths on the command line are relative to the working directory, those of a configuration to its folder.",
    remedy: "correct the path, or run the step that makes the file first",
  },
  INPUT_TOO_LARGE: {
    title: "An input is too large to be what it should be",
    meaning:
      "Sizes are compared with a limit before anything is read: 64 MiB for metadata and subjects files, 4 MiB for manifests of images, 1 MiB for keys and configurations.",
    remedy: "check that the path names the right file",
  },
  KEY_EXISTS: {
    title: "There is a key already",
    meaning:
      "Keys are never overwritten: what was signed with the old one could not be verified any more with the new one.",
    remedy: "choose another folder: `touchmark keys generate --out FOLDER`",
  },
  KEY_INVALID: {
    title: "The key cannot be read",
    meaning: "The file is not one key in PEM: another format, several keys, or damaged.",
    remedy: "make a key that works: `touchmark keys generate`",
    more: "Keys of cosign are converted with the command that the message names, where there is one. docs/signing.md has the accepted forms.",
  },
  KEY_IS_PRIVATE: {
    title: "This is the private half of a key; the public half is wanted",
    meaning:
      "To verify, and beside `--signer-exec`, only the public half is needed. A private key should be in as few places as possible.",
    remedy: "name touchmark.pub instead; `touchmark keys public touchmark.key` prints it",
  },
  KEY_IS_PUBLIC: {
    title: "This is the public half of a key; the private half is wanted",
    meaning: "Signing needs the private half. With the public half, a command must sign: `--signer-exec CMD`.",
    remedy: "name touchmark.key instead; if it is lost, `touchmark keys generate` makes a new pair",
  },
  KEY_UNSET: {
    title: "Nobody said who signs",
    meaning:
      "There is no `--key` and no `--keyless`, and the configuration has neither `sign.key` nor `sign.with`. Nothing was signed.",
    remedy:
      "`touchmark keys generate`, then run the command again with `--key touchmark.key`; on GitHub Actions or GitLab also `--keyless`",
    more: "To see what would be signed, without a key:\n\n    touchmark attest --dry-run",
  },
  KEY_UNSUPPORTED: {
    title: "The key is of a kind that is not supported",
    meaning:
      "Keys are ECDSA P-256, ECDSA P-384 or Ed25519. A signing command gets a digest, which Ed25519 cannot sign.",
    remedy: "make a key that works: `touchmark keys generate --algorithm ecdsa-p256`",
  },
  PLATFORM_LEVEL_TOO_LOW: {
    title: "The platform cannot give the required SLSA Build level",
    meaning:
      "`require.level` in the configuration is higher than what this platform can honestly claim. Nothing was signed.",
    remedy: "sign on a platform that reaches the level, or lower `require.level`; docs/levels.md has the table",
    more: "On a machine of your own, the platform is `local` and the level is 1.",
  },
  POLICY_EXPIRED: {
    title: "The policy or the trust file has expired",
    meaning:
      "The file given as the policy says in `expires` how long it may be used, and that day has passed; or a signed trust file was signed until such a day. Nothing was judged: rules that nobody looks after are no rules.",
    remedy: "ask whoever keeps it for a newer one; if that is you, read it again and set a new date",
  },
  POLICY_INSIDE_TARGET: {
    title: "The policy lies in what is to be verified",
    meaning:
      "Whoever made the files could have made the policy as well, and a release must not bring the rules by which it is judged. So a policy or a trust file is not taken from a folder that is verified, also through a link, nor through a link that lies there.",
    remedy: "keep the policy in a folder of your own, under version control, and name it there",
  },
  POLICY_INVALID: {
    title: "The policy cannot be read",
    meaning:
      "The file given as the policy is not YAML or JSON of the form that docs/policy.md describes, or a rule in it means nothing: it can never match, it names two tags, its expression does not compile. A rule that is not understood could be the one that matters, so nothing was judged.",
    remedy: "run `touchmark policy check FILE`, which lists every problem with its place",
    more: "docs/schemas/policy-v1.schema.json checks the keys in an editor as you type.",
  },
  POLICY_ROLLBACK: {
    title: "The policy or the trust file is older than one that was used before",
    meaning:
      "The key that you named did sign it, but the file of `--state` remembers a policy by the same key, or a trust file by the same key and of the same name, with a higher revision, or another one with this revision. Who serves an old one brings back what a newer one forbids.",
    remedy:
      "get the newest one; whoever signs them gives each a higher revision: `touchmark policy sign --revision N`, `touchmark trust sign --revision N`",
    more: "Use one key for one policy: revisions of policies are compared by key, those of trust files by key and name.",
  },
  POLICY_UNTRUSTED: {
    title: "The policy or the trust file is not signed by the key that you named",
    meaning:
      "With `--policy-key` a policy counts only where that key signed it, and with `--trust-key` a trust file. Here another key did, or it was changed after it was signed. Nothing was judged.",
    remedy: "get it again from whoever keeps it, and their public key from a place that you trust",
  },
  PASSPHRASE_MISSING: {
    title: "The key needs a passphrase",
    meaning:
      "The private key is encrypted, or a passphrase was promised, and the file or the variable that was named holds none. Nobody sits at the terminal to ask.",
    remedy: "`--passphrase-file FILE` or `--passphrase-env NAME`",
    more: "A passphrase is never an option's value, since process lists show those.",
  },
  PASSPHRASE_WRONG: {
    title: "The passphrase does not open the key",
    meaning:
      "The key stays closed with it. The key file may also be damaged, or encrypted with a cipher that Node.js no longer has.",
    remedy: "check the passphrase and the key file; of a passphrase file only the first line counts",
  },
  TARGET_MISSING: {
    title: "A target is not there",
    meaning:
      "`touchmark verify` was told to look at a path where nothing is, or for a release or a version that its host does not have or does not show. Nothing was judged.",
    remedy:
      "correct the target: a file, a folder, a digest such as sha256:HEX, an image such as oci://HOST/REPO@sha256:HEX, a release such as gh:OWNER/REPO@TAG; a private one needs GITHUB_TOKEN or the like",
  },
  RELEASE_AMBIGUOUS: {
    title: "There are lists of several releases",
    meaning:
      "`--release` compares what is here with the one signed list of the release, and there are several that differ, all by somebody whom you trust. Nothing was judged: whoever takes one of them away must not choose which release you get.",
    remedy: "say which one you mean, `--release-version VERSION`, or move the other releases into folders of their own",
    more: "Of two lists of one version, one is wrong: ask whoever published them, or name the right one with `--bundle FILE`.",
  },
  RELEASE_UNNAMED: {
    title: "The release that is to be listed has no name or no version",
    meaning:
      "A signed list says of which release it is, and nothing gives that: the version stands in the tag from which a CI platform builds, in `release.version` or behind `--release-version`; the name in `release.name` or behind `--name`.",
    remedy:
      "add `release: {name: NAME, version: VERSION}` to touchmark.yaml; or give `--name NAME --release-version VERSION`",
  },
  ROOTS_INVALID: {
    title: "The trusted roots cannot be used",
    meaning:
      "The file is not a trusted_root.json, a ClientTrustConfig or what `gh attestation trusted-root` prints; or a key or a certificate in it cannot be read, or lacks the time from which it counts. Or the file of `--root` is no root.json of a TUF repository that its own keys signed; or no chain of signatures leads from it to the roots, or to npm's keys, in a kit.",
    remedy: "get the file again from where you trust it; `touchmark roots show --trusted-root FILE` says what is in it",
    more: "A key without a start would count for any time, also for one before it was anybody's. Such a file is refused as a whole.",
  },
  BUILDER_UNSET: {
    title: "The trusted workflow signs for other builders, and none was named",
    meaning:
      "slsa-github-generator's delegators sign with their own name for a builder that somebody else wrote. Such a signature alone does not say who built, so nothing was judged.",
    remedy:
      "name the builder that you expect: `--builder-id https://github.com/OWNER/REPO/.github/workflows/BUILDER.yml`",
    more: "The builder in the message is the one that was used this time. Do not take it from there: it may be the attacker's.",
  },
  SOURCE_UNSET: {
    title: "The trusted builder signs for anybody, and no source was named",
    meaning:
      "A workflow that others may call signs with its own name, whoever calls it. Its signature alone says nothing of whose artifacts these are, so nothing was judged.",
    remedy:
      "name the repository that you expect: `--source OWNER/REPO`, or with a tag `--source OWNER/REPO@refs/tags/v1.0.0`; or `source` in the rule of a policy, or in the entry of a trust file",
    more: "The repository in the message is the one that called the builder this time. Do not take it from there: it may be the attacker's.",
  },
  TRUST_INVALID: {
    title: "A trust file cannot be read",
    meaning:
      "The file named with `--trust` is not of the form that docs/trust.md describes, names a preset that this version does not have, is not signed where `--trust-key` wants it signed, or says less than is needed to believe anybody. An entry that is not understood could be one that was meant to say less, so nothing was judged.",
    remedy: "correct the place that the message names; docs/schemas/trust-v1.schema.json checks it in an editor",
    more: "`touchmark trust check FILE` reads a trust file and judges nothing; `touchmark trust show FILE` prints what it comes to.",
  },
  TRUST_OVERLAP: {
    title: "Two trust entries are about the same signer",
    meaning:
      "One signature could satisfy both entries that the message names, so which level and which operator it counts for would depend on the order. Patterns count as overlapping unless their beginnings differ.",
    remedy: "remove one of the two, or tell them apart by builder, source, runners, tags or window",
  },
  TRUST_UNSET: {
    title: "Nobody said whom to believe",
    meaning:
      "Evidence says who signed it, but anyone can sign. Without a key or an identity that you trust there is no answer, so nothing was judged. There is no default.",
    remedy:
      "get the publisher's public key from a place that you trust, then `touchmark verify TARGET --key touchmark.pub`; or `--trust FILE` or `--policy FILE`: `touchmark trust suggest TARGET` starts one",
    more: "Of a release that was signed without a key, name the workflow: `touchmark verify TARGET --signer-identity https://github.com/OWNER/REPO/.github/workflows/release.yml@refs/tags/v1.0.0 --signer-issuer https://token.actions.githubusercontent.com`. Whom you believe again and again belongs into a trust file (docs/trust.md), and what you expect into a policy (docs/policy.md). Do not take key or workflow from the download itself. `touchmark inspect FILE` shows what the evidence says of itself, which is a claim and no proof.",
  },
  USAGE: {
    title: "The command line is not complete, or contradicts itself",
    meaning: "An option is unknown, missing, or does not go together with another one. Nothing was done.",
    remedy: "`touchmark COMMAND --help` lists what a command takes",
  },
  USER_CODE_REFUSED: {
    title: "Code of others was about to run beside a signing key",
    meaning:
      "A configuration in TypeScript, an adapter of another package, and package scripts are code. In a process that holds a signing key they could use the key for anything.",
    remedy:
      "`touchmark collect -o release.subjects.json` in one step, then `touchmark attest --subjects release.subjects.json --key FILE -c touchmark.yaml` in another",
    more: "Give the second step a configuration in YAML without `adapters`, or run it in a folder without one. docs/ci.md shows both steps as jobs.",
  },
} as const satisfies Partial<Record<Code, ErrorText>>;
