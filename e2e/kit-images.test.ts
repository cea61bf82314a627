import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PushedImage, startWithImage, writeSubjects } from "./image-subjects.ts";
import { runPeer } from "./peer-process.ts";
import { goProgramVersion } from "./peers/go-programs.mjs";
import { hasRegistry, REGISTRIES, type Registry } from "./servers/registry.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";

interface List {
  readonly targets: { name: string; readonly place: string }[];
}

describe.each(REGISTRIES)("a kit with images", ({ kind, program }) => {
  describe.skipIf(!hasRegistry(kind))(`${program} ${goProgramVersion(program)}`, () => {
    let folder: Awaited<ReturnType<typeof newFolder>>;
    let registry: Registry;
    let app: PushedImage;
    let lab: PushedImage;
    let mirror: string;
    let targets: readonly string[];
    const at = (...parts: string[]) => join(folder.path, ...parts);
    const run = (...args: readonly string[]) => touchmark(args, { cwd: folder.path });
    const crane = (...args: readonly string[]) => runPeer("crane", args, { cwd: folder.path });
    const believed = ["--key", "touchmark.pub", "--policy", "policy.yaml"];
    const verify = async (...args: readonly string[]) => {
      const { status, stdout } = await run("verify", ...args, ...believed, "--json");
      return { status, ...JSON.parse(stdout) };
    };
    const offline = (...args: readonly string[]) => verify("kit:kit", "--offline", ...args);
    const renamed = async (change: (list: List) => void) => {
      const file = at("kit/MANIFEST.json");
      const before = await readFile(file, "utf8");
      const list = JSON.parse(before);
      change(list);
      await writeFile(file, JSON.stringify(list));
      const report = await offline();
      await writeFile(file, before);
      return report;
    };

    beforeAll(async () => {
      folder = await newFolder();
      ({ registry, image: app } = await startWithImage(kind, folder.path, { name: kind, subjects: "app.json" }));
      const name = `${registry.host}/lab/app`;
      await writeFile(at("lab.tar"), Buffer.alloc(2048));
      const pushed = await crane("append", "--oci-empty-base", "--new_layer", "lab.tar", "--new_tag", `${name}:1`);
      lab = { name, digests: [pushed.replace(/^.*@/, "")] };
      await writeSubjects(at("lab.json"), [lab]);
      mirror = `${registry.host}/mirror/app@${app.digests[0]}`;
      await crane("copy", `${app.name}@${app.digests[0]}`, `${registry.host}/mirror/app:1`);
      targets = [app, lab].map(({ name: repository, digests }) => `oci://${repository}@${digests[0]}`);
      expect(await run("keys", "generate")).toMatchObject({ status: 0 });
      for (const one of ["app", "lab"]) {
        const attested = await run(
          ...["attest", "--subjects", `${one}.json`, "--key", "touchmark.key", "--name", one, "--out", one, "--push"],
        );
        expect(attested).toMatchObject({ status: 0 });
      }
      await writeFile(
        at("policy.yaml"),
        `version: 1
artifacts:
  - { match: "*/octo/app", any-source: true, platforms: [linux/amd64, linux/arm64] }
  - { match: "*/lab/app", any-source: true }
  - { match: "*/mirror/**", any-source: true, any-name: true }
`,
      );
      expect(await verify(...targets)).toMatchObject({ status: 0, counts: { verified: 4 } });
      expect(await verify(mirror, "--bundle", "app/app.intoto.jsonl")).toMatchObject({ status: 0 });
      expect(await run("fetch", ...targets, ...believed, "--out", "kit")).toMatchObject({ status: 0 });
      // On this side already, it says what the other side will say.
      const mirrored = await run("fetch", mirror, ...believed, "--bundle", "app/app.intoto.jsonl", "--out", "mirrored");
      expect(mirrored).toMatchObject({ status: 1, stdout: expect.stringContaining("SUBJECT_MISMATCH") });
      await registry.stop();
    });
    afterAll(() => folder.remove());

    it("is judged by the policy that was made for the registry, by the same rules", async () => {
      const report = await offline();
      expect(report).toMatchObject({ status: 0, counts: { verified: 4 } });
      const known = report.artifacts
        .filter(({ status }: { status: string }) => status === "verified")
        .map(({ repository, rule }: { repository: string; rule: string }) => [repository, rule]);
      const [first, second] = ["policy.yaml:3", "policy.yaml:4"];
      expect(known).toEqual([...[1, 2, 3].map(() => [app.name, first]), [lab.name, second]]);
    });

    it("is summarized by the names that hold", async () => {
      const vsa = ["--vsa-out", "vsa.jsonl", "--vsa-verifier-id", "https://verifier.example.com"];
      expect(await offline(...vsa, "--vsa-signing-key", "touchmark.key")).toMatchObject({ status: 0 });
      const statements = (await readFile(at("vsa.jsonl"), "utf8")).trim().split("\n").map(payloadOf);
      expect(statements.map(({ predicate, subject }) => [predicate.resourceUri, subject[0]?.name])).toEqual(
        [...app.digests.map((digest) => [app.name, digest]), [lab.name, lab.digests[0]]].map(([name, digest]) => [
          `oci://${name}@${digest}`,
          name,
        ]),
      );
      await rm(at("vsa.jsonl"));
    });

    it("does not let its list choose another rule", async () => {
      const asLab = await renamed(({ targets: [first] }) => {
        if (first !== undefined) first.name = `oci://${lab.name}@${app.digests[0]}`;
      });
      expect(asLab).toMatchObject({ status: 1, artifacts: [{ repository: null, status: "tampered" }, {}] });
      expect(asLab.artifacts[0].findings).toMatchObject([{ code: "SUBJECT_MISMATCH" }]);
      const swapped = await renamed(({ targets: [first, second] }) => {
        if (first !== undefined && second !== undefined) [first.name, second.name] = [second.name, first.name];
      });
      expect(swapped.status).toBe(1);
      expect(
        swapped.artifacts.map(({ findings }: { findings: readonly { code: string }[] }) => findings[0]?.code),
      ).toEqual(["DIGEST_MISMATCH", "DIGEST_MISMATCH"]);
    });

    it("holds what the user names, as a mirror calls it, and nothing that it lacks", async () => {
      const kit = ["kit:mirrored", "--offline"];
      expect(await verify(...kit)).toMatchObject({ status: 1, artifacts: [{ status: "tampered", repository: null }] });
      expect(await verify(...kit, mirror)).toMatchObject({
        status: 0,
        artifacts: [{ name: mirror, repository: `${registry.host}/mirror/app`, rule: "policy.yaml:5" }],
      });
      const other = await run("verify", ...kit, `oci://${lab.name}@${lab.digests[0]}`, ...believed);
      expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining("NETWORK_REFUSED") });
    });
  });
});

function payloadOf(line: string): {
  readonly subject: readonly { readonly name: string }[];
  readonly predicate: { readonly resourceUri: string };
} {
  return JSON.parse(Buffer.from(JSON.parse(line).dsseEnvelope.payload, "base64").toString());
}
