// What `convert` wrote, before other readers: cosign, with a key and with the Sigstore without servers of our unit tests.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BundleOptions, rootOf, signBundle, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { ISSUERS } from "./servers/sigstore/claims.ts";
import { provenance, signedBundle } from "./signed-bundle.ts";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const cosign: string | null = goProgram("cosign");
const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const FILE = "the tool's bytes";
const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

describe.skipIf(cosign === null)(`cosign ${goProgramVersion("cosign")} takes what convert wrote`, () => {
  const sigstore = testSigstore();
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let image: { readonly bytes: string; readonly config: string };
  const at = (...parts: string[]) => join(folder.path, ...parts);
  const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

  beforeAll(async () => {
    folder = await newFolder();
    const config = JSON.stringify({ os: "linux", architecture: "amd64", rootfs: { type: "layers", diff_ids: [] } });
    const described = { mediaType: `${OCI}config.v1+json`, digest: `sha256:${sha256(config)}`, size: config.length };
    const manifest = { schemaVersion: 2, mediaType: `${OCI}manifest.v1+json`, config: described, layers: [] };
    image = { bytes: JSON.stringify(manifest), config };
    await writeFile(at("tool"), FILE);
    await writeFile(at("root.json"), JSON.stringify(rootOf(sigstore)));
    expect(await run("keys", "generate")).toMatchObject({ status: 0 });
    expect(await run("attest", "--from", "files:tool", "--key", "touchmark.key", "--name", "r")).toMatchObject({
      status: 0,
    });
  });
  afterAll(() => folder.remove());

  async function convert(from: string, form: string, to: string, ...more: string[]): Promise<void> {
    expect(await run("convert", from, "--to", form, "--output", to, ...more)).toMatchObject({ status: 0, stderr: "" });
  }

  /** The Sigstore's own words, about the file or about the image. */
  async function keyless(name: string, options: BundleOptions): Promise<void> {
    const subjects = [
      { name: "tool", digest: { sha256: sha256(FILE) } },
      { name: "image", digest: { sha256: sha256(image.bytes) } },
    ];
    const payload = new TextEncoder().encode(provenance(subjects));
    await writeFile(at(name), JSON.stringify(signBundle(sigstore, payload, options).bundle));
  }

  const KEY = ["--key", "touchmark.pub", "--insecure-ignore-tlog"];
  const WHO = ["--trusted-root", "root.json", "--certificate-identity", IDENTITY];
  const ISSUER = ["--certificate-oidc-issuer", ISSUERS.github, "--type", "slsaprovenance1"];

  function verifyBlob(bundle: string, ...args: string[]) {
    const all = ["verify-blob-attestation", "--bundle", bundle, ...args, "--type", "slsaprovenance1", "tool"];
    return runProgram(cosign ?? "", all, { cwd: folder.path });
  }

  it("a bundle that was an envelope alone, signed with a key", async () => {
    await convert("touchmark-out/r.sigstore.json", "dsse", "r.dsse.json");
    await convert("r.dsse.json", "bundle", "again.sigstore.json");
    expect(await verifyBlob("again.sigstore.json", ...KEY)).toMatchObject({ status: 0 });
    const verified = await run("verify", "tool", "--key", "touchmark.pub", "--bundle", "r.dsse.json");
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining("VERIFIED") });
  });

  it.each<[string, BundleOptions, string]>([
    ["0.3", { version: "0.2", entry: "dsse-0.0.1", timestamp: null }, "certificate-chain"],
    ["0.1", { version: "0.2", entry: "dsse-0.0.1", timestamp: null }, "log-proofs"],
    ["0.2", { entry: "hashedrekord-0.0.2" }, "log-proofs"],
  ])(
    "a bundle of version %s that was one of another, signed with a certificate: %j",
    async (version, options, lossy) => {
      const name = `${version}-${options.entry}`;
      await keyless(`${name}.json`, options);
      const timed = options.timestamp === null ? [] : ["--use-signed-timestamps"];
      await convert(`${name}.json`, `bundle-v${version}`, `${name}-to.json`, "--lossy", lossy, "--quiet");
      for (const file of [`${name}.json`, `${name}-to.json`]) {
        const ended = await verifyBlob(file, ...WHO, "--certificate-oidc-issuer", ISSUERS.github, ...timed);
        expect({ file, status: ended.status, stderr: ended.stderr }).toMatchObject({ file, status: 0 });
      }
    },
  );

  it("a layer of its .att tag, signed with a certificate", async () => {
    await keyless("old.json", { version: "0.1", entry: "dsse-0.0.1", entryOptions: { proof: false }, timestamp: null });
    await convert("old.json", "cosign-att", "layer.json");
    await layout("oci-keyless", "layer.json");
    expect(await verifyImage("oci-keyless", ...WHO, ...ISSUER)).toMatchObject({ status: 0 });
    const shown = await run("inspect", "oci-layout:oci-keyless");
    expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining(IDENTITY) });
    expect(await run("convert", "oci-layout:oci-keyless", "--to", "bundle")).toMatchObject(
      await run("convert", "layer.json", "--to", "bundle"),
    );
  });

  it("a layer of its .att tag, signed with a key; also where it names the key", async () => {
    const subjects = [{ name: "image", digest: { sha256: sha256(image.bytes) } }];
    const bundle = signedBundle(await readFile(at("touchmark.key"), "utf8"), provenance(subjects));
    await writeFile(at("image.sigstore.json"), bundle);
    await convert("image.sigstore.json", "cosign-att", "key-layer.json");
    await layout("oci-key", "key-layer.json");
    expect(await verifyImage("oci-key", ...KEY, "--type", "slsaprovenance1")).toMatchObject({ status: 0 });
  });

  function verifyImage(path: string, ...args: string[]) {
    const all = ["verify-attestation", "--local-image", "--new-bundle-format=false", ...args, path];
    return runProgram(cosign ?? "", all, { cwd: folder.path });
  }

  /** As `cosign save` writes an image with its `.att` tag. */
  async function layout(name: string, layerFile: string): Promise<void> {
    const { data, ...layer } = JSON.parse(await readFile(at(layerFile), "utf8"));
    const config = JSON.stringify({ architecture: "", os: "", rootfs: { type: "layers", diff_ids: [layer.digest] } });
    await mkdir(at(name, "blobs/sha256"), { recursive: true });
    const add = async (content: string | Uint8Array, type: string) => {
      await writeFile(at(name, "blobs/sha256", sha256(content)), content);
      return { mediaType: OCI + type, digest: `sha256:${sha256(content)}`, size: Buffer.byteLength(content) };
    };
    await add(Buffer.from(data, "base64"), "layer");
    await add(image.config, "config.v1+json");
    const manifest = {
      schemaVersion: 2,
      mediaType: `${OCI}manifest.v1+json`,
      config: await add(config, "config.v1+json"),
      layers: [layer],
    };
    const kinds = { image: image.bytes, atts: JSON.stringify(manifest) };
    const manifests = [];
    for (const [kind, content] of Object.entries(kinds)) {
      const annotations = { kind: `dev.cosignproject.cosign/${kind}` };
      manifests.push({ ...(await add(content, "manifest.v1+json")), annotations });
    }
    const index = { schemaVersion: 2, mediaType: `${OCI}index.v1+json`, manifests };
    await writeFile(at(name, "index.json"), JSON.stringify(index));
    await writeFile(at(name, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  }
});

const OCI = "application/vnd.oci.image.";
