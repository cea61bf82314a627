// A registry that lets only one user in, and what becomes of that user's password.
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSubjects } from "./image-subjects.ts";
import { goProgramVersion } from "./peers/go-programs.mjs";
import { pushRawImage, type RawImage } from "./raw-registry.ts";
import { type Eavesdropper, startEavesdropper } from "./servers/eavesdropper.ts";
import { hasRegistry, type Registry, startRegistry } from "./servers/registry.ts";
import { type Ended, newFolder, touchmark } from "./touchmark-process.ts";
import { reportOf, verdictsOf } from "./verify-report.ts";

const PASSWORD = "canary-Zq8fX3";
const WRONG = "canary-Wr0ng77";
/** PASSWORD by bcrypt at its lowest cost. */
const USERS = "octo:$2a$04$AN04RwhCrq6sLXtkMeW.q.5aSupWwlsrt6lmRgY6LuIGHXw84GNdy\n";
const basic = (password: string) => Buffer.from(`octo:${password}`).toString("base64");

describe.skipIf(!hasRegistry("distribution"))(
  `a registry with a password, registry ${goProgramVersion("registry")}`,
  () => {
    let folder: Awaited<ReturnType<typeof newFolder>>;
    let registry: Registry;
    let between: Eavesdropper;
    let image: RawImage;
    let configurations = 0;
    const at = (...parts: string[]) => join(folder.path, ...parts);

    /** Runs touchmark as somebody with this docker configuration. Whatever it ends with, no secret is in what it prints or writes. */
    async function run(
      config: object | null,
      args: readonly string[],
      env: Record<string, string> = {},
    ): Promise<Ended> {
      configurations += 1;
      const docker = at(`docker${configurations}`);
      await mkdir(docker);
      if (config !== null) await writeFile(join(docker, "config.json"), JSON.stringify(config));
      const ended = await touchmark(args, { cwd: folder.path, env: { DOCKER_CONFIG: docker, ...env } });
      const outputs = (await readdir(folder.path)).filter((name) => name.startsWith("out"));
      const written = await Promise.all(
        outputs.flatMap((name) =>
          ["r.intoto.jsonl", "r.sigstore.json"].map((file) => readFile(at(name, file), "utf8")),
        ),
      );
      for (const text of [ended.stdout, ended.stderr, ...written]) {
        for (const secret of [PASSWORD, WRONG, basic(PASSWORD), basic(WRONG)]) expect(text).not.toContain(secret);
      }
      return ended;
    }

    const auths = (host: string, password = PASSWORD) => ({ auths: { [host]: { auth: basic(password) } } });
    const target = () => `oci://${between.host}/octo/app@${image.index.digest}`;
    const verify = async (config: object | null, env?: Record<string, string>) =>
      reportOf(await run(config, ["verify", target(), "--key", "touchmark.pub", "--json", "--verbose"], env));
    const attest = (config: object | null, out: string, ...args: string[]) =>
      run(config, [
        ...["attest", "--subjects", "subjects.json", "--key", "touchmark.key", "--out", out, "--name", "r", "--push"],
        ...args,
      ]);
    const authorizations = () => new Set(between.heard.map(({ authorization }) => authorization));

    beforeAll(async () => {
      folder = await newFolder();
      const open = await startRegistry("distribution", at("registry"));
      image = await pushRawImage(open.host, "octo/app");
      await open.stop();
      registry = await startRegistry("distribution", at("registry"), USERS);
      between = await startEavesdropper(registry.host);
      await writeSubjects(at("subjects.json"), [{ name: `${between.host}/octo/app`, digests: image.digests }]);
      expect(await run(null, ["keys", "generate"])).toMatchObject({ status: 0 });
    });

    afterAll(async () => {
      await between.stop();
      await registry.stop();
      await folder.remove();
    });

    it("nobody: the push is denied, the evidence is kept, and the image is unknown", async () => {
      const attested = await attest(null, "out-nobody", "--verbose");
      expect(attested).toMatchObject({ status: 3, stderr: expect.stringContaining("E REGISTRY_DENIED") });
      expect(attested.stderr).toContain("touchmark publish out-nobody/r.intoto.jsonl --to oci");
      expect(await readdir(at("out-nobody"))).toEqual(["r.intoto.jsonl", "r.sigstore.json"]);
      expect(verdictsOf(await verify(null))).toEqual(["unknown REGISTRY_DENIED"]);
      expect(authorizations()).toEqual(new Set([null]));
    });

    it("a wrong password: denied, and not repeated", async () => {
      expect(await attest(auths(between.host, WRONG), "out-wrong", "--json")).toMatchObject({
        status: 3,
        stdout: expect.stringContaining("REGISTRY_DENIED"),
      });
      expect(verdictsOf(await verify(auths(between.host, WRONG)))).toEqual(["unknown REGISTRY_DENIED"]);
    });

    it("credentials of other hosts, or of a part of this one, are not used", async () => {
      between.heard.length = 0;
      const port = between.host.replace(/^.*:/, "");
      const others = [
        registry.host,
        "127.0.0.1",
        `localhost:${port}`,
        `127.0.0.1:${port}0`,
        `${between.host}/octo`,
        "*",
      ];
      for (const config of others.map((host) => auths(host))) {
        expect(verdictsOf(await verify(config))).toEqual(["unknown REGISTRY_DENIED"]);
      }
      expect(authorizations()).toEqual(new Set([null]));
    });

    it("the right password for exactly this host: pushed, and verified", async () => {
      between.heard.length = 0;
      expect(await attest(auths(between.host), "out-right", "--verbose")).toMatchObject({ status: 0 });
      expect(verdictsOf(await verify(auths(`http://${between.host}/v2/`)))).toEqual(["verified"]);
      expect(authorizations()).toEqual(new Set([null, `Basic ${basic(PASSWORD)}`]));
    });

    describe.skipIf(process.platform === "win32")("a credential helper", () => {
      /** A helper on PATH, as `docker-credential-NAME`. */
      async function helper(name: string, script: string): Promise<Record<string, string>> {
        await mkdir(at("bin"), { recursive: true });
        await writeFile(at("bin", `docker-credential-${name}`), `#!/bin/sh\n${script}\n`);
        await chmod(at("bin", `docker-credential-${name}`), 0o755);
        return { PATH: [at("bin"), process.env["PATH"]].join(delimiter) };
      }

      it("is asked for this host, without our secrets in its environment", async () => {
        const answer = JSON.stringify({ ServerURL: "", Username: "octo", Secret: PASSWORD });
        const env = await helper("good", `cat > "$OUT.asked"; env > "$OUT.env"; echo '${answer}'`);
        const config = { credHelpers: { [between.host]: "good" }, ...auths(between.host, WRONG) };
        const secrets = { OUT: at("helper"), TOUCHMARK_KEY_PASSPHRASE: "hidden" };
        expect(verdictsOf(await verify(config, { ...env, ...secrets }))).toEqual(["verified"]);
        expect(await readFile(at("helper.asked"), "utf8")).toBe(between.host);
        expect(await readFile(at("helper.env"), "utf8")).not.toMatch(/TOUCHMARK_|hidden/);
        const stored = { credsStore: "good" };
        expect(verdictsOf(await verify(stored, { ...env, ...secrets }))).toEqual(["verified"]);
      });

      it.each([
        ["that fails", `echo "${PASSWORD} $1" >&2; echo ${PASSWORD}; exit 1`],
        ["that prints no JSON", `echo "octo ${PASSWORD}"`],
        ["that is ended by a signal", `echo ${PASSWORD}; kill -9 $$`],
      ])("%s ends the work, and what it printed is not repeated", async (_what, script) => {
        const env = await helper("bad", script);
        const config = { credHelpers: { [between.host]: "bad" } };
        const ended = await run(config, ["verify", target(), "--key", "touchmark.pub", "--verbose"], env);
        expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining("E CREDENTIALS_UNREADABLE") });
      });

      it("that has nothing is no failure", async () => {
        const env = await helper("none", 'echo "credentials not found in native keychain"; exit 1');
        const config = { credHelpers: { [between.host]: "none" } };
        expect(verdictsOf(await verify(config, env))).toEqual(["unknown REGISTRY_DENIED"]);
      });

      it("that is named like a path is not run", async () => {
        await helper("good", `touch "$OUT.ran"`);
        for (const name of ["../bin/docker-credential-good", "/bin/sh", "good; touch ran"]) {
          const ended = await run(
            { credHelpers: { [between.host]: name } },
            ["verify", target(), "--key", "touchmark.pub"],
            {
              OUT: at("path"),
            },
          );
          expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining("E CREDENTIALS_UNREADABLE") });
        }
        expect((await readdir(folder.path)).filter((name) => name.endsWith("ran"))).toEqual([]);
      });
    });

    it("a redirect to another host takes no password along", async () => {
      const other = await startEavesdropper(registry.host);
      between.answer((line) => {
        const path = line.replace(/^GET /, "");
        return path.includes("/blobs/") ? { status: 307, headers: { location: `http://${other.host}${path}` } } : null;
      });
      const report = await verify(auths(between.host));
      between.answer(null);
      await other.stop();
      expect(other.heard.length).toBeGreaterThan(0);
      expect(other.heard.map(({ authorization }) => authorization)).toEqual(other.heard.map(() => null));
      expect(verdictsOf(report)).toEqual(["unknown NOT_COVERED REGISTRY_DENIED"]);
    });

    it("a registry that repeats the password in its error is not repeated", async () => {
      between.answer((line) =>
        line.includes("/referrers/")
          ? {
              status: 403,
              body: JSON.stringify({ errors: [{ code: "DENIED", message: `${PASSWORD} ${basic(PASSWORD)}` }] }),
            }
          : null,
      );
      const report = await verify(auths(between.host));
      between.answer(null);
      expect(report.artifacts[0]?.findings.map(({ code }) => code)).toContain("REGISTRY_DENIED");
    });
  },
);
