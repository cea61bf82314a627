import {
  compareWithBytes,
  compareWithTree,
  type DigestComparison,
  type DigestSet,
  finding,
  lastSegment,
  type StatedSubject,
} from "@touchmark/core";
import { type FileArtifact, fileBaseName, type TreeArtifact, type Verdict } from "./artifact.ts";
import type { ProvenanceEvidence } from "./evidence.ts";
import { isImageSubject } from "./image-name.ts";
import { MAX_NAMESAKES } from "./limits.ts";
import { aboutName, type PackageName, sameDigest } from "./match-name.ts";
import { packageKey } from "./package-purl.ts";
import { failed, listed, quoted, take } from "./refusal.ts";
import { type Entry, type SubjectIndex, treeDigestKeys } from "./subject-index.ts";

type OnDisk = FileArtifact | TreeArtifact;

/** What trusted provenance says against a file or a tree: its name has other digests, or its digests another name. */
export function contradiction(
  artifact: OnDisk,
  provenance: SubjectIndex<ProvenanceEvidence>,
  packageName: PackageName,
): Verdict | null {
  const named = take(aboutName(artifact, provenance, packageName), MAX_NAMESAKES);
  const wrong = named.filter(({ subject }) => ["differ", "conflict"].includes(compare(subject, artifact)));
  const [alike] = take(sameDigest(artifact, provenance), 1);
  if (wrong.length > 0) return tampered(artifact, wrong, alike ?? null);
  if (alike !== undefined) return otherName(artifact, alike);
  const [weak] = named; // of digests that are neither equal nor different
  if (weak === undefined) return null;
  return failed(
    "not-covered",
    finding(
      "DIGEST_UNACCEPTABLE",
      `${weak.source.name} gives no digest of ${artifact.name} that proves ${artifact.kind === "tree" ? "what is in it" : "its bytes"}`,
      {
        expected: artifact.kind === "tree" ? "narSha256" : "sha256, sha384, sha512 or a digest as strong",
        actual: Object.keys(weak.subject.digest).join(", "),
      },
    ),
  );
}

function compare(subject: StatedSubject, artifact: OnDisk): DigestComparison["kind"] {
  const { digest } = subject;
  return (artifact.kind === "tree" ? compareWithTree : compareWithBytes)(digest, artifact.digests).kind;
}

/** A known name with other digests, or with some that are equal and some that are not. */
function tampered(
  artifact: OnDisk,
  entries: readonly Entry<ProvenanceEvidence>[],
  alike: Entry<ProvenanceEvidence> | null,
): Verdict {
  const stated = entries.map(({ subject }) => differingDigest(treeDigestKeys(subject), artifact.digests));
  const [first] = entries;
  const of = alike === null || entries.includes(alike) ? "" : `; its bytes are those of ${quoted(alike.subject.name)}`;
  return failed(
    "tampered",
    finding("SUBJECT_MISMATCH", `${artifact.name} is not what ${first?.source.name ?? "the statement"} states${of}`, {
      expected: listed(stated.map(({ expected }) => expected)),
      actual: stated[0]?.actual ?? null,
    }),
  );
}

/** The first acceptable digest that is not equal, on both sides. */
function differingDigest(
  stated: readonly string[],
  found: DigestSet,
): { readonly expected: string; readonly actual: string } {
  const [expected = ""] = stated.filter((text) => {
    const [algorithm = "", hex] = text.split(":");
    return found[algorithm] !== hex;
  });
  const algorithm = expected.slice(0, expected.indexOf(":"));
  return { expected, actual: `${algorithm}:${found[algorithm] ?? "unknown"}` };
}

/** The digest of a subject under a name that is not its own. */
function otherName(artifact: OnDisk, entry: Entry<ProvenanceEvidence>): Verdict {
  const { name } = entry.subject;
  if (compare(entry.subject, artifact) === "conflict") return tampered(artifact, [entry], null);
  if (name === undefined || isImageSubject(entry.subject) || (name.startsWith("pkg:") && packageKey(name) === null)) {
    return failed(
      "not-covered",
      finding("NOT_COVERED", `${entry.source.name} states these bytes, but under a name that a file cannot have`, {
        expected: name === undefined ? "a subject with a name" : quoted(name),
        actual: quoted(artifact.name),
      }),
    );
  }
  const shares = artifact.kind === "file" && lastSegment(name) === fileBaseName(artifact);
  return failed(
    "tampered",
    finding(
      "SUBJECT_MISMATCH",
      shares
        ? `${artifact.name} could be one of several subjects of ${entry.source.name} with this base name`
        : `${artifact.name} has the bytes of another subject of ${entry.source.name}`,
      { expected: `the name ${quoted(name)}`, actual: quoted(artifact.name) },
    ),
  );
}
