import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Fetcher, Host } from "@touchmark/plugin";
import { ociFetcher } from "@touchmark/store-oci";
import { startTestRegistry, type TestRegistry, type TestRegistryOptions, withTestHost } from "@touchmark/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import {
  attach,
  type Blob,
  blob,
  envelopeLayer,
  evidenceManifest,
  imageSubject,
  index,
  manifest,
  OCI_MANIFEST,
  push,
  REPOSITORY,
} from "../test/image-cases.ts";
import { testPolicy } from "../test/test-policy.ts";
import { type CheckOptions, check } from "./check.ts";
import { describeEvidence } from "./describe-evidence.ts";
import { exitStatusOf } from "./report.ts";
import { CheckReportSchema } from "./report-schema.ts";

const key = testKey("ed25519", "touchmark.pub");
const stranger = testKey("P-256", "stranger.pub");
const bundleOf = (subjects: readonly object[], signer = key) =>
  signedBytes(signer, statementBytes({ subject: subjects }));

const AMD64 = manifest("amd64's layer", "amd64");
const ARM64 = manifest("arm64's layer", "arm64");
const IMAGE = index(AMD64, ARM64);
const EVIL = index(manifest("evil", "amd64"));

let base = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-images-"));
});
afterAll(() => rm(base, { recursive: true }));

const started: TestRegistry[] = [];
afterEach(async () => {
  for (const registry of started.splice(0)) await registry.close();
});

async function start(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const registry = await startTestRegistry(options);
  started.push(registry);
  return registry;
}

/** Retries without pauses: what is tried is the same. */
const quick = (host: Host): Host => ({ ...host, wait: (ms) => host.wait(Math.min(ms, 2)) });

function inWorkspace<T>(
  run: (host: Host) => Promise<T>,
  granted: readonly string[] = started.map(({ host }) => host),
): Promise<T> {
  return withTestHost(base, (host) => run(quick(host)), { network: { kind: "registries", hosts: granted } });
}

async function checked(targets: readonly string[], options: Partial<CheckOptions> = {}, granted?: readonly string[]) {
  const strict = { bundles: null, complete: false, anyName: false, recursive: false, ignore: [] };
  const all = { targets, trust: [key.trust], fetchers: [ociFetcher()], ...strict, ...options };
  const report = await inWorkspace((host) => check(all, host), granted);
  expect(CheckReportSchema.parse(report)).toEqual(report);
  return report;
}

/** A file beside which nothing else is. */
async function written(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(await mkdtemp(join(base, "w-")), name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path.slice(base.length + 1);
}

/** A registry that holds the image, and perhaps evidence about the index. */
async function published(options: TestRegistryOptions & { readonly evidence?: boolean } = {}) {
  const registry = await start(options);
  push(registry, IMAGE, "1");
  const name = `${registry.host}/${REPOSITORY}`;
  const target = (image: Blob = IMAGE) => `oci://${name}@${image.digest}`;
  const subjects = [imageSubject(name, IMAGE)];
  if (options.evidence !== false) attach(registry, IMAGE, bundleOf(subjects));
  return { registry, name, target, subjects };
}

describe("an image in a registry", () => {
  it("is verified by what refers to it", async () => {
    const { name, target } = await published();
    const report = await checked([target()]);
    expect(report).toMatchObject({
      result: "verified",
      artifacts: [
        { name: `${name}@${IMAGE.digest}`, target: target(), digest: IMAGE.digest, platform: null, status: "verified" },
      ],
      findings: [],
    });
    expect(report.artifacts[0]?.statements[0]?.bundle).toMatch(new RegExp(`^${name}@${IMAGE.digest} referrer sha256:`));
  });

  it.each(["referrers tag", ".att tag"])("is verified by the %s", async (place) => {
    const { registry, target, subjects } = await published({ referrers: false, evidence: false });
    const tag = IMAGE.digest.replace(":", "-");
    if (place === ".att tag") {
      push(registry, evidenceManifest([envelopeLayer(bundleOf(subjects))]), `${tag}.att`);
    } else {
      const digest = attach(registry, IMAGE, bundleOf(subjects));
      const { bytes = new Uint8Array() } = registry.repository(REPOSITORY).manifests.get(digest) ?? {};
      push(
        registry,
        index({ ...evidenceManifest([]), mediaType: OCI_MANIFEST, digest, size: bytes.byteLength, bytes }),
        tag,
      );
    }
    expect(await checked([target()])).toMatchObject({ result: "verified" });
  });

  it("is named without oci:// too, and with a tag that counts for nothing", async () => {
    const { name } = await published();
    for (const target of [`${name}@${IMAGE.digest}`, `${name}:other@${IMAGE.digest}`]) {
      expect(await checked([target])).toMatchObject({ result: "verified", artifacts: [{ target }] });
    }
  });

  it("may be named by its sha512, whatever digest is stated", async () => {
    const { registry, name, subjects } = await published();
    const digest = `sha512:${createHash("sha512").update(IMAGE.bytes).digest("hex")}`;
    registry.repository(REPOSITORY).manifests.set(digest, { bytes: IMAGE.bytes, mediaType: IMAGE.mediaType });
    const bundles = [await written("e.json", bundleOf(subjects))];
    expect(await checked([`oci://${name}@${digest}`], { bundles })).toMatchObject({
      result: "verified",
      artifacts: [{ name: `${name}@${digest}`, digest }],
    });
  });

  it("needs evidence, and its own", async () => {
    const { target } = await published({ evidence: false });
    expect(await checked([target()])).toMatchObject({
      result: "failed",
      artifacts: [{ status: "not-covered", findings: [{ code: "NOT_COVERED" }] }],
      findings: [{ code: "NOT_COVERED", message: expect.stringContaining("no evidence") }],
    });
  });

  it("is verified by named evidence, and then nothing else is asked for", async () => {
    const { registry, target, subjects } = await published();
    const bundles = [await written("e.json", bundleOf(subjects))];
    expect(await checked([target()], { bundles })).toMatchObject({ result: "verified" });
    expect(registry.requests.map(({ path }) => path)).toEqual([`/v2/${REPOSITORY}/manifests/${IMAGE.digest}`]);
    const other = [await written("e.json", bundleOf([imageSubject("ghcr.io/x/y", EVIL)]))];
    expect(await checked([target()], { bundles: other })).toMatchObject({ artifacts: [{ status: "not-covered" }] });
  });

  it("is not what a file of its name is", async () => {
    const { name } = await published();
    const target = `${name}@${IMAGE.digest}`;
    await mkdir(join(base, dirname(target)), { recursive: true });
    await writeFile(join(base, target), IMAGE.bytes);
    await expect(checked([target])).rejects.toMatchObject({ code: "INPUT_INVALID", exitStatus: 2 });
    expect(await checked([`oci://${target}`])).toMatchObject({ result: "verified" });
    expect(await checked([`./${target}`])).toMatchObject({ result: "failed", artifacts: [{ status: "not-covered" }] });
  });

  it("cannot be ignored", async () => {
    const { target } = await published({ evidence: false });
    expect(await checked([target()], { ignore: ["*", "**"] })).toMatchObject({ result: "failed" });
  });
});

describe("a tag", () => {
  it.each([
    ["1", "1", IMAGE.digest],
    [null, "latest", null],
    ["gone", "gone", null],
  ])("%s is refused, with what it points to", async (tag, said, digest) => {
    const { name } = await published();
    const target = `oci://${name}${tag === null ? "" : `:${tag}`}`;
    await expect(checked([target])).rejects.toMatchObject({
      code: "TAG_UNPINNED",
      exitStatus: 2,
      expected: `touchmark verify oci://${name}@${digest ?? "sha256:DIGEST"}`,
      actual: expect.stringContaining(digest === null ? `${said}; there is no such tag` : digest),
    });
  });

  it("is refused also where the registry cannot be asked", async () => {
    const { registry, name } = await published();
    registry.fail({ path: /manifests/, times: 100, fault: { kind: "answer", status: 403 } });
    await expect(checked([`oci://${name}:1`])).rejects.toMatchObject({
      code: "TAG_UNPINNED",
      actual: expect.stringContaining("REGISTRY_DENIED"),
    });
  });
});

describe("platforms that a policy asks for", () => {
  const wanting = (...platforms: readonly string[]) => ({ policy: testPolicy({ platforms }) });
  const covered = async (...images: readonly Blob[]) => {
    const { registry, name, target } = await published({ evidence: false });
    attach(registry, IMAGE, bundleOf([IMAGE, ...images].map((one) => imageSubject(name, one))));
    return { name, target };
  };

  it("are judged by themselves, and no others", async () => {
    const { name, target } = await covered(ARM64);
    expect(await checked([target()], wanting("linux/arm64/v8"))).toMatchObject({
      result: "verified",
      artifacts: [{ platform: null }, { name: `${name}@${ARM64.digest}`, platform: "linux/arm64", status: "verified" }],
    });
    expect(await checked([target()], wanting("linux/amd64"))).toMatchObject({
      result: "failed",
      artifacts: [{ status: "verified" }, { name: `${name}@${AMD64.digest}`, status: "not-covered" }],
    });
  });

  it("fail where the image has none of them", async () => {
    const { name, target } = await covered(ARM64, AMD64);
    const { artifacts } = await checked([target()], { ...wanting("linux/s390x"), recursive: true });
    expect(artifacts.map(({ status }) => status)).toEqual(["verified", "verified", "verified", "policy"]);
    expect(artifacts.at(-1)).toMatchObject({
      name: `${name}@${IMAGE.digest} (linux/s390x)`,
      findings: [{ code: "PLATFORM_MISSING", expected: "linux/s390x", actual: "linux/amd64, linux/arm64" }],
    });
    expect(await checked([target(ARM64)], wanting("linux/arm64"))).toMatchObject({
      artifacts: [{ digest: ARM64.digest }, { findings: [{ code: "PLATFORM_MISSING", actual: "no platforms" }] }],
    });
  });
});

describe("recursive", () => {
  it("judges each platform by itself", async () => {
    const { registry, name, target } = await published();
    expect(await checked([target()], { recursive: true })).toMatchObject({
      result: "failed",
      artifacts: [
        { name: `${name}@${IMAGE.digest}`, status: "verified", platform: null },
        { name: `${name}@${AMD64.digest}`, status: "not-covered", platform: "linux/amd64", target: target() },
        { name: `${name}@${ARM64.digest}`, status: "not-covered", platform: "linux/arm64" },
      ],
    });
    const platforms = [imageSubject(name, AMD64, "linux/amd64"), imageSubject(name, ARM64, "linux/arm64")];
    attach(registry, AMD64, bundleOf(platforms));
    const report = await checked([target()], { recursive: true, complete: true });
    expect(report).toMatchObject({ result: "verified", counts: { verified: 3 }, absent: { count: 0 } });
    // What is attached to one platform counts for the other: a statement holds wherever it was found.
    expect(await checked([target(ARM64)])).toMatchObject({ artifacts: [{ status: "not-covered" }] });
  });

  it("does not take one platform for another", async () => {
    const { registry, name, target } = await published();
    attach(registry, AMD64, bundleOf([imageSubject(name, AMD64, "linux/arm64")]));
    const report = await checked([target()], { recursive: true });
    expect(report.artifacts[1]).toMatchObject({ status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] });
  });

  it("asks for all subjects with --complete", async () => {
    const { registry, name, target } = await published({ evidence: false });
    const all = [imageSubject(name, IMAGE), imageSubject(name, AMD64, "linux/amd64"), imageSubject(name, ARM64)];
    attach(registry, IMAGE, bundleOf(all));
    expect(await checked([target()], { complete: true })).toMatchObject({
      result: "failed",
      absent: { count: 2 },
      findings: [{ code: "SUBJECT_ABSENT", expected: `${name}@${ARM64.digest}` }, { code: "SUBJECT_ABSENT" }],
    });
    expect(await checked([target()], { complete: true, recursive: true })).toMatchObject({ result: "verified" });
  });

  it("says nothing of an image that has no platforms of its own", async () => {
    const { registry, name, target } = await published();
    attach(registry, AMD64, bundleOf([imageSubject(name, AMD64)]));
    expect(await checked([target(AMD64)], { recursive: true })).toMatchObject({
      result: "verified",
      artifacts: [{ platform: null }],
    });
  });

  it("fails where a platform is missing, or another one than the index says", async () => {
    const { registry, target } = await published();
    const { manifests } = registry.repository(REPOSITORY);
    manifests.set(AMD64.digest, { bytes: ARM64.bytes, mediaType: OCI_MANIFEST });
    expect(await checked([target()], { recursive: true })).toMatchObject({
      artifacts: [{ status: "tampered", findings: [{ code: "DIGEST_MISMATCH" }] }],
    });
    manifests.delete(AMD64.digest);
    expect(await checked([target()], { recursive: true })).toMatchObject({
      artifacts: [{ status: "not-covered", findings: [{ code: "IMAGE_MISSING" }] }],
    });
    expect(await checked([target()])).toMatchObject({ result: "verified" });
  });
});

describe("a registry that was taken over (A42)", () => {
  it("has another image under the tag: the digest decides", async () => {
    const { registry, name, target } = await published();
    push(registry, EVIL, "1");
    expect(await checked([target()])).toMatchObject({ result: "verified" });
    await expect(checked([`oci://${name}:1`])).rejects.toMatchObject({
      code: "TAG_UNPINNED",
      actual: expect.stringContaining(EVIL.digest),
    });
    expect(await checked([target(EVIL)])).toMatchObject({ artifacts: [{ findings: [{ code: "NOT_COVERED" }] }] });
  });

  it("has another's signature attached", async () => {
    const { registry, target, subjects } = await published({ evidence: false });
    attach(registry, IMAGE, bundleOf(subjects, stranger));
    expect(await checked([target()])).toMatchObject({
      result: "failed",
      artifacts: [{ status: "untrusted", findings: [{ code: "SIGNER_UNTRUSTED" }] }],
      findings: [{ code: "SIGNER_UNTRUSTED" }],
    });
  });

  it("has the evidence of another image attached", async () => {
    const { registry, name, target } = await published({ evidence: false });
    attach(registry, IMAGE, bundleOf([imageSubject(name, EVIL)]));
    expect(await checked([target()])).toMatchObject({
      artifacts: [{ status: "not-covered", findings: [{ code: "NOT_COVERED", expected: EVIL.digest }] }],
    });
  });

  it("has the image of another repository", async () => {
    const { registry, target } = await published({ evidence: false });
    attach(registry, IMAGE, bundleOf([imageSubject(`${registry.host}/octo/debug`, IMAGE)]));
    expect(await checked([target()])).toMatchObject({
      artifacts: [{ status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] }],
    });
    expect(await checked([target()], { anyName: true })).toMatchObject({ result: "verified" });
  });

  it("has lost the referrers", async () => {
    const { registry, target } = await published();
    const { manifests } = registry.repository(REPOSITORY);
    for (const [digest, { bytes }] of manifests) {
      if (new TextDecoder().decode(bytes).includes(`"subject"`)) manifests.delete(digest);
    }
    expect(await checked([target()])).toMatchObject({ artifacts: [{ status: "not-covered" }] });
  });

  it("hides the referrers", async () => {
    const { registry, target } = await published();
    const none = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}`;
    registry.fail({ path: /referrers/, times: 9, fault: { kind: "answer", status: 200, body: none } });
    expect(await checked([target()])).toMatchObject({
      result: "failed",
      artifacts: [{ status: "not-covered", findings: [{ code: "NOT_COVERED" }] }],
    });
  });

  it("drowns the referrers in 1,001 others", async () => {
    const { registry, target } = await published({ referrersPage: 1_000 });
    const config = { mediaType: "application/vnd.oci.empty.v1+json", digest: AMD64.digest, size: 2 };
    for (let at = 0; at < 1_001; at += 1) {
      const { digest, size, mediaType } = IMAGE;
      const members = {
        artifactType: "x/y",
        config,
        layers: [],
        subject: { mediaType, digest, size },
        annotations: { at: `${at}` },
      };
      const { bytes } = blob(OCI_MANIFEST, JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, ...members }));
      registry.addManifest(REPOSITORY, bytes, { mediaType: OCI_MANIFEST });
    }
    const report = await checked([target()]);
    expect(report).toMatchObject({
      result: "failed",
      artifacts: [{ status: "not-covered", findings: [{ code: "NOT_COVERED" }, { code: "LIMIT_EXCEEDED" }] }],
    });
    expect(exitStatusOf(report)).toBe(1);
  });

  it("serves another manifest for the digest", async () => {
    const { registry, target } = await published();
    registry.repository(REPOSITORY).manifests.set(IMAGE.digest, { bytes: EVIL.bytes, mediaType: EVIL.mediaType });
    expect(await checked([target()])).toMatchObject({
      result: "failed",
      artifacts: [
        { status: "tampered", digest: IMAGE.digest, findings: [{ code: "DIGEST_MISMATCH", actual: EVIL.digest }] },
      ],
    });
  });

  it("has the image no more", async () => {
    const { registry, target } = await published();
    registry.repository(REPOSITORY).manifests.delete(IMAGE.digest);
    expect(await checked([target()])).toMatchObject({
      result: "failed",
      artifacts: [{ status: "not-covered", findings: [{ code: "IMAGE_MISSING" }] }],
    });
  });
});

describe("a registry that cannot be asked", () => {
  it.each([
    ["answers 503", { kind: "answer", status: 503 }, "REGISTRY_UNAVAILABLE"],
    ["answers 403", { kind: "answer", status: 403 }, "REGISTRY_DENIED"],
    ["hangs up", { kind: "hang-up" }, "NETWORK_UNAVAILABLE"],
    ["answers nonsense", { kind: "answer", status: 418 }, "REGISTRY_INVALID"],
  ] as const)("leaves the verdict open when it %s", async (_what, fault, code) => {
    const { registry, target, subjects } = await published();
    const bundles = [await written("e.json", bundleOf(subjects))];
    registry.fail({ path: /manifests/, times: 1_000, fault });
    for (const options of [{}, { bundles }, { bundles, complete: true }]) {
      const report = await checked([target()], options);
      expect(report).toMatchObject({ result: "unknown", artifacts: [{ status: "unknown", findings: [{ code }] }] });
      expect(exitStatusOf(report)).toBe(3);
    }
  });

  it("leaves it open too where only the evidence is out of reach", async () => {
    const { registry, target, subjects } = await published();
    registry.fail({ path: /referrers/, times: 1_000, fault: { kind: "answer", status: 500 } });
    expect(await checked([target()])).toMatchObject({
      result: "unknown",
      artifacts: [{ status: "unknown", findings: [{ code: "NOT_COVERED" }, { code: "REGISTRY_UNAVAILABLE" }] }],
    });
    // Another file that fails makes the whole fail.
    const file = await written("tool", "a");
    expect(await checked([target(), file])).toMatchObject({ result: "failed", counts: { unknown: 1, notCovered: 1 } });
    const bundles = [await written("e.json", bundleOf(subjects))];
    expect(await checked([target()], { bundles })).toMatchObject({ result: "verified" });
  });

  it("is not asked by somebody to whom it was not permitted", async () => {
    const { registry, target } = await published();
    expect(await checked([target()], {}, [])).toMatchObject({
      result: "unknown",
      artifacts: [{ status: "unknown", findings: [{ code: "NETWORK_REFUSED" }] }],
    });
    expect(registry.requests).toEqual([]);
  });
});

describe("places that are asked for evidence", () => {
  const fetcher = (fetch: Fetcher["fetch"]): Fetcher => ({ name: "test", fetch });

  it("are not asked about anything but images in registries", async () => {
    const file = await written("tool", "a");
    const never = fetcher(() => {
      throw new Error("asked");
    });
    const report = await checked([file, dirname(file), `sha256:${"a".repeat(64)}`], { fetchers: [never] }, []);
    expect(report.result).toBe("failed");
  });

  it("are believed up to where they fail, and what failed is said", async () => {
    const { name, target, subjects, registry } = await published({ evidence: false });
    registry.fail({ path: /referrers/, times: 1_000, fault: { kind: "answer", status: 500 } });
    const good = fetcher(async function* () {
      yield { name: "good", bytes: bundleOf(subjects) };
    });
    expect(await checked([target()], { fetchers: [good, ociFetcher()] })).toMatchObject({
      result: "verified",
      artifacts: [{ name: `${name}@${IMAGE.digest}`, statements: [{ bundle: "good" }], findings: [] }],
      findings: [{ code: "REGISTRY_UNAVAILABLE" }],
    });
  });

  it("may give what is no bundle", async () => {
    const { target, subjects } = await published({ evidence: false });
    const mixed = fetcher(async function* () {
      yield { name: "bad", bytes: new Uint8Array([1]) };
      yield { name: "good", bytes: bundleOf(subjects) };
    });
    expect(await checked([target()], { fetchers: [mixed] })).toMatchObject({
      result: "verified",
      findings: [{ code: "BUNDLE_MALFORMED", message: expect.stringContaining("bad") }],
    });
  });

  it("end the work where the program itself is at fault", async () => {
    const { target } = await published();
    const broken = fetcher(() => {
      throw new RangeError("a bug");
    });
    await expect(checked([target()], { fetchers: [broken] })).rejects.toThrow(RangeError);
  });
});

describe("describeEvidence", () => {
  it("asks the registry too, and does without it where it does not answer", async () => {
    const { registry, target, subjects } = await published({ evidence: false });
    attach(registry, IMAGE, bundleOf(subjects, stranger));
    const ask = () =>
      inWorkspace((host) => describeEvidence({ targets: [target()], bundles: null, fetchers: [ociFetcher()] }, host));
    expect(await ask()).toMatchObject([{ unverified: true, subjects: 1, name: expect.stringContaining("referrer") }]);
    registry.fail({ path: /referrers/, times: 1_000, fault: { kind: "answer", status: 500 } });
    expect(await ask()).toEqual([]);
  });
});
