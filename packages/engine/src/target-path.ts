import { TouchmarkError } from "@touchmark/core";

/** The last segment of a path as somebody wrote it. */
export function baseName(path: string): string {
  const plain = path.replaceAll("\\", "/").replace(/\/+$/, "");
  return plain.slice(plain.lastIndexOf("/") + 1);
}

/** The folder that a path stands in, as it is written. */
export function parentOf(path: string): string {
  const plain = path.replace(/(?<=.)\/+$/, "");
  const slash = plain.lastIndexOf("/");
  return slash === -1 ? "." : plain.slice(0, Math.max(slash, 1));
}

export function missing(path: string): TouchmarkError {
  return new TouchmarkError("TARGET_MISSING", `${path} is not there`, {
    expected: "a file, a folder, a digest such as sha256:<64 hex digits>, or an image such as oci://HOST/REPO@sha256:…",
    actual: "nothing",
  });
}
