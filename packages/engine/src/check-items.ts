import type { DigestAlgorithm, Finding } from "@touchmark/core";
import type { HostFile } from "@touchmark/plugin";
import type { Obstacle } from "@touchmark/verify";
import type { BroughtTarget } from "./brought-target.ts";

/** One thing to judge, before its evidence is read. */
export type Item = DigestItem | FileItem | ImageItem | TreeItem | EvidenceItem | RefusedItem;

interface NamedItem {
  readonly target: string;
  /** As the report calls it. */
  readonly name: string;
}

interface DigestItem extends NamedItem {
  readonly kind: "digest";
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

/** The name is relative to a folder target; else the base name. */
export interface FileItem extends NamedItem {
  readonly kind: "file";
  readonly place: "folder" | "alone";
  readonly file: HostFile;
  /** Of a target that was brought from elsewhere. */
  readonly brought?: BroughtTarget;
}

/** A manifest or index, in a registry or in a layout. The name ends in its digest. */
export interface ImageItem extends NamedItem {
  readonly kind: "image";
  /** Registry and repository; null in a layout of which nobody says it. */
  readonly repository: string | null;
  /** The repository is the claim of a list that nobody signed. */
  readonly isClaimed: boolean;
  /** `sha256:<hex>` or `sha512:<hex>`. */
  readonly digest: string;
  /** `linux/amd64`, of a platform of an index; null where it is not known. */
  readonly platform: string | null;
  /** The bytes that have the digest; null where they could not be read, which is then the obstacle. */
  readonly manifest: Uint8Array | null;
  readonly obstacle: Obstacle | null;
  /** The layout that it lies in, as the user wrote it; null in a registry. */
  readonly layout: string | null;
}

/** A tree; the name is its base name, the links to it followed. */
export interface TreeItem extends NamedItem {
  readonly kind: "tree";
  /** Where it truly lies. */
  readonly path: string;
  /** As the user wrote it: evidence is looked for beside it. */
  readonly given: string;
}

/** An entry of a layout that holds evidence as a whole. */
interface EvidenceItem extends NamedItem {
  readonly kind: "evidence";
  readonly digest: string;
  /** Bundles as JSON; none where it holds image signatures, which say nothing of where an image came from. */
  readonly bundles: readonly Uint8Array[];
}

/** Something that cannot be judged. */
export interface RefusedItem extends NamedItem {
  readonly kind: "refused";
  readonly finding: Finding;
  readonly status: Obstacle["status"] | "policy";
  /** Whether it is a file or a link that `--ignore` may take out; an image or a tree is not. */
  readonly onPath: boolean;
}
