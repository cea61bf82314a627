import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { errorWords } from "../test/error-words.ts";
import { registryCredentials } from "./registry-credentials.ts";

let top: string;
let env: Record<string, string | undefined>;
const { signal } = new AbortController();

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "credentials-"));
  for (const folder of ["home/.docker", "docker", "bin"]) mkdirSync(join(top, folder), { recursive: true });
  env = { HOME: join(top, "home"), PATH: [join(top, "bin"), process.env["PATH"]].join(delimiter) };
});
afterEach(() => rmSync(top, { recursive: true }));

const write = (path: string, config: unknown) => writeFileSync(join(top, path), JSON.stringify(config));
const login = (name: string) => ({ auths: { "ghcr.io": { auth: Buffer.from(`${name}:word`).toString("base64") } } });
const ask = (registry = "ghcr.io") => registryCredentials(registry, env, signal);

/** A credential helper that is a shell script. */
function helper(script: string): void {
  write("home/.docker/config.json", { credsStore: "test" });
  const path = join(top, "bin/docker-credential-test");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

describe("the configuration", () => {
  it("is in DOCKER_CONFIG, else at home, else where podman has it", async () => {
    write("podman.json", login("podman"));
    env["REGISTRY_AUTH_FILE"] = join(top, "podman.json");
    expect(await ask()).toMatchObject({ username: "podman" });
    write("home/.docker/config.json", login("home"));
    expect(await ask()).toMatchObject({ username: "home" });
    write("docker/config.json", login("docker"));
    env["DOCKER_CONFIG"] = join(top, "docker");
    expect(await ask()).toMatchObject({ username: "docker" });
  });

  it("may be nowhere, or know nothing of a registry", async () => {
    expect(await ask()).toBeNull();
    write("home/.docker/config.json", login("home"));
    expect(await ask("quay.io")).toBeNull();
    expect(await registryCredentials("ghcr.io", {}, signal)).toBeNull();
    expect(await registryCredentials("ghcr.io", { HOME: "", DOCKER_CONFIG: "" }, signal)).toBeNull();
  });

  it("may be a link", async () => {
    write("elsewhere.json", login("linked"));
    symlinkSync(join(top, "elsewhere.json"), join(top, "home/.docker/config.json"));
    expect(await ask()).toMatchObject({ username: "linked" });
  });

  it("that is no file, too large or not to be read is an error without its path", async () => {
    mkdirSync(join(top, "home/.docker/config.json"));
    expect(await errorWords(ask)).toContain("CREDENTIALS_UNREADABLE");
    rmSync(join(top, "home/.docker/config.json"), { recursive: true });
    writeFileSync(join(top, "home/.docker/config.json"), " ".repeat(1024 * 1024 + 1));
    const words = await errorWords(ask);
    expect(words).toContain("CREDENTIALS_UNREADABLE");
    expect(words.split("\n")[0]).not.toContain(top);
  });

  it.skipIf(process.platform === "win32")("is not waited for when it is a FIFO", async () => {
    execFileSync("mkfifo", [join(top, "home/.docker/config.json")]);
    expect(await errorWords(ask)).toContain("CREDENTIALS_UNREADABLE");
  });
});

describe.skipIf(process.platform === "win32")("a credential helper", () => {
  it("gets the server on its input and everything but our own variables", async () => {
    env["AWS_PROFILE"] = "work";
    env["TOUCHMARK_KEY_PASSPHRASE"] = "canary";
    helper(`cat > "$HOME/input"; env > "$HOME/env"; echo "$@" > "$HOME/args"; pwd > "$HOME/pwd"
      echo '{"ServerURL":"ghcr.io","Username":"octo","Secret":"word"}'`);
    expect(await ask()).toEqual({ kind: "basic", username: "octo", password: "word" });
    const seen = (name: string) => readFileSync(join(top, "home", name), "utf8");
    expect(seen("input")).toBe("ghcr.io");
    expect(seen("args")).toBe("get\n");
    expect(seen("env")).toContain("AWS_PROFILE=work");
    expect(seen("env")).not.toContain("canary");
    expect(seen("pwd").trim()).toMatch(/home\/\.docker$/);
  });

  it("may know nothing", async () => {
    helper("echo 'credentials not found in native keychain'; exit 1");
    expect(await ask()).toBeNull();
  });

  it.each([
    ["fails", "echo canary; echo canary >&2; exit 1"],
    ["is killed", "echo canary; kill -9 $$"],
    ["prints no JSON", "echo canary"],
    ["prints too much", "head -c 300000 /dev/zero"],
  ])("that %s is an error without its words", async (_, script) => {
    helper(script);
    const words = await errorWords(ask);
    expect(words).toContain("CREDENTIALS_UNREADABLE");
    expect(words).not.toContain("canary");
  });

  it("that is not installed is an error", async () => {
    write("home/.docker/config.json", { credsStore: "none-of-this-name" });
    await expect(ask()).rejects.toMatchObject({
      code: "CREDENTIALS_UNREADABLE",
      actual: "it is not installed, or not on PATH",
    });
  });

  it("is left at once by an interruption", async () => {
    const interrupt = new AbortController();
    helper("sleep 20");
    setTimeout(() => interrupt.abort(), 100);
    await expect(registryCredentials("ghcr.io", env, interrupt.signal)).rejects.toMatchObject({ code: "ABORTED" });
  });
});
