import type { DigestSet } from "@touchmark/core";
import { describe, expect, test } from "vitest";
import type { HashAlgorithm, Host } from "./host.ts";
import type { HostFile } from "./host-file.ts";
import { subjectsOf } from "./subjects-of.ts";

const files: readonly HostFile[] = [
  { path: "dist/linux/tool", name: "tool", size: 1 },
  { path: "dist/readme.txt", name: "readme.txt", size: 2 },
];

/** A host that can hash, and notes what it was asked for. */
function hostWith(digest: Host["digest"]): Host {
  return { digest } as Pick<Host, "digest"> as Host;
}

describe("subjectsOf", () => {
  const digestOf = (file: HostFile): DigestSet => ({ sha256: file.size.toString(16).padStart(64, "0") });
  const host = hostWith(async (wanted) => wanted.map(digestOf));

  test("names files by their base names, hashed with sha256", async () => {
    const asked: unknown[] = [];
    const noting = hostWith(async (wanted, algorithms) => {
      asked.push(wanted, algorithms);
      return wanted.map(digestOf);
    });
    expect(await subjectsOf(noting, files)).toStrictEqual([
      { name: "tool", digest: { sha256: `${"0".repeat(63)}1` } },
      { name: "readme.txt", digest: { sha256: `${"0".repeat(63)}2` } },
    ]);
    expect(asked).toEqual([files, ["sha256"]]);
  });

  test("names, algorithms and media type as wanted", async () => {
    const asked: (readonly HashAlgorithm[] | undefined)[] = [];
    const noting = hostWith(async (wanted, algorithms) => {
      asked.push(algorithms);
      return wanted.map(digestOf);
    });
    const subjects = await subjectsOf(noting, files, {
      name: (file) => file.path.slice("dist/".length),
      algorithms: ["sha256", "sha512"],
      mediaType: "text/plain",
    });
    expect(subjects.map(({ name, mediaType }) => [name, mediaType])).toEqual([
      ["linux/tool", "text/plain"],
      ["readme.txt", "text/plain"],
    ]);
    expect(asked).toEqual([["sha256", "sha512"]]);
  });

  test("no files, no subjects", async () => {
    expect(await subjectsOf(host, [])).toEqual([]);
  });

  test("a host that leaves a file out is an error, never an empty digest", async () => {
    const forgetful = hostWith(async (wanted) => wanted.slice(1).map(digestOf));
    await expect(subjectsOf(forgetful, files)).rejects.toMatchObject({
      code: "INTERNAL",
      message: "the host gave no digest for dist/readme.txt",
      expected: "2 digest sets",
      actual: "1",
    });
  });

  test("what the host throws comes through", async () => {
    const changed = Object.assign(new Error("changed"), { code: "FILE_CHANGED" });
    const failing = hostWith(async () => Promise.reject(changed));
    await expect(subjectsOf(failing, files)).rejects.toBe(changed);
  });
});
