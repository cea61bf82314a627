import {
  algorithmByName,
  type DigestAlgorithm,
  isWellFormedDigest,
  parseDigest,
  TouchmarkError,
} from "@touchmark/core";
import { type ImageReference, parseReference } from "@touchmark/oci";

/** What a target is, by its text alone: nothing that lies in the working directory has a say in it. */
export type TargetForm =
  | DigestForm
  /** An image in a registry. `bare`: without `oci://`, so that it could be meant as a path. */
  | { readonly kind: "image"; readonly reference: ImageReference; readonly bare: boolean }
  /** An image layout, folder or tar. */
  | { readonly kind: "layout"; readonly path: string }
  /** A tree, as Nix makes them. */
  | { readonly kind: "tree"; readonly path: string }
  | { readonly kind: "path"; readonly path: string };

interface DigestForm {
  readonly kind: "digest";
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

const REGISTRY = "oci://";
const LAYOUT = "oci-layout:";
const TREE = "nix:";

/**
 * Reads a target: `sha256:<hex>`, `oci://HOST/REPO@sha256:…`, `HOST/REPO@sha256:…`, `oci-layout:PATH`, `nix:PATH`, else a
 * path. A file that has such a name is given as `./NAME`.
 *
 * @throws TouchmarkError `INPUT_INVALID` for a digest or an image's name that is none.
 */
export function targetForm(target: string): TargetForm {
  if (target.startsWith(REGISTRY)) {
    return { kind: "image", reference: parseReference(target.slice(REGISTRY.length), "the target"), bare: false };
  }
  if (target.startsWith(LAYOUT)) return { kind: "layout", path: pathIn(target, LAYOUT) };
  if (target.startsWith(TREE)) return { kind: "tree", path: pathIn(target, TREE) };
  if (isBareReference(target)) return { kind: "image", reference: parseReference(target, "the target"), bare: true };
  return digestForm(target) ?? { kind: "path", path: target };
}

/** What targets name, by their text. */
export interface Named {
  /** Registries that they permit to contact: `host[:port]`, each once. */
  readonly registries: readonly string[];
  /** Files and folders. */
  readonly paths: readonly string[];
  /** Image layouts and trees, beside which evidence is looked for. */
  readonly wholes: readonly string[];
}

/** @throws TouchmarkError as {@link targetForm}. */
export function namedBy(targets: readonly string[]): Named {
  const forms = targets.map(targetForm);
  const registries = forms.flatMap((form) => (form.kind === "image" ? [form.reference.registry] : []));
  return {
    registries: [...new Set(registries)],
    paths: forms.flatMap((form) => (form.kind === "path" ? [form.path] : [])),
    wholes: forms.flatMap((form) => (form.kind === "layout" || form.kind === "tree" ? [form.path] : [])),
  };
}

function pathIn(target: string, prefix: string): string {
  const path = target.slice(prefix.length);
  if (path !== "") return path;
  throw new TouchmarkError("INPUT_INVALID", `the target ${target} names no path`, {
    expected: `${prefix}PATH`,
    actual: target,
  });
}

/** A digest at the end, and a first segment that only a host looks like. Docker's short names are given with `oci://`. */
function isBareReference(target: string): boolean {
  const match = /^([^/@]+)\/[^@]*@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.exec(target);
  const host = match?.[1] ?? "";
  return host === "localhost" || /^(?=.*[.:])[A-Za-z0-9[][\w.:[\]-]*$/.test(host);
}

/** `narSha256` is spelled as it stands in statements; the others are known in the spellings of many tools. */
function digestForm(target: string): DigestForm | null {
  const match = /^([A-Za-z0-9_-]+):([^/\\]*)$/.exec(target);
  if (match?.[1] === "narSha256" && isWellFormedDigest("narSha256", match[2] ?? "")) {
    return { kind: "digest", algorithm: "narSha256", hex: match[2] ?? "" };
  }
  if (match?.[1] === undefined || algorithmByName(match[1]) === null) return null;
  return { kind: "digest", ...parseDigest(target, target) };
}
