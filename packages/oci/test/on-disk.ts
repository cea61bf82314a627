import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withTestHost } from "@touchmark/testkit";
import { type ImageLayout, openLayout } from "../src/index.ts";
import { type Files, tarOf } from "./synthetic-image.ts";

export type Form = "folder" | "tar";

/**
 * Opens a layout over the real host, as a folder or a tar.
 *
 * @param change - what else is done to the workspace before; the folder is called `layout`.
 */
export async function opened<T>(
  form: Form,
  files: Files,
  use: (layout: ImageLayout) => Promise<T>,
  change: (workspace: string) => void = () => {},
): Promise<T> {
  const workspace = mkdtempSync(join(tmpdir(), "layout-"));
  try {
    if (form === "tar") {
      writeFileSync(join(workspace, "layout.tar"), await tarOf(files));
    } else {
      for (const [path, bytes] of files) {
        mkdirSync(dirname(join(workspace, "layout", path)), { recursive: true });
        writeFileSync(join(workspace, "layout", path), bytes);
      }
    }
    change(workspace);
    const path = form === "tar" ? "layout.tar" : "layout";
    return await withTestHost(workspace, async (host) => use(await openLayout(path, host)));
  } finally {
    rmSync(workspace, { recursive: true });
  }
}
