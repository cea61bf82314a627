import { isTouchmarkError } from "@touchmark/core";
import type { FileArtifact } from "./artifact.ts";
import type { PackageName } from "./match-name.ts";

/** A package that cannot be read has no name; whether its bytes are the stated ones is seen without it. */
export async function packageNameOf(artifact: FileArtifact): Promise<PackageName> {
  try {
    return (await artifact.identify?.()) ?? null;
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "PACKAGE_UNREADABLE") return null;
    throw error;
  }
}
