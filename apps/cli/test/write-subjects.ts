import { writeFile } from "node:fs/promises";
import { encodeSubjectsFile, type Subject, subjectsFileOf } from "@touchmark/core";
import { sha256Hex } from "@touchmark/engine";

/** Writes a subjects file, as a job that built an image would. */
export async function writeSubjects(file: string, subjects: readonly Subject[]): Promise<void> {
  const output = { subjects, resolvedDependencies: [], byproducts: [] };
  const collected = { adapter: "test", artifact: "image", part: null, origin: null, checkouts: [], output };
  await writeFile(file, encodeSubjectsFile(subjectsFileOf(collected, sha256Hex)));
}
