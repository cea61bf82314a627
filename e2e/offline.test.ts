import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "../packages/core/src/index.ts";
import { RELEASE_RUN, rootOf, signBundle, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { debianProgram } from "./peers/debian-programs.mjs";
import { CLI, newFolder, runProgram } from "./touchmark-process.ts";

/** Everything by which a program gets a socket or uses one; node also asks of what kind its own standard output is. */
const SOCKET_CALLS = "socket,socketpair,connect,bind,listen,accept4,sendto,sendmsg,sendmmsg";

/** False where no program may look at another one's system calls. */
function canTrace(): boolean {
  if (process.platform !== "linux") return false;
  const strace = debianProgram("strace");
  return strace !== null && spawnSync(strace, ["-f", "-o", "/dev/null", "true"]).status === 0;
}

const identity = [
  ...["--signer-identity", RELEASE_RUN.buildSignerUri ?? "", "--signer-issuer", RELEASE_RUN.issuer ?? ""],
  ...["--trusted-root", "roots.json"],
];

describe.skipIf(!canTrace())("without --online, and without a registry among the targets", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  const at = (...parts: string[]) => join(folder.path, ...parts);

  beforeAll(async () => {
    folder = await newFolder();
    const sigstore = testSigstore();
    const statement = encodeJson({
      _type: STATEMENT_V1,
      subject: [{ name: "tool", digest: { sha256: createHash("sha256").update("tool").digest("hex") } }],
      predicateType: PROVENANCE_V1,
      predicate: {
        buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
        runDetails: { builder: { id: "https://example.com/builder" } },
      },
    });
    await mkdir(at("release"));
    await writeFile(at("release", "tool"), "tool");
    await writeFile(at("release", "tool.sigstore.json"), JSON.stringify(signBundle(sigstore, statement).bundle));
    await writeFile(at("roots.json"), JSON.stringify(rootOf(sigstore)));
  });

  afterAll(() => folder?.remove());

  /** What a command asked the system for that has to do with the network, in it and in every process that it starts. */
  async function networkCallsOf(
    ...args: string[]
  ): Promise<{ readonly status: number | null; readonly calls: string[] }> {
    const strace = debianProgram("strace") ?? "";
    const traced = [
      "-f",
      "-qq",
      "-e",
      `trace=${SOCKET_CALLS}`,
      "-e",
      "signal=none",
      "-o",
      at("trace"),
      process.execPath,
      CLI,
    ];
    // Whoever would ask somebody would ask the proxy.
    const env = { HTTPS_PROXY: "http://127.0.0.1:1", XDG_CACHE_HOME: at("cache") };
    const { status } = await runProgram(strace, [...traced, ...args], { cwd: folder.path, env });
    const lines = (await readFile(at("trace"), "utf8")).split("\n");
    return { status, calls: lines.filter((line) => /^\d+ +\w+\(/.test(line)) };
  }

  it.each<[string, number, readonly string[]]>([
    ["verify, by an identity", 0, ["verify", "release", ...identity]],
    ["verify, by an identity, with --offline", 0, ["verify", "release", ...identity, "--offline"]],
    [
      "verify, with a state and a limit on the roots' age",
      3,
      ["verify", "release", ...identity, "--state", "seen.json", "--max-roots-age", "1d"],
    ],
    ["verify, under roots that do not know the evidence", 1, ["verify", "release", ...identity.slice(0, 4)]],
    ["verify, when nobody is trusted", 2, ["verify", "release"]],
    ["roots show", 0, ["roots", "show"]],
    ["roots show of a file", 0, ["roots", "show", "--trusted-root", "roots.json"]],
    ["roots export", 0, ["roots", "export"]],
    ["inspect", 0, ["inspect", "release/tool.sigstore.json"]],
    ["convert", 0, ["convert", "release/tool.sigstore.json", "--to", "bundle"]],
  ])("%s opens no socket at all", async (_, status, args) => {
    expect(await networkCallsOf(...args)).toEqual({ status, calls: [] });
  });

  it("also when roots were kept by an earlier update", async () => {
    // The place of the public-good mirror: what lies there counts only when its mirror is asked.
    const mirror = createHash("sha256").update("https://tuf-repo-cdn.sigstore.dev/").digest("hex");
    const kept = at("cache", "touchmark", "tuf", mirror, "trusted_root.json");
    await mkdir(dirname(kept), { recursive: true });
    await cp(at("roots.json"), kept);
    expect(await networkCallsOf("verify", "release", ...identity.slice(0, 4))).toEqual({ status: 1, calls: [] });
  });

  it("and this test would see one", async () => {
    const { status, calls } = await networkCallsOf("verify", "release", ...identity.slice(0, 4), "--online");
    expect(status).toBe(3);
    expect(calls.join("\n")).toMatch(/socket\(AF_INET/);
  });
});
