// Outputs of a real nix-build, and what somebody who can write to the store does to them; Nix itself does not look again.
import { appendFile, chmod, mkdir, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasNix, type Nix, startNix } from "./servers/nix.ts";
import { CLI, newFolder, runProgram } from "./touchmark-process.ts";
import { type Report, refusalOf, reportOf, verdictsOf } from "./verify-report.ts";

describe.each(["own", "root"] as const)("outputs of nix-build, place of the store: %s", (place) => {
  describe.skipIf(!hasNix(place))("nix", () => {
    let folder: Awaited<ReturnType<typeof newFolder>>;
    let nix: Nix;
    /** The store path of each result link. */
    let outputs: Readonly<Record<"result" | "result-dev" | "result-single", string>>;
    const run = (...args: string[]) => nix.inside(process.execPath, [CLI, ...args]);
    const verify = async (...args: string[]): Promise<Report> =>
      reportOf(await run("verify", ...args, "--key", "touchmark.pub", "--json"));
    const from = (path: string) => ["--from", `nix:${path},store=${nix.store}`];
    const attest = (out: string, ...args: string[]) =>
      run("attest", ...args, "--key", "touchmark.key", "--name", "r", "--out", out);
    const inDemo = (...path: string[]) => nix.onDisk(join(outputs.result, ...path));

    beforeAll(async () => {
      folder = await newFolder();
      nix = await startNix(folder.path, place);
      await nix.run("nix-build", ["-A", "demo.all"]);
      await nix.run("nix-build", ["-A", "single", "-o", "result-single"]);
      const target = (link: string) => readlink(join(nix.project, link));
      outputs = {
        result: await target("result"),
        "result-dev": await target("result-dev"),
        "result-single": await target("result-single"),
      };
      expect(await run("keys", "generate")).toMatchObject({ status: 0 });
      const links = ["result", "result-dev", "result-single"].flatMap(from);
      expect(await attest(".", ...links)).toMatchObject({ status: 0 });
    });

    afterAll(async () => {
      await nix.stop();
      await folder.remove();
    });

    it("all outputs hold, through their links and by their store paths", async () => {
      const links = await verify("nix:result", "nix:result-dev", "nix:result-single", "--complete");
      expect(verdictsOf(links)).toEqual(["verified", "verified", "verified"]);
      expect(links.artifacts.map(({ name }) => name)).toEqual(Object.values(outputs).map((path) => basename(path)));
      const paths = Object.values(outputs).map((path) => `nix:${path}`);
      const stored = await verify(...paths, "--complete", "--bundle", "r.intoto.jsonl", "--offline");
      expect(verdictsOf(stored)).toEqual(["verified", "verified", "verified"]);
    });

    it("one output is not covered by a statement about another of the same derivation", async () => {
      expect(await attest("only-dev", ...from("result-dev"))).toMatchObject({ status: 0 });
      const report = await verify("nix:result", "nix:result-dev", "--bundle", "only-dev/r.intoto.jsonl");
      expect(verdictsOf(report)).toEqual(["not-covered NOT_COVERED", "verified"]);
    });

    it("a link that leads to another output is judged as that other one", async () => {
      const link = join(nix.project, "result-swapped");
      await symlink(outputs["result-dev"], link);
      const report = await verify("nix:result-swapped", "--complete");
      expect(report).toMatchObject({ status: 1, artifacts: [{ name: basename(outputs["result-dev"]) }] });
      expect(report.findings.map(({ code }) => code)).toEqual(["SUBJECT_ABSENT", "SUBJECT_ABSENT"]);
    });

    it("the bytes of one output under the name of another are tampered with", async () => {
      const forged = join(nix.project, "forged", basename(outputs.result));
      await mkdir(dirname(forged));
      await nix.inside("cp", ["-r", outputs["result-dev"], forged]);
      expect(verdictsOf(await verify(`nix:forged/${basename(forged)}`, "--bundle", "r.intoto.jsonl"))).toEqual([
        "tampered SUBJECT_MISMATCH",
      ]);
      await runProgram("chmod", ["-R", "u+w", forged], { cwd: folder.path });
    });

    /** What is done, and how it is undone. */
    const changes: readonly (readonly [string, () => Promise<void>, () => Promise<void>])[] = [
      [
        "a byte that was added to a file",
        async () => {
          await chmod(inDemo("share/data.txt"), 0o644);
          await appendFile(inDemo("share/data.txt"), "x");
          await chmod(inDemo("share/data.txt"), 0o444);
        },
        async () => {
          await chmod(inDemo("share/data.txt"), 0o644);
          await writeFile(inDemo("share/data.txt"), "some data\n");
          await chmod(inDemo("share/data.txt"), 0o444);
        },
      ],
      [
        "a file that was added, and is hidden",
        () => writeFile(inDemo("share/.more"), ""),
        () => rm(inDemo("share/.more")),
      ],
      ["a folder that was added", () => mkdir(inDemo("lib")), () => rm(inDemo("lib"), { recursive: true })],
      [
        "a file that became executable",
        () => chmod(inDemo("share/data.txt"), 0o555),
        () => chmod(inDemo("share/data.txt"), 0o444),
      ],
      [
        "a program that is executable no more",
        () => chmod(inDemo("bin/demo"), 0o444),
        () => chmod(inDemo("bin/demo"), 0o555),
      ],
      [
        "a link that leads elsewhere",
        () => replaceLink(inDemo("bin/demo-link"), "/bin/sh"),
        () => replaceLink(inDemo("bin/demo-link"), "demo"),
      ],
      [
        "a file that was renamed",
        () => rename(inDemo("share/data.txt"), inDemo("share/data.TXT")),
        () => rename(inDemo("share/data.TXT"), inDemo("share/data.txt")),
      ],
      [
        "a file that is gone",
        () => rename(inDemo("bin/demo"), join(nix.project, "demo-kept")),
        () => rename(join(nix.project, "demo-kept"), inDemo("bin/demo")),
      ],
    ];

    // The store's place makes no difference to what is hashed: one change is enough for the second.
    it.each(place === "own" ? changes : changes.slice(0, 1))(
      "%s: is seen, and Nix's own database says nothing",
      async (_what, change, undo) => {
        await asWritable(change);
        const [report, stated] = await Promise.all([verify("nix:result", "nix:result-dev"), attestAsRecorded()]);
        await asWritable(undo);
        expect(verdictsOf(report)).toEqual(["tampered SUBJECT_MISMATCH", "verified"]);
        expect(report.artifacts[0]?.findings[0]?.actual).toBe(report.artifacts[0]?.digest);
        expect(stated).toMatchObject({ status: 2, stderr: expect.stringContaining("E DIGEST_MISMATCH") });
      },
    );

    /** What the database says was recorded while it was built; path-info goes on saying it. */
    async function attestAsRecorded() {
      const recorded = await nix.run("nix", ["path-info", "--json", outputs.result]);
      await writeFile(join(nix.project, "info.json"), recorded.stdout);
      return attest("never", ...from("result,pathInfo=info.json"));
    }

    it("holds again when all of that was undone", async () => {
      expect(verdictsOf(await verify("nix:result"))).toEqual(["verified"]);
    });

    it("something that is no file, folder or link is refused and not opened", async () => {
      await asWritable(async () => {
        expect(await runProgram("mkfifo", [inDemo("share/pipe")], { cwd: folder.path })).toMatchObject({ status: 0 });
      });
      expect(verdictsOf(await verify("nix:result"))).toEqual(["not-covered FILE_REFUSED"]);
      expect(await attest("never", ...from("result"))).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("E FILE_REFUSED"),
      });
      await asWritable(() => rm(inDemo("share/pipe")));
    });

    it("paths that are none: nothing is stated, nothing holds", async () => {
      const none = `${nix.store}/00000000000000000000000000000000-none`;
      await symlink(none, join(nix.project, "result-gone"));
      for (const [path, code] of [
        [none, "INPUT_MISSING"],
        ["result-gone", "ARTIFACT_MISSING"],
        ["result/bin/demo", "STORE_PATH_INVALID"],
        [`${nix.store}/.links`, "STORE_PATH_INVALID"],
        [nix.store, "STORE_PATH_INVALID"],
        [`${outputs.result}/../`, "STORE_PATH_INVALID"],
      ] as const) {
        const stated = await attest("never", ...from(path));
        expect([path, stated.status, /^E (\w+)/.exec(stated.stderr)?.[1]]).toEqual([path, 2, code]);
      }
      const missing = refusalOf(await run("verify", `nix:${none}`, "--key", "touchmark.pub", "--json"));
      expect(missing).toMatchObject({ status: 2, error: { code: "TARGET_MISSING" } });
      const dangling = refusalOf(await run("verify", "nix:result-gone", "--key", "touchmark.pub", "--json"));
      expect(dangling).toMatchObject({ status: 2, error: { code: "TARGET_MISSING" } });
    });

    /** Nix takes away the write permission of folders; touching an entry needs the folder's. */
    async function asWritable(change: () => Promise<void>): Promise<void> {
      const folders = [inDemo(), inDemo("bin"), inDemo("share")];
      for (const one of folders) await chmod(one, 0o755);
      await change();
      for (const one of folders) await chmod(one, 0o555);
    }
  });
});

async function replaceLink(path: string, target: string): Promise<void> {
  await rm(path);
  await symlink(target, path);
}
