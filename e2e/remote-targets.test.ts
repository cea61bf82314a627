import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "../packages/core/src/index.ts";
import { tarballOf } from "../packages/package-identity/test/tarball-of.ts";
import { RELEASE_RUN, rootOf, signBundle, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { type HostAnswer, type ReleaseHost, startReleaseHost } from "./servers/release-host.ts";
import { startServer } from "./servers/server-process.ts";
import { type Ended, newFolder, touchmark } from "./touchmark-process.ts";

/** False where Python is not installed. */
function hasPython(): boolean {
  return spawnSync("python3", ["-m", "http.server", "--help"]).status === 0;
}

const vector = (name: string) => fileURLToPath(new URL(`../packages/vectors/cases/${name}`, import.meta.url));
const identity = [
  ...["--signer-identity", RELEASE_RUN.buildSignerUri ?? "", "--signer-issuer", RELEASE_RUN.issuer ?? ""],
  ...["--trusted-root", "trusted_root.json"],
];

let folder: Awaited<ReturnType<typeof newFolder>>;
let host: ReleaseHost;
/** Nobody may ask it anything. */
let stranger: ReleaseHost;
const at = (...parts: string[]) => join(folder.path, ...parts);

beforeEach(async () => {
  folder = await newFolder();
  await mkdir(at("tmp"));
  [host, stranger] = await Promise.all([startReleaseHost(), startReleaseHost()]);
});
afterEach(async () => {
  await Promise.all([host.stop(), stranger.stop()]);
  await folder.remove();
});

const put = (path: string, answer: HostAnswer) => host.answers.set(path, answer);
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/** Each command leaves nothing behind, however it ends. */
async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const ended = await touchmark(args, { cwd: folder.path, env: { TMPDIR: at("tmp"), ...env } });
  expect(await readdir(at("tmp"))).toEqual([]);
  return ended;
}

async function verify(target: string, ...args: readonly string[]) {
  const { status, stdout } = await run(["verify", target, "--json", ...identity, ...args]);
  const report = JSON.parse(stdout);
  return {
    status,
    target: report.artifacts?.[0]?.target,
    names: report.artifacts?.map(({ name }: { name: string }) => name),
    bundles: report.artifacts?.[0]?.statements.map(({ bundle }: { bundle: string }) => bundle),
    codes: [
      ...(report.error === undefined ? [] : [report.error.code]),
      ...(report.artifacts ?? []).flatMap(({ findings }: { findings: { code: string }[] }) =>
        findings.map(({ code }) => code),
      ),
    ],
  };
}

describe("npm:NAME@VERSION", () => {
  const document = "/-/npm/v1/attestations/%40octo%2Fpad%401.0.0";
  let tarball: Buffer;

  const manifest = (dist: object = {}, more: object = {}) =>
    put("/%40octo%2Fpad/1.0.0", {
      body: { name: "@octo/pad", version: "1.0.0", dist: { tarball: `${host.url}/pad.tgz`, ...dist }, ...more },
    });

  beforeEach(async () => {
    await cp(vector("npm-document"), folder.path, { recursive: true });
    tarball = await readFile(at("release/pad.tgz"));
    manifest({ integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}` });
    put("/pad.tgz", { body: tarball });
    put(document, { body: await readFile(at("bundle.sigstore.json")) });
  });

  const pad = (target = "npm:@octo/pad@1.0.0", ...args: readonly string[]) =>
    verify(target, "--npm-registry", host.url, "--npm-keys", "npm_keys.json", ...args);

  it("is verified by what the registry keeps about it", async () => {
    expect(await pad()).toEqual({
      status: 0,
      target: "npm:@octo/pad@1.0.0",
      names: ["octo-pad-1.0.0.tgz"],
      bundles: [`attestations of @octo/pad@1.0.0 at ${host.host}`],
      codes: [],
    });
    expect(await pad("https://www.npmjs.com/package/@octo/pad/v/1.0.0")).toMatchObject({ status: 0 });
    const document = at("bundle.sigstore.json");
    host.requests.length = 0;
    expect(await pad("npm:@octo/pad@1.0.0", "--bundle", document)).toMatchObject({ status: 0 });
    expect(host.requests.map(({ path }) => path)).toEqual(["/%40octo%2Fpad/1.0.0", "/pad.tgz"]);
  });

  it("is no other package, whatever the registry gives", async () => {
    const other = { name: "left", version: "2.0.0", dist: { tarball: `${host.url}/pad.tgz` } };
    put("/left/2.0.0", { body: other });
    put("/-/npm/v1/attestations/left%402.0.0", { body: await readFile(at("bundle.sigstore.json")) });
    expect(await pad("npm:left@2.0.0")).toMatchObject({ status: 1, codes: ["PACKAGE_MISMATCH"] });
  });

  it("without evidence is not covered, and when the registry cannot say, unknown", async () => {
    put(document, { status: 404 });
    expect(await pad()).toMatchObject({ status: 1, codes: ["NOT_COVERED"] });
    put(document, { status: 403 });
    expect(await pad()).toMatchObject({ status: 3, codes: ["NOT_COVERED", "SERVICE_DENIED"] });
  });

  it.each<[string, number, string, () => unknown]>([
    ["other bytes than its integrity", 3, "SERVICE_INVALID", () => put("/pad.tgz", { body: "other" })],
    ["a tarball at a stranger's", 3, "SERVICE_INVALID", () => manifest({ tarball: `${stranger.url}/pad.tgz` })],
    [
      "a redirect to a stranger",
      3,
      "SERVICE_INVALID",
      () => put("/pad.tgz", { status: 302, headers: { location: `${stranger.url}/pad.tgz` } }),
    ],
    [
      "a redirect that never ends",
      3,
      "SERVICE_INVALID",
      () => put("/pad.tgz", { status: 302, headers: { location: "/pad.tgz" } }),
    ],
    ["a body that ends early", 3, "SERVICE_INVALID", () => put("/pad.tgz", { body: tarball, fault: "cut-off" })],
    ["another package's answer", 3, "SERVICE_INVALID", () => manifest({}, { name: "pad" })],
    ["an answer without an end", 3, "SERVICE_INVALID", () => put("/%40octo%2Fpad/1.0.0", { fault: "endless" })],
    ["no such version", 2, "TARGET_MISSING", () => put("/%40octo%2Fpad/1.0.0", { status: 404 })],
  ])("%s: %d %s", async (_, status, code, change) => {
    change();
    expect(await pad()).toMatchObject({ status, codes: [code] });
    expect(stranger.requests).toEqual([]);
  });

  it("is refused with --offline, and when its tag can move", async () => {
    expect(await pad("npm:@octo/pad@1.0.0", "--offline")).toMatchObject({ status: 2, codes: ["NETWORK_REFUSED"] });
    expect(await pad("npm:@octo/pad@latest")).toMatchObject({ status: 2, codes: ["TAG_UNPINNED"] });
    expect(host.requests).toEqual([]);
  });

  it("gives a token of the environment to the registry, and shows it to nobody", async () => {
    put("/%40octo%2Fpad/1.0.0", { status: 401, body: { message: "hush-hush is no token" } });
    const args = ["verify", "npm:@octo/pad@1.0.0", "--verbose", "--npm-registry", host.url, ...identity];
    const { status, stdout, stderr } = await run(args, { NPM_TOKEN: "hush-hush" });
    expect(status).toBe(3);
    expect(host.requests[0]?.headers.authorization).toBe("Bearer hush-hush");
    expect(stdout + stderr).not.toContain("hush-hush");
  });
});

describe("gh:OWNER/REPO@TAG", () => {
  const API = "/api/v3/repos/octo/tool";
  let tool: Buffer;
  let about: string;
  let bundle: object;

  const assets = (list: readonly object[]) => put(`${API}/releases/7/assets?per_page=100&page=1`, { body: list });
  const asset = (more: object = {}) => ({ id: 1, name: "tool", size: tool.byteLength, state: "uploaded", ...more });

  beforeEach(async () => {
    await cp(vector("github-answer"), folder.path, { recursive: true });
    tool = await readFile(at("release/tool"));
    about = `${API}/attestations/sha256%3A${sha256(tool)}?per_page=100`;
    put(`${API}/releases/tags/v1.2.3`, { body: { id: 7, tag_name: "v1.2.3", draft: false } });
    assets([asset({ digest: `sha256:${sha256(tool)}` })]);
    put(`${API}/releases/assets/1`, { body: tool });
    const { attestations } = JSON.parse((await readFile(at("bundle.sigstore.json"))).toString());
    bundle = attestations[2].bundle;
    put(about, { body: { attestations: [{ bundle, bundle_url: null, repository_id: 1 }] } });
  });

  const release = (...args: readonly string[]) =>
    verify("gh:octo/tool@v1.2.3", "--github-api", `${host.url}/api/v3`, ...args);

  it("is verified by its attestations", async () => {
    expect(await release()).toMatchObject({
      status: 0,
      target: "gh:octo/tool@v1.2.3",
      names: ["tool"],
      bundles: [`attestation 1 of tool at ${host.host}`],
    });
  });

  it("is verified by bundles among its files, and each other file must be covered", async () => {
    const suggested = await run(["trust", "suggest", "gh:octo/tool@v1.2.3", "--github-api", `${host.url}/api/v3`]);
    expect(suggested).toMatchObject({ status: 0, stdout: expect.stringContaining(RELEASE_RUN.issuer ?? "") });
    put(about, { status: 404 });
    const file = JSON.stringify(bundle);
    const evidence = asset({ id: 2, name: "tool.sigstore.json", size: Buffer.byteLength(file) });
    assets([asset(), evidence]);
    put(`${API}/releases/assets/2`, { body: file });
    expect(await release()).toMatchObject({ status: 0, bundles: ["tool.sigstore.json"] });
    assets([asset(), evidence, asset({ id: 3, name: "extra" })]);
    put(`${API}/releases/assets/3`, { body: tool.map((byte) => byte ^ 1) });
    expect(await release()).toMatchObject({ status: 1, codes: ["NOT_COVERED"] });
  });

  it("is built from its tag, or nobody says of which", async () => {
    const api = ["--github-api", `${host.url}/api/v3`];
    const { stdout } = await run(["verify", "gh:octo/tool@v1.2.3", ...api, ...identity]);
    expect(stdout).toContain("TAG_UNPROVEN  gh:octo/tool@v1.2.3: no evidence says that 1 of its files was built from");
    // The same host gives the files, and their evidence, for a later release of the repository that they are from.
    for (const [path, answer] of [...host.answers]) put(path.replace("octo/tool", "octo/widgets"), answer);
    put("/api/v3/repos/octo/widgets/releases/tags/v9.9.9", { body: { id: 7, tag_name: "v9.9.9", draft: false } });
    expect(await verify("gh:octo/widgets@v9.9.9", ...api)).toMatchObject({ status: 1, codes: ["TAG_MISMATCH"] });
    const named = ["--source", "octo/widgets@refs/tags/v1.2.3"];
    expect(await verify("gh:octo/widgets@v9.9.9", ...api, ...named)).toMatchObject({ status: 0, codes: [] });
    const own = await run(["verify", "gh:octo/widgets@v1.2.3", ...api, ...identity]);
    expect(own).toMatchObject({ status: 0, stdout: expect.not.stringContaining("TAG_") });
  });

  it("may lie at a host that the user names", async () => {
    put(`${API}/releases/assets/1`, { status: 302, headers: { location: `${stranger.url}/tool` } });
    stranger.answers.set("/tool", { body: tool });
    expect(await release()).toMatchObject({ status: 3, codes: ["SERVICE_INVALID"] });
    expect(stranger.requests).toEqual([]);
    expect(await release("--also-contact", stranger.host)).toMatchObject({ status: 0 });
  });

  it.each<[string, number, string, () => unknown]>([
    ["a name that leads out", 2, "NAME_REFUSED", () => assets([asset({ name: "../tool" })])],
    ["a name twice", 3, "SERVICE_INVALID", () => assets([asset(), asset({ id: 2 })])],
    ["another size than it says", 3, "SERVICE_INVALID", () => assets([asset({ size: tool.byteLength + 1 })])],
    ["a body without an end", 3, "SERVICE_INVALID", () => put(`${API}/releases/assets/1`, { fault: "endless" })],
    ["no such release", 2, "TARGET_MISSING", () => put(`${API}/releases/tags/v1.2.3`, { status: 404 })],
    [
      "a rate limit",
      3,
      "SERVICE_UNAVAILABLE",
      () => put(`${API}/releases/tags/v1.2.3`, { status: 403, headers: { "x-ratelimit-remaining": "0" } }),
    ],
    [
      "pages that never end",
      2,
      "LIMIT_EXCEEDED",
      () => {
        for (let page = 1; page <= 12; page += 1) {
          const list = Array.from({ length: 100 }, (_, index) => asset({ name: `tool-${page}-${index}` }));
          put(`${API}/releases/7/assets?per_page=100&page=${page}`, { body: list });
        }
      },
    ],
  ])("%s: %d %s", async (_, status, code, change) => {
    change();
    expect(await release()).toMatchObject({ status, codes: [code] });
    expect(stranger.requests).toEqual([]);
  });

  it.each<[string, string, () => unknown]>([
    [
      "behind the address of a stranger",
      "SERVICE_INVALID",
      () => put(about, { body: { attestations: [{ bundle_url: `${stranger.url}/1` }] } }),
    ],
    [
      "on one page again and again",
      "SERVICE_INVALID",
      () => {
        const headers = { link: `<${host.url}${about}&after=A>; rel="next"` };
        put(about, { headers, body: { attestations: [] } });
        put(`${about}&after=A`, { headers, body: { attestations: [] } });
      },
    ],
    [
      "above the rate limit",
      "SERVICE_UNAVAILABLE",
      () => put(about, { status: 403, headers: { "x-ratelimit-remaining": "0" } }),
    ],
  ])("attestations %s are unknown, and the release is not forged", async (_, code, change) => {
    change();
    expect(await release()).toMatchObject({ status: 3, codes: ["NOT_COVERED", code] });
    expect(stranger.requests).toEqual([]);
  });

  it("gives GITHUB_TOKEN to no other API than its own", async () => {
    const args = ["verify", "gh:octo/tool@v1.2.3", "--github-api", `${host.url}/api/v3`, ...identity];
    expect((await run(args, { GITHUB_TOKEN: "hush" })).status).toBe(0);
    expect(host.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    host.requests.length = 0;
    expect((await run(args, { GH_ENTERPRISE_TOKEN: "hush" })).status).toBe(0);
    expect(host.requests.every(({ headers }) => headers.authorization === "Bearer hush")).toBe(true);
  });
});

describe("pypi:NAME@VERSION and gl:GROUP/PROJECT@TAG", () => {
  const SDIST = "octo_pad-1.0.0.tar.gz";
  const METADATA = "Metadata-Version: 2.4\nName: octo-pad\nVersion: 1.0.0\n";
  let sdist: Buffer;
  let bundle: ReturnType<typeof signBundle>["bundle"];

  beforeEach(async () => {
    sdist = Buffer.from(await tarballOf([["octo_pad-1.0.0/PKG-INFO", METADATA]]));
    const sigstore = testSigstore();
    const statement = {
      _type: STATEMENT_V1,
      subject: [{ name: SDIST, digest: { sha256: sha256(sdist) } }],
      predicateType: PROVENANCE_V1,
      predicate: {
        buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
        runDetails: { builder: { id: "https://example.com/builder" } },
      },
    };
    bundle = signBundle(sigstore, encodeJson(statement), { entry: "dsse-0.0.1", timestamp: null }).bundle;
    await writeFile(at("trusted_root.json"), JSON.stringify(rootOf(sigstore)));
  });

  it("an index by PEP 691 and its provenance", async () => {
    const parts = JSON.parse(JSON.stringify(bundle));
    const attestation = {
      version: 1,
      verification_material: {
        certificate: parts.verificationMaterial.certificate.rawBytes,
        transparency_entries: parts.verificationMaterial.tlogEntries,
      },
      envelope: { statement: parts.dsseEnvelope.payload, signature: parts.dsseEnvelope.signatures[0].sig },
    };
    const file = {
      ...{ filename: SDIST, url: `../../files/${SDIST}`, hashes: { sha256: sha256(sdist) } },
      ...{ size: sdist.byteLength, provenance: "../../provenance" },
    };
    const headers = { "content-type": "application/vnd.pypi.simple.v1+json" };
    put("/simple/octo-pad/", { headers, body: JSON.stringify({ meta: {}, name: "octo-pad", files: [file] }) });
    put(`/files/${SDIST}`, { body: sdist });
    put("/provenance", { body: { version: 1, attestation_bundles: [{ publisher: {}, attestations: [attestation] }] } });
    const pad = (target: string, ...args: readonly string[]) =>
      verify(target, "--pypi-index", `${host.url}/simple`, ...args);
    expect(await pad("pypi:octo-pad@1.0.0")).toMatchObject({ status: 0, names: [SDIST] });
    expect(await pad("https://pypi.org/project/octo-pad/1.0.0/")).toMatchObject({ status: 0 });
    expect(await pad(`pypi:octo-pad@1.0.0#${SDIST}`)).toMatchObject({ status: 0 });
    expect(await pad("pypi:octo-pad@1.0.0", "--into", "out")).toMatchObject({ status: 0 });
    expect(await readFile(at("out", SDIST))).toEqual(sdist);
    expect(await pad("pypi:octo-pad@1.0.1")).toMatchObject({ status: 2, codes: ["TARGET_MISSING"] });
    put("/provenance", { status: 404 });
    expect(await pad("pypi:octo-pad@1.0.0")).toMatchObject({ status: 1, codes: ["NOT_COVERED"] });
  });

  it.skipIf(!hasPython())("an index that is files alone, as Python's own server serves them", async () => {
    await mkdir(at("index/simple/octo-pad"), { recursive: true });
    await mkdir(at("index/files"));
    await writeFile(at("index/files", SDIST), sdist);
    const link = `<a href="../../files/${SDIST}#sha256=${sha256(sdist)}">${SDIST}</a>`;
    await writeFile(at("index/simple/octo-pad/index.html"), `<!DOCTYPE html><html><body>${link}</body></html>`);
    await writeFile(at("about.sigstore.json"), JSON.stringify(bundle));
    const server = await startServer({
      ...{ name: "index", folder: at("index-server"), ready: /port (\d+)/ },
      command: ["python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", at("index")],
    });
    try {
      const index = ["--pypi-index", `http://127.0.0.1:${server.ready[1]}/simple`];
      const about = ["--bundle", "about.sigstore.json"];
      expect(await verify("pypi:octo-pad@1.0.0", ...index, ...about)).toMatchObject({ status: 0, names: [SDIST] });
      await writeFile(at("index/files", SDIST), "other bytes");
      expect(await verify("pypi:octo-pad@1.0.0", ...index, ...about)).toMatchObject({ codes: ["SERVICE_INVALID"] });
    } finally {
      await server.stop();
    }
  });

  it("a file of another project under this one's name", async () => {
    const name = "other-1.0.0.tar.gz";
    const index = `<a href="/files/x#sha256=${sha256(sdist)}">${name}</a>`;
    put("/simple/other/", { headers: { "content-type": "text/html" }, body: index });
    put("/files/x", { body: sdist });
    await writeFile(at("about.sigstore.json"), JSON.stringify(bundle));
    const args = ["--pypi-index", `${host.url}/simple`, "--bundle", "about.sigstore.json", "--any-name"];
    expect(await verify("pypi:other@1.0.0", ...args)).toMatchObject({ status: 1, codes: ["PACKAGE_MISMATCH"] });
  });

  it("a release of GitLab, of which the target names the instance", async () => {
    const file = `${host.url}/octo/pad/-/releases/v1/downloads/${SDIST}`;
    const links = [
      { name: "source", url: file, direct_asset_url: file, link_type: "package" },
      { name: "evidence", url: `${file}.sigstore.json`, direct_asset_url: `${file}.sigstore.json` },
    ];
    put("/api/v4/projects/octo%2Fpad/releases/v1", { body: { tag_name: "v1", assets: { links } } });
    put(new URL(file).pathname, { body: sdist });
    put(`${new URL(file).pathname}.sigstore.json`, { body: JSON.stringify(bundle) });
    const args = ["verify", `gl:${host.url}/octo/pad@v1`, ...identity];
    expect((await run(args, { GITLAB_TOKEN: "hush" })).status).toBe(0);
    // The instance is one that the target alone names.
    expect(host.requests.every(({ headers }) => headers["private-token"] === undefined)).toBe(true);
    const ours = ["verify", "gl:octo/pad@v1", "--gitlab-url", host.url, ...identity];
    expect((await run(ours, { GITLAB_TOKEN: "hush" })).status).toBe(0);
    expect(host.requests.at(-1)?.headers["private-token"]).toBe("hush");
    expect((await run(["verify", `${host.url}/octo/pad/-/releases/v1`, ...identity])).status).toBe(0);
    const away = [{ name: "source", url: `${stranger.url}/${SDIST}` }];
    put("/api/v4/projects/octo%2Fpad/releases/v1", { body: { tag_name: "v1", assets: { links: away } } });
    expect(await verify(`gl:${host.url}/octo/pad@v1`)).toMatchObject({ status: 3, codes: ["SERVICE_INVALID"] });
    expect(stranger.requests).toEqual([]);
  });

  it("leaves nothing behind when it is interrupted in the middle of a file", async () => {
    const file = `${host.url}/octo/pad/-/releases/v1/downloads/${SDIST}`;
    put("/api/v4/projects/octo%2Fpad/releases/v1", {
      body: { tag_name: "v1", assets: { links: [{ name: "x", url: file }] } },
    });
    put(new URL(file).pathname, { fault: "endless" });
    const ended = await touchmark(["verify", `gl:${host.url}/octo/pad@v1`, "--verbose", ...identity], {
      cwd: folder.path,
      env: { TMPDIR: at("tmp") },
      started: async (kill) => {
        while (host.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
        kill("SIGINT");
      },
    });
    expect(ended.status).toBe(3);
    expect(ended.stderr).toContain("ABORTED");
    expect(await readdir(at("tmp"))).toEqual([]);
  });
});

it("--evidence takes what parses in a folder, for a digest too", async () => {
  await cp(vector("github-answer"), folder.path, { recursive: true });
  const digest = `sha256:${sha256(await readFile(at("release/tool")))}`;
  await mkdir(at("kept/deep"), { recursive: true });
  await cp(at("bundle.sigstore.json"), at("kept/deep/answer.json"));
  await writeFile(at("kept/README.md"), "no evidence\n");
  expect(await verify(digest, "--evidence", "kept")).toMatchObject({ status: 0, bundles: ["kept/deep/answer.json#3"] });
  expect(await verify(digest, "--evidence", "release")).toMatchObject({ status: 1, codes: ["NOT_COVERED"] });
  expect(await verify(digest, "--evidence", "none")).toMatchObject({ status: 2, codes: ["TARGET_MISSING"] });
});
