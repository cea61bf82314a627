import { lstatSync } from "node:fs";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { targetForm } from "@touchmark/engine";

/** A target that has bytes on this machine. */
export interface HandedTarget {
  readonly kind: "path" | "layout" | "tree";
  /** As the report calls it. */
  readonly given: string;
  /** Absolute. */
  readonly path: string;
}

/** @throws TouchmarkError `USAGE` for a target that is not on this machine: its bytes were not hashed here. */
export function handedTargets(positional: readonly string[], cwd: string, flag: string): readonly HandedTarget[] {
  return positional.map((given) => {
    const form = targetForm(given);
    switch (form.kind) {
      case "path":
      case "layout":
      case "tree":
        return { kind: form.kind, given, path: path.resolve(cwd, form.path) };
      default:
        throw new TouchmarkError("USAGE", `${flag} hands over bytes, and ${given} names some that are not here`, {
          expected: "files, folders, oci-layout:PATH or nix:PATH",
          actual: given,
        });
    }
  });
}

/** What stands at a path, a link not followed. */
export function shapeOf(absolute: string): "folder" | "link" | "executable" | "other" | "nothing" {
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) return "nothing";
  if (stats.isDirectory()) return "folder";
  if (stats.isSymbolicLink()) return "link";
  return (stats.mode & 0o100) !== 0 ? "executable" : "other";
}
