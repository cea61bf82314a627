import { cp, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFolder, touchmark } from "./touchmark-process.ts";

const FIXTURES = fileURLToPath(new URL("../packages/adapter-buildx/fixtures/", import.meta.url));
const GREET = "sha256:22773817e4c3a99471e02a34393cb7639b3c8e0c2c780a87d5ad87da8df23a91";

let folder: Awaited<ReturnType<typeof newFolder>>;
let registry: Server;
let host: string;
const asked: string[] = [];

const run = (args: readonly string[], input?: string) =>
  touchmark(args, { cwd: folder.path, ...(input === undefined ? {} : { input }) });
const subjectsIn = async (name: string) => {
  const file = JSON.parse(await readFile(join(folder.path, name), "utf8")) as {
    readonly subjects: readonly { readonly name: string }[];
  };
  return file.subjects.map((subject) => subject.name);
};

/** The layout of the fixture, as a registry serves it by digest. */
beforeAll(async () => {
  folder = await newFolder();
  await cp(join(FIXTURES, "two-platforms"), join(folder.path, "..", "build"), { recursive: true });
  registry = createServer(async ({ url = "" }, response) => {
    asked.push(url);
    const hex = /^\/v2\/octo\/greet\/(?:manifests|blobs)\/sha256:([0-9a-f]{64})$/.exec(url)?.[1] ?? "none";
    const bytes = await readFile(join(FIXTURES, "two-platforms/layout/blobs/sha256", hex)).catch(() => null);
    if (bytes === null) return response.writeHead(404).end();
    const type = (JSON.parse(bytes.toString()) as { readonly mediaType?: string }).mediaType;
    return response.writeHead(200, { "content-type": type ?? "application/octet-stream" }).end(bytes);
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  expect(await run(["keys", "generate"])).toMatchObject({ status: 0 });
});

afterAll(async () => {
  registry.closeAllConnections();
  registry.close();
  await folder.remove();
});

describe("images", () => {
  it("are stated and signed from a registry that only the metadata names, by digest", async () => {
    const metadata = await readFile(join(FIXTURES, "two-platforms/metadata.json"), "utf8");
    await writeFile(join(folder.path, "app.json"), metadata.replaceAll("ghcr.io", host));
    const signed = await run(["attest", "--from", "buildx:app.json", "--key", "touchmark.key", "--name", "app"]);
    expect(signed).toMatchObject({ status: 0, stdout: expect.stringContaining("3 subjects") });
    expect(asked[0]).toBe(`/v2/octo/greet/manifests/${GREET}`);
    expect(asked.filter((url) => !url.includes("/sha256:"))).toEqual([]);
  });

  it("are collected from metadata that is piped in, with bytes from a layout outside, which naming it grants", async () => {
    const metadata = await readFile(join(FIXTURES, "two-platforms/metadata.json"), "utf8");
    const before = asked.length;
    const from = `buildx:-,layout=${join(folder.path, "..", "build", "layout")}`;
    const collected = await run(["collect", "--from", from, "-o", "app.subjects.json"], metadata);
    expect(collected).toMatchObject({ status: 0 });
    expect(await subjectsIn("app.subjects.json")).toContain("ghcr.io/octo/greet");
    expect(asked.length).toBe(before);
  });

  it("are an error when nothing is piped in, or when the registry is gone", async () => {
    expect(await run(["collect", "--from", "buildx:-", "-o", "x.json"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("INPUT_INVALID"),
    });
    const pinned = `buildx:127.0.0.1:1/octo/greet@${GREET}`;
    expect(await run(["collect", "--from", pinned, "-o", "x.json"])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("NETWORK_UNAVAILABLE"),
    });
  });
});
