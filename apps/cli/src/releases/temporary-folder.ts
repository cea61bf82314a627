import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";

/** A folder for this process alone. */
export interface TemporaryFolder {
  /** Absolute; nobody else may look into it (0700). */
  readonly path: string;
  remove(): Promise<void>;
}

/** It is removed by `remove`, and when the process ends before. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const made = await make();
  const atExit = () => rmSync(made, { recursive: true, force: true });
  process.once("exit", atExit);
  return {
    path: made,
    remove: async () => {
      await rm(made, { recursive: true, force: true });
      process.removeListener("exit", atExit);
    },
  };
}

async function make(): Promise<string> {
  try {
    return await mkdtemp(path.join(tmpdir(), "touchmark-"));
  } catch (cause) {
    throw new TouchmarkError("OUTPUT_UNWRITABLE", "there is no place for files that are brought", {
      expected: "a folder for temporary files that this user may write to (TMPDIR)",
      actual: (cause as NodeJS.ErrnoException).code ?? "an error of the system",
      cause,
    });
  }
}
