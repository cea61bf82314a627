import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const cosign: string | null = goProgram("cosign");

describe.skipIf(cosign === null)(
  `cosign ${goProgramVersion("cosign")} verifies what Touchmark signed with a key`,
  () => {
    let folder: Awaited<ReturnType<typeof newFolder>>;
    const at = (...parts: string[]) => join(folder.path, ...parts);
    const run = (...args: string[]) => touchmark(args, { cwd: folder.path });
    const verify = (key: string, bundle: string, file: string) =>
      runProgram(
        cosign ?? "",
        [
          "verify-blob-attestation",
          "--key",
          key,
          "--bundle",
          bundle,
          "--insecure-ignore-tlog",
          "--type",
          "slsaprovenance1",
          file,
        ],
        { cwd: folder.path },
      );

    beforeAll(async () => {
      folder = await newFolder();
      await writeFile(at("tool"), "the tool's bytes");
      await writeFile(at("other"), "the other tool's bytes");
      await writeFile(at("changed"), "the tool's bytez");
    });

    afterAll(() => folder.remove());

    it.each(["ecdsa-p256", "ecdsa-p384", "ed25519"])("with %s", async (algorithm) => {
      expect(await run("keys", "generate", "--algorithm", algorithm, "--out", algorithm)).toMatchObject({ status: 0 });
      const key = ["--key", `${algorithm}/touchmark.key`];
      const args = [
        "attest",
        "--from",
        "files:tool",
        "--from",
        "files:other",
        ...key,
        "--name",
        "r",
        "--out",
        algorithm,
      ];
      expect(await run(...args)).toMatchObject({ status: 0 });
      const [pub, bundle] = [`${algorithm}/touchmark.pub`, `${algorithm}/r.sigstore.json`];
      expect(await verify(pub, bundle, "tool")).toMatchObject({
        status: 0,
        stderr: expect.stringContaining("Verified OK"),
      });
      expect(await verify(pub, bundle, "other")).toMatchObject({ status: 0 });
      expect((await verify(pub, bundle, "changed")).status).not.toBe(0);
    });

    it("and refuses it under another key", async () => {
      expect(await run("keys", "generate", "--out", "stranger")).toMatchObject({ status: 0 });
      const ended = await verify("stranger/touchmark.pub", "ecdsa-p256/r.sigstore.json", "tool");
      expect(ended.status).not.toBe(0);
    });
  },
);
