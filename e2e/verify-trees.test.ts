import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasNix, type Nix, startNix } from "./servers/nix.ts";
import { CLI, newFolder } from "./touchmark-process.ts";

describe.each(["own", "root"] as const)("verify, of what Nix built, place of the store: %s", (place) => {
  describe.skipIf(!hasNix(place))("nix", () => {
    let folder: Awaited<ReturnType<typeof newFolder>>;
    let nix: Nix;
    /** Where the store is seen as Nix names it. */
    const run = (...args: string[]) => nix.inside(process.execPath, [CLI, ...args]);
    const verify = async (...args: string[]) => {
      const { status, stdout } = await run("verify", ...args, "--key", "touchmark.pub", "--json");
      return { status, ...JSON.parse(stdout) };
    };

    beforeAll(async () => {
      folder = await newFolder();
      nix = await startNix(folder.path, place);
      await nix.run("nix-build", ["-A", "demo"]);
      await nix.run("nix-build", ["-A", "single", "-o", "result-single"]);
      expect(await run("keys", "generate")).toMatchObject({ status: 0 });
      const store = `store=${nix.store}`;
      const attested = await run(
        ...[
          "attest",
          "--from",
          `nix:result,${store}`,
          "--from",
          `nix:result-single,${store}`,
          "--key",
          "touchmark.key",
        ],
        ...["--name", "r", "--out", "."],
      );
      expect(attested).toMatchObject({ status: 0 });
    });

    afterAll(async () => {
      await nix.stop();
      await folder.remove();
    });

    it("holds for the links and for the store paths", async () => {
      const report = await verify("nix:result", "nix:result-single", "--complete", "--offline");
      expect(report).toMatchObject({
        status: 0,
        artifacts: [
          { name: expect.stringMatching(/^[0-9a-z]{32}-demo-1\.0\.0$/), digest: expect.stringMatching(/^narSha256:/) },
          { name: expect.stringMatching(/^[0-9a-z]{32}-notes\.txt$/), digest: expect.stringMatching(/^sha256:/) },
        ],
      });
      const paths = report.artifacts.map(({ name }: { name: string }) => `nix:${nix.store}/${name}`);
      expect(await verify(...paths, "--bundle", "r.intoto.jsonl")).toMatchObject({ status: 0 });
      expect(await verify(...paths)).toMatchObject({ status: 1 }); // no evidence lies in the store
    });

    it("needs no prefix for what leads into /nix/store", async () => {
      const report = await verify("result", "result-single");
      expect(report).toMatchObject({ status: place === "root" ? 0 : 1 });
    });

    it("has the digest that Nix itself computes", async () => {
      const { artifacts } = await verify("nix:result");
      const hash = await nix.run("nix", ["hash", "path", "--type", "sha256", "--base16", "./result/"]);
      expect(artifacts[0].digest).toBe(`narSha256:${hash.stdout.trim()}`);
    });

    it("does not hold when a byte in the store is changed, which the store's database does not see", async () => {
      const { artifacts } = await verify("nix:result", "nix:result-single");
      const [demo, single] = artifacts.map(({ name }: { name: string }) => `${nix.store}/${name}`);
      for (const file of [join(demo, "share/data.txt"), single]) {
        const content = await readFile(nix.onDisk(file));
        await chmod(nix.onDisk(file), 0o644);
        await writeFile(nix.onDisk(file), Buffer.concat([content, Buffer.from("x")]));
        await chmod(nix.onDisk(file), 0o444);
      }
      expect(await verify("nix:result", "nix:result-single")).toMatchObject({
        status: 1,
        artifacts: [
          { status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] },
          { status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] },
        ],
      });
    });
  });
});
