import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOutput } from "@touchmark/core";
import { type TestHostOptions, withTestHost } from "@touchmark/testkit";
import { buildx } from "../src/buildx.ts";

/** Makes a folder, collects in it, and removes it. */
export async function collectIn(
  fill: string | ((folder: string) => Promise<unknown>),
  options: Readonly<Record<string, unknown>>,
  host: TestHostOptions = {},
): Promise<BuildOutput> {
  const folder = await mkdtemp(join(tmpdir(), "buildx-"));
  try {
    if (typeof fill === "string") await cp(fixture(fill), folder, { recursive: true });
    else await fill(folder);
    const output = await withTestHost(folder, (given) => buildx.collect(given, buildx.options.parse(options)), host);
    if (output === null) throw new Error("collected nothing");
    return output;
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}
