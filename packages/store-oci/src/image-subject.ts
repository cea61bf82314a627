import { type Subject, TouchmarkError } from "@touchmark/core";
import { isImageDigest, parseImagePurl, parseReference } from "@touchmark/oci";

/** An image that a statement speaks of, and where it is. */
export interface ImageSubject {
  /** The subject's name in the statement. */
  readonly subject: string;
  /** `host[:port]`. */
  readonly registry: string;
  /** The path in the registry. */
  readonly repository: string;
  /** `registry/repository`. */
  readonly name: string;
  /** Of the manifest or index. */
  readonly digest: string;
}

/**
 * The images among subjects that are in a registry, each once. Those are subjects with a pkg:oci purl as `uri` or name;
 * the repository is the purl's `repository_url`, else the name. Others (files, packages, an image that was only written
 * to a file) live elsewhere.
 *
 * @throws TouchmarkError `INPUT_INVALID` for an image whose name and purl contradict each other.
 */
export function imagesIn(subjects: readonly Subject[]): readonly ImageSubject[] {
  const images = new Map<string, ImageSubject>();
  for (const subject of subjects) {
    const image = imageOf(subject);
    if (image === null) continue;
    const key = `${image.name}@${image.digest}`;
    if (!images.has(key)) images.set(key, image);
  }
  return [...images.values()];
}

function imageOf(subject: Subject): ImageSubject | null {
  const purl = [subject.uri, subject.name].find((text) => text?.startsWith("pkg:oci/"));
  if (purl === undefined) return null;
  const parsed = parseImagePurl(purl);
  if (parsed === null) throw contradiction(subject, "a well-formed pkg:oci purl", purl.slice(0, 300));
  const named = repositoryOf(subject.name);
  const name = parsed.name ?? named;
  if (name === null) return null;
  if (named !== null && named !== name) throw contradiction(subject, name, named);
  const digest = digestOf(subject, parsed.digest);
  const { registry, repository } = parseReference(name);
  return { subject: subject.name, registry, repository, name, digest };
}

/** The repository that a name is; null for a purl, and where no registry is named: `app` alone is no place to write to. */
function repositoryOf(name: string): string | null {
  const first = name.slice(0, Math.max(name.indexOf("/"), 0));
  if (name.startsWith("pkg:") || (first !== "localhost" && !/[.:]/.test(first))) return null;
  return parseReference(name, "the subject").name;
}

/** The digest that the registry knows the image by. */
function digestOf(subject: Subject, inPurl: string | null): string {
  const stated = (["sha256", "sha512"] as const)
    .filter((algorithm) => Object.hasOwn(subject.digest, algorithm))
    .map((algorithm) => `${algorithm}:${subject.digest[algorithm]}`);
  const digest = inPurl ?? stated[0] ?? "";
  if (stated.includes(digest) && isImageDigest(digest)) return digest;
  throw contradiction(subject, inPurl ?? "a sha256 or sha512 digest", stated.join(", ") || "none");
}

function contradiction(subject: Subject, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `the image "${subject.name}" is not named in one way`, {
    expected,
    actual,
  });
}
