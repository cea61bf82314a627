import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RELEASE_RUN } from "../packages/testkit/src/sigstore/index.ts";
import { type ReleaseHost, startReleaseHost } from "./servers/release-host.ts";
import { startTufMirror, type TufMirror } from "./servers/tuf-mirror.ts";
import { firstState, hasTufRepository, inDays, makeTufRepository, npmDelegate } from "./servers/tuf-repository.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";

const VECTOR = fileURLToPath(new URL("../packages/vectors/cases/npm-document", import.meta.url));
const TARGET = "npm:@octo/pad@1.0.0";
const SIGNER = ["--signer-identity", RELEASE_RUN.buildSignerUri ?? "", "--signer-issuer", RELEASE_RUN.issuer ?? ""];
const IDENTITY = [...SIGNER, "--npm-keys", "npm_keys.json"];
const ROOTS = ["--trusted-root", "trusted_root.json"];

let folder: Awaited<ReturnType<typeof newFolder>>;
let host: ReleaseHost;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (args: readonly string[]) => touchmark(args, { cwd: folder.path, env: { XDG_CACHE_HOME: at("cache") } });

beforeEach(async () => {
  folder = await newFolder();
  await cp(VECTOR, folder.path, { recursive: true });
  host = await startReleaseHost();
  const tarball = await readFile(at("release/pad.tgz"));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const dist = { tarball: `${host.url}/pad.tgz`, integrity };
  host.answers.set("/%40octo%2Fpad/1.0.0", { body: { name: "@octo/pad", version: "1.0.0", dist } });
  host.answers.set("/pad.tgz", { body: tarball });
  const document = await readFile(at("bundle.sigstore.json"));
  host.answers.set("/-/npm/v1/attestations/%40octo%2Fpad%401.0.0", { body: document });
});
afterEach(async () => {
  await host.stop();
  await folder.remove();
});

const fetchKit = (...args: readonly string[]) =>
  run(["fetch", TARGET, "--out", "kit", "--npm-registry", host.url, ...IDENTITY, ...args]);

it("a release is fetched where there is a network, and verified where there is none", async () => {
  const fetched = await fetchKit(...ROOTS);
  expect(fetched).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VERIFIED {2}1 of 1 artifact\n/) });
  await host.stop();
  await mkdir(at("island"));
  await rename(at("kit"), at("island/kit"));
  const verified = await run(["verify", "kit:island/kit", "--offline", "--json", ...IDENTITY, ...ROOTS]);
  expect(JSON.parse(verified.stdout)).toMatchObject({
    result: "verified",
    artifacts: [{ target: TARGET, name: "octo-pad-1.0.0.tgz" }],
  });
  const tarball = createHash("sha512")
    .update(await readFile(at("release/pad.tgz")))
    .digest("hex");
  const byDigest = ["verify", `sha512:${tarball}`, "--evidence", "island/kit/evidence", ...IDENTITY, ...ROOTS];
  expect((await run(byDigest)).status).toBe(0);
  await writeFile(at("island/kit/artifacts/1/extra"), "slipped in");
  const altered = await run(["verify", "kit:island/kit", "--offline", ...IDENTITY, ...ROOTS]);
  expect(altered).toMatchObject({ status: 1, stderr: expect.stringContaining("KIT_ALTERED") });
});

it("a host that cannot be asked for its evidence ends the fetch, and leaves nothing", async () => {
  host.answers.set("/-/npm/v1/attestations/%40octo%2Fpad%401.0.0", { status: 403 });
  expect(await fetchKit(...ROOTS)).toMatchObject({ status: 3, stderr: expect.stringContaining("SERVICE_DENIED") });
  await expect(readFile(at("kit/MANIFEST.json"))).rejects.toMatchObject({ code: "ENOENT" });
});

describe.skipIf(!hasTufRepository())("roots in a kit", () => {
  let mirror: TufMirror;
  let tuf: Awaited<ReturnType<typeof newFolder>>;
  beforeAll(async () => {
    tuf = await newFolder();
    const repository = await makeTufRepository(join(tuf.path, "tuf"));
    await repository.publish(firstState(await readFile(join(VECTOR, "trusted_root.json"), "utf8")));
    mirror = await startTufMirror(repository.folder);
  });
  afterAll(async () => {
    await mirror?.stop();
    await tuf?.remove();
  });
  beforeEach(() => cp(join(tuf.path, "tuf/repo/1.root.json"), at("root.json")));

  const fetchWithRoots = () => fetchKit("--online", "--mirror", mirror.url, "--root", "root.json");
  const verify = (...args: readonly string[]) => run(["verify", "kit:kit", "--offline", ...IDENTITY, ...args]);

  it("are believed by the chain from a root that the user names, and from no other", async () => {
    expect(await fetchWithRoots()).toMatchObject({ status: 0 });
    const verified = await verify("--root", "root.json");
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining("the kit's roots") });
    // The root that came with the program signed none of it.
    expect(await verify()).toMatchObject({ status: 2, stderr: expect.stringContaining("ROOTS_INVALID") });
    expect((await verify(...ROOTS)).status).toBe(0);
  });

  it.each(["trusted_root.json", "targets.json", "timestamp.json"])(
    "are refused when %s is another one",
    async (name) => {
      expect(await fetchWithRoots()).toMatchObject({ status: 0 });
      const file = at("kit/roots/tuf", name);
      const changed = (await readFile(file, "utf8")).replace(/[0-9]/, (digit) => `${(Number(digit) + 1) % 10}`);
      await writeFile(file, changed);
      expect(await verify("--root", "root.json")).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("KIT_ALTERED"),
      });
      // Whoever can write the kit can write its list too.
      const list = JSON.parse(await readFile(at("kit/MANIFEST.json"), "utf8"));
      const entry = list.files.find((one: { path: string }) => one.path === `roots/tuf/${name}`);
      entry.sha256 = createHash("sha256").update(changed).digest("hex");
      await rm(at("kit/MANIFEST.json"));
      await writeFile(at("kit/MANIFEST.json"), JSON.stringify(list));
      expect(await verify("--root", "root.json")).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("ROOTS_INVALID"),
      });
    },
  );
});

describe.skipIf(!hasTufRepository())("npm's keys in a kit", () => {
  let tuf: Awaited<ReturnType<typeof newFolder>>;
  const mirrors = new Map<string, TufMirror>();
  beforeAll(async () => {
    tuf = await newFolder();
    const roots = await readFile(join(VECTOR, "trusted_root.json"), "utf8");
    const keys = await readFile(join(VECTOR, "npm_keys.json"), "utf8");
    const first = firstState(roots);
    const states = {
      own: { ...first, targets: { ...first.targets, "registry.npmjs.org/keys.json": keys } },
      delegated: { ...first, delegate: npmDelegate(keys) },
      expired: { ...first, delegate: npmDelegate(keys, inDays(-1)) },
      none: first,
    };
    for (const [name, state] of Object.entries(states)) {
      const repository = await makeTufRepository(join(tuf.path, name));
      await repository.publish(state);
      mirrors.set(name, await startTufMirror(repository.folder));
    }
  });
  afterAll(async () => {
    for (const mirror of mirrors.values()) await mirror.stop();
    await tuf?.remove();
  });

  const fetchFrom = async (name: string) => {
    await cp(join(tuf.path, name, "repo/1.root.json"), at("root.json"));
    const url = mirrors.get(name)?.url ?? "";
    const online = ["--online", "--mirror", url, "--root", "root.json"];
    return run(["fetch", TARGET, "--out", "kit", "--npm-registry", host.url, ...SIGNER, ...online]);
  };
  const verify = (...args: readonly string[]) =>
    run(["verify", "kit:kit", "--offline", "--verbose", ...SIGNER, "--root", "root.json", ...args]);
  const listOf = async () => JSON.parse(await readFile(at("kit/MANIFEST.json"), "utf8"));

  it.each([
    ["own", ["roots/tuf/npm_keys.json"]],
    ["delegated", ["roots/tuf/npm_keys.json", "roots/tuf/registry.npmjs.org.json"]],
  ])("are believed by the chain, as the repository has them: %s", async (name, listed) => {
    expect(await fetchFrom(name)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VERIFIED/) });
    const paths = (await listOf()).files.map((one: { path: string }) => one.path);
    expect(paths.filter((path: string) => path.includes("npm"))).toEqual(listed);
    expect(await verify()).toMatchObject({ status: 0, stderr: expect.stringContaining("npm's keys: the kit's") });
    // Who brings roots by another way does not believe the kit's chain.
    const other = await run(["verify", "kit:kit", "--offline", "--verbose", ...SIGNER, ...ROOTS]);
    expect(other).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("SIGNER_UNTRUSTED"),
      stderr: expect.stringContaining("npm's keys: those that came with Touchmark"),
    });
  });

  it.each(["expired", "none"])("are those that came with Touchmark where the repository's are: %s", async (name) => {
    const fetched = await fetchFrom(name);
    expect(fetched).toMatchObject({ status: 1, stdout: expect.stringContaining("SIGNER_UNTRUSTED") });
    expect(fetched.stderr.includes("the keys of npm's registry are not taken along")).toBe(name === "expired");
    expect(await verify("--npm-keys", "npm_keys.json")).toMatchObject({ status: 0 });
  });

  it.each(["npm_keys.json", "registry.npmjs.org.json"])("are refused when %s is another one", async (name) => {
    expect((await fetchFrom("delegated")).status).toBe(0);
    const file = at("kit/roots/tuf", name);
    const changed = (await readFile(file, "utf8")).replace(/[0-9]/, (digit) => `${(Number(digit) + 1) % 10}`);
    await writeFile(file, changed);
    expect(await verify()).toMatchObject({ status: 1, stderr: expect.stringContaining("KIT_ALTERED") });
    // Whoever can write the kit can write its list too.
    const list = await listOf();
    const entry = list.files.find((one: { path: string }) => one.path === `roots/tuf/${name}`);
    entry.sha256 = createHash("sha256").update(changed).digest("hex");
    await writeFile(at("kit/MANIFEST.json"), JSON.stringify(list));
    expect(await verify()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("npm's keys in the kit cannot be believed"),
    });
  });

  it("are refused where no chain names them", async () => {
    await fetchFrom("none");
    const bytes = await readFile(at("npm_keys.json"));
    await writeFile(at("kit/roots/tuf/npm_keys.json"), bytes);
    const list = await listOf();
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    list.files.push({ path: "roots/tuf/npm_keys.json", sha256, size: bytes.byteLength, from: "" });
    await writeFile(at("kit/MANIFEST.json"), JSON.stringify(list));
    expect(await verify()).toMatchObject({ status: 2, stderr: expect.stringContaining("ROOTS_INVALID") });
  });
});
