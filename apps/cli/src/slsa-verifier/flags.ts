/** A flag of slsa-verifier, or one of ours for what it asks the network for. */
export interface Flag {
  readonly name: string;
  /** `list`: may be repeated. `switch`: says yes, or `=true` and `=false`. */
  readonly kind: "text" | "list" | "switch";
  /** What stands for the value in the help. */
  readonly value: string;
  readonly help: string;
  readonly isRequired?: true;
}

/** One of slsa-verifier's commands. */
export interface CommandFlags {
  /** What follows the name. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
}

const SOURCE_URI: Flag = {
  name: "source-uri",
  kind: "text",
  value: "REPOSITORY",
  help: "what was built: github.com/octo/widgets",
  isRequired: true,
};
const BUILDER_ID: Flag = { name: "builder-id", kind: "text", value: "ID[@TAG]", help: "who must have built it" };

const REFS: readonly Flag[] = [
  { name: "source-branch", kind: "text", value: "BRANCH", help: "the branch that was built" },
  { name: "source-tag", kind: "text", value: "TAG", help: "the tag that was built" },
  { name: "source-versioned-tag", kind: "text", value: "vX[.Y[.Z]]", help: "the version of the tag, or a part of it" },
  {
    name: "build-workflow-input",
    kind: "list",
    value: "KEY=VALUE",
    help: "an input of the workflow, if a person started it",
  },
];

const PRINT_PROVENANCE: Flag = {
  name: "print-provenance",
  kind: "switch",
  value: "",
  help: "print the verified statement",
};
const PRINT_ATTESTATION: Flag = { ...PRINT_PROVENANCE, name: "print-attestation" };
const REPOSITORY: Flag = {
  name: "provenance-repository",
  kind: "text",
  value: "NAME",
  help: "where the image's attestations are",
};
const ATTESTATION: Flag = {
  name: "attestation-path",
  kind: "text",
  value: "FILE",
  help: "the attestation",
  isRequired: true,
};

const TRUSTED_ROOT: Flag = {
  name: "trusted-root",
  kind: "text",
  value: "FILE",
  help: "authorities and logs (trusted_root.json) instead of the public-good instance's",
};
const DIGEST: Flag = {
  name: "artifact-digest",
  kind: "list",
  value: "sha256:HEX",
  help: "an artifact by its digest, without its file",
};

const REKOR_ENTRY: Flag = {
  name: "rekor-entry",
  kind: "text",
  value: "FILE",
  help: "the log's entry for provenance that has none, as Rekor's API answers",
};

/** Source: https://github.com/slsa-framework/slsa-verifier/blob/v2.7.1/cli/slsa-verifier/verify/options.go */
export const COMMANDS = {
  "verify-artifact": {
    usage: "FILE...",
    summary: "files, and the provenance of one of GitHub's builders",
    flags: [
      {
        name: "provenance-path",
        kind: "list",
        value: "FILE",
        help: "provenance; several may be named",
        isRequired: true,
      },
      SOURCE_URI,
      BUILDER_ID,
      ...REFS,
      REPOSITORY,
      PRINT_PROVENANCE,
      DIGEST,
      REKOR_ENTRY,
      TRUSTED_ROOT,
    ],
  },
  "verify-image": {
    usage: "NAME@sha256:HEX",
    summary: "an image, and what cosign attached to it or Google Cloud Build says of it",
    flags: [
      SOURCE_URI,
      BUILDER_ID,
      ...REFS,
      { name: "provenance-path", kind: "text", value: "FILE", help: "what gcloud prints of the image (Cloud Build)" },
      REPOSITORY,
      PRINT_PROVENANCE,
      {
        name: "image-layout",
        kind: "text",
        value: "FOLDER",
        help: "the image and its attestations, as cosign save writes",
      },
      { name: "gcb-keys", kind: "text", value: "FOLDER", help: "Cloud Build's keys, a file REGION.key each" },
      TRUSTED_ROOT,
    ],
  },
  "verify-npm-package": {
    usage: "TARBALL...",
    summary: "a package, and what npm's registry has about it",
    flags: [
      { name: "attestations-path", kind: "text", value: "FILE", help: "what the registry has", isRequired: true },
      SOURCE_URI,
      BUILDER_ID,
      { name: "package-name", kind: "text", value: "NAME", help: "the package's name" },
      { name: "package-version", kind: "text", value: "VERSION", help: "the package's version" },
      ...REFS,
      PRINT_PROVENANCE,
      { name: "npm-keys", kind: "text", value: "FILE", help: "the registry's keys (keys.json)" },
      DIGEST,
      TRUSTED_ROOT,
    ],
  },
  "verify-github-attestation": {
    usage: "FILE",
    summary: "a file, and an attestation that GitHub's own action made in a workflow that is known",
    flags: [ATTESTATION, SOURCE_URI, BUILDER_ID, PRINT_ATTESTATION, DIGEST, TRUSTED_ROOT],
  },
  "verify-vsa": {
    usage: "",
    summary: "a verification summary, and the key of who made it",
    flags: [
      ATTESTATION,
      { name: "subject-digest", kind: "list", value: "ALGORITHM:VALUE", help: "of what it must be; all of them" },
      { name: "verifier-id", kind: "text", value: "ID", help: "who must have verified", isRequired: true },
      { name: "resource-uri", kind: "text", value: "URI", help: "what must have been verified", isRequired: true },
      { name: "verified-level", kind: "list", value: "LEVEL", help: "a level that must be reached" },
      { name: "public-key-path", kind: "text", value: "FILE", help: "the public key, PEM", isRequired: true },
      { name: "public-key-id", kind: "text", value: "ID", help: "the id that its signature states" },
      PRINT_ATTESTATION,
      { ...TRUSTED_ROOT, help: "accepted, and not needed: a key signs" },
    ],
  },
} as const satisfies Record<string, CommandFlags>;

export type CommandName = keyof typeof COMMANDS;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
