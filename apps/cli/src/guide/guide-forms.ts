import { GITHUB_ISSUER, hostedRepository, PEER_MAX_SUBJECTS, PROVENANCE_V1, PROVENANCE_V02 } from "@touchmark/core";
import { shellWord } from "../render/shell-word.ts";
import type { GuideFacts, GuideFile, GuideSigner } from "./guide-facts.ts";

/** One tool's way to verify the release. */
export interface GuideForm {
  readonly title: string;
  /** What has to be installed. */
  readonly needs: string;
  readonly commands: readonly string[];
  readonly checks: string;
  readonly leaves: string;
}

/** How many files are named one by one before the rest is left to the forms that take a folder. */
const FILES_SHOWN = 50;

/** The forms that can work for this evidence, and no others. */
export function guideForms(facts: GuideFacts): readonly GuideForm[] {
  return [touchmarkForm(facts), cosignForm(facts), ghForm(facts), slsaVerifierForm(facts), checksumForm(facts)].filter(
    (form): form is GuideForm => form !== null && form.commands.length > 0,
  );
}

function touchmarkForm(facts: GuideFacts): GuideForm {
  const { targets, signers, bundles, ignore, trustedRoot, withoutLog, list } = facts;
  const command = line([
    ...["touchmark", "verify", ...targets],
    ...signers.flatMap((one) => (one.kind === "key" ? ["--key", one.file] : ["--signer-identity", one.identity])),
    ...issuerOf(signers).flatMap((issuer) => ["--signer-issuer", issuer]),
    ...sourceOf(signers),
    ...(trustedRoot === null ? [] : ["--trusted-root", trustedRoot]),
    ...(withoutLog ? ["--without-log"] : []),
    ...bundles.flatMap((file) => ["--bundle", file]),
    ...ignore.flatMap((glob) => ["--ignore", glob]),
    ...(list === null ? [] : ["--release-version", list.version]),
  ]);
  const all = list === null ? "" : " Everything that the signed list of the release has is here, and nothing else.";
  return {
    title: "touchmark",
    needs: "[touchmark](https://github.com/touchmark/touchmark), with Node 20.19 or newer",
    commands: [command],
    checks: `Every artifact, by its digest and its name: somebody named here signed a statement of where it came from. A file that nobody vouches for fails.${all}`,
    leaves: `Whether the software is good.${list === null ? " Whether something is missing: this release has no signed list." : ""}`,
  };
}

function cosignForm({ files, trustedRoot, withoutLog }: GuideFacts): GuideForm | null {
  const types = new Map([
    [PROVENANCE_V1, "slsaprovenance1"],
    [PROVENANCE_V02, "slsaprovenance02"],
  ]);
  const commands = files.flatMap(({ path, bundle, signer }) => {
    const type = types.get(bundle.predicateType);
    if (!bundle.isOneBundle || type === undefined || bundle.subjects > PEER_MAX_SUBJECTS) return [];
    const who =
      signer.kind === "key"
        ? ["--key", signer.file]
        : ["--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer];
    const isLogged = bundle.hasLogEntries && !withoutLog;
    return [
      line([
        ...["cosign", "verify-blob-attestation", ...who, "--type", type, "--bundle", bundle.path],
        ...(trustedRoot === null ? [] : ["--trusted-root", trustedRoot]),
        ...(bundle.hasTimestamps ? ["--use-signed-timestamps"] : []),
        ...(isLogged ? [] : ["--insecure-ignore-tlog"]),
        path,
      ]),
    ];
  });
  return {
    title: "cosign",
    needs: "[cosign](https://github.com/sigstore/cosign) 3",
    commands: few(commands),
    checks: "One file at a time: its digest is in a statement that was signed as the line says.",
    leaves:
      "The file's name: one artifact passes in another's place. The source, the builder and the tag in the statement. Files that no line names, and files that are missing.",
  };
}

function ghForm({ files, trustedRoot, withoutLog }: GuideFacts): GuideForm | null {
  const commands = files.flatMap(({ path, bundle, signer }) => {
    const repository = signer.kind === "identity" ? githubRepository(signer) : null;
    if (signer.kind !== "identity" || repository === null || !bundle.isOneBundle || withoutLog) return [];
    return [
      line([
        ...["gh", "attestation", "verify", path, "--bundle", bundle.path, "--repo", repository],
        ...["--cert-identity", signer.identity, "--predicate-type", bundle.predicateType],
        ...(signer.ref === null ? [] : ["--source-ref", signer.ref]),
        ...(trustedRoot === null ? [] : ["--custom-trusted-root", trustedRoot]),
      ]),
    ];
  });
  return {
    title: "gh",
    needs: `[GitHub's command line](https://cli.github.com) 2.67 or newer; no login${trustedRoot === null ? "" : ". It reads roots of others only as lines: one root a line, each with its line end"}`,
    commands: few(commands),
    checks:
      "One file at a time: its digest is in a statement that this workflow signed, for this repository and this ref.",
    leaves:
      "The file's name, and what the statement says of source and builder: only the certificate is compared. Files that no line names, and files that are missing.",
  };
}

function slsaVerifierForm({ files, trustedRoot }: GuideFacts): GuideForm | null {
  const commands = files.flatMap(({ path, bundle, signer }) => {
    const repository = signer.kind === "identity" ? githubRepository(signer) : null;
    if (signer.kind !== "identity" || repository === null || !signer.identity.startsWith(GENERATOR)) return [];
    const tag = /^refs\/tags\/(.+)$/.exec(signer.ref ?? "")?.[1];
    return [
      line([
        ...["touchmark", "slsa-verifier", "verify-artifact", path, "--provenance-path", bundle.path],
        ...["--source-uri", `github.com/${repository}`, ...(tag === undefined ? [] : ["--source-tag", tag])],
        ...(trustedRoot === null ? [] : ["--trusted-root", trustedRoot]),
      ]),
    ];
  });
  return {
    title: "slsa-verifier",
    needs: "touchmark, which stands in for it; without the first word the lines are those of slsa-verifier itself",
    commands: few(commands),
    checks:
      "One file at a time: a builder of slsa-github-generator made a statement about its digest, for this source.",
    leaves: "The file's name. Files that no line names, and files that are missing.",
  };
}

const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/";

function checksumForm({ files }: GuideFacts): GuideForm | null {
  const shown = files.slice(0, FILES_SHOWN).map(({ path, sha256 }) => `${sha256}  ${path}`);
  return {
    title: "sha256sum",
    needs: "nothing but coreutils (on macOS `shasum -a 256` in its place)",
    commands: shown.length === 0 ? [] : [["sha256sum --check --strict <<'END'", ...shown, "END"].join("\n")],
    checks: "The bytes are those that were verified when this page was written.",
    leaves:
      "Who made them: whoever can change the files can change this page. Files that are not listed, and files that are too many.",
  };
}

function githubRepository({ issuer, source }: GuideSigner & { readonly kind: "identity" }): string | null {
  const hosted = source === null || issuer !== GITHUB_ISSUER ? null : hostedRepository(source);
  return hosted?.startsWith("github.com/") === true ? hosted.slice("github.com/".length) : null;
}

/** One issuer at most: `identitiesOf` takes no more. */
function issuerOf(signers: readonly GuideSigner[]): readonly string[] {
  return [...new Set(signers.flatMap((one) => (one.kind === "identity" ? [one.issuer] : [])))];
}

/** Only where all of them say the same. */
function sourceOf(signers: readonly GuideSigner[]): readonly string[] {
  const sources = signers.flatMap((one) => (one.kind === "identity" ? [one] : []));
  const texts = new Set(sources.map(({ source, ref }) => `${source}${ref === null ? "" : `@${ref}`}`));
  const [text, other] = texts;
  return text === undefined || other !== undefined || sources[0]?.source === null ? [] : ["--source", text];
}

function few(commands: readonly string[]): readonly string[] {
  return commands.slice(0, FILES_SHOWN);
}

function line(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

/** Files that the lines name, of all that there are. */
export function shownFiles(files: readonly GuideFile[]): string | null {
  return files.length <= FILES_SHOWN ? null : `${FILES_SHOWN} of ${files.length}`;
}
