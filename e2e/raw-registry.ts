import { createHash } from "node:crypto";

/** What stands in a manifest about a blob or another manifest. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

interface Manifest {
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly layers: readonly Descriptor[];
}

/** A repository as whoever may write to it sees it: no client's checks are in the way. */
export interface RawRepository {
  /** `127.0.0.1:PORT/octo/app`. */
  readonly name: string;
  readonly putBlob: (content: string | Uint8Array, mediaType: string) => Promise<Descriptor>;
  /** Under its digest, and under `tag` where one is given. */
  readonly putManifest: (manifest: object, tag?: string) => Promise<Descriptor>;
  /** By a digest or tag. */
  readonly manifest: (reference: string) => Promise<Manifest>;
  /** What refers to a digest, by the API or by what stands under the tag. */
  readonly referrers: (digest: string) => Promise<readonly Descriptor[]>;
  readonly remove: (reference: string) => Promise<void>;
}

export const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const EMPTY = "application/vnd.oci.empty.v1+json";

/** @param host - `127.0.0.1:PORT`, plain HTTP, that lets everybody write. */
function rawRepository(host: string, path: string): RawRepository {
  const url = (what: string) => `http://${host}/v2/${path}/${what}`;
  const send = async (method: string, what: string, headers: Record<string, string>, body: Uint8Array | null) => {
    const answer = await fetch(what, { method, headers, ...(body === null ? {} : { body: new Uint8Array(body) }) });
    if (answer.ok) return answer;
    throw new Error(`${method} ${what}: ${answer.status} ${await answer.text()}`);
  };
  const read = async (what: string): Promise<Manifest> =>
    (await send("GET", url(what), { accept: `${OCI_INDEX}, ${OCI_MANIFEST}` }, null)).json() as Promise<Manifest>;
  return {
    name: `${host}/${path}`,
    putBlob: async (content, mediaType) => {
      const descriptor = descriptorOf(bytesOf(content), mediaType);
      const { headers } = await send("POST", url("blobs/uploads/"), {}, null);
      const place = new URL(headers.get("location") ?? "", `http://${host}`);
      place.searchParams.set("digest", descriptor.digest);
      await send("PUT", place.href, { "content-type": "application/octet-stream" }, bytesOf(content));
      return descriptor;
    },
    putManifest: async (manifest, tag) => {
      const bytes = bytesOf(JSON.stringify(manifest));
      const mediaType = "manifests" in manifest ? OCI_INDEX : OCI_MANIFEST;
      const descriptor = descriptorOf(bytes, mediaType);
      await send("PUT", url(`manifests/${tag ?? descriptor.digest}`), { "content-type": mediaType }, bytes);
      return descriptor;
    },
    manifest: (reference) => read(`manifests/${reference}`),
    referrers: async (digest) => {
      const answer = await fetch(url(`referrers/${digest}`));
      const list = answer.ok ? await answer.json() : await read(`manifests/${digest.replace(":", "-")}`);
      return (list as Manifest).manifests;
    },
    remove: async (reference) => {
      await send("DELETE", url(`manifests/${reference}`), {}, null);
    },
  };
}

export function descriptorOf(bytes: Uint8Array, mediaType: string): Descriptor {
  return { mediaType, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, size: bytes.byteLength };
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? Buffer.from(content) : content;
}

/** An image for two platforms. */
export interface RawImage {
  readonly raw: RawRepository;
  /** `127.0.0.1:PORT/octo/app`. */
  readonly name: string;
  /** Of the index, then of its manifests. */
  readonly digests: readonly string[];
  readonly index: Descriptor;
  readonly manifests: readonly Descriptor[];
  /** For `verify`: of the index unless another digest is given. */
  readonly target: (digest?: string) => string;
}

/** Pushes an image whose content is the repository's name, so that no two are the same. */
export async function pushRawImage(host: string, path: string): Promise<RawImage> {
  const raw = rawRepository(host, path);
  const manifests: Descriptor[] = [];
  for (const architecture of ["amd64", "arm64"]) manifests.push(await pushRawManifest(raw, raw.name, architecture));
  const index = await raw.putManifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }, "1.0.0");
  return {
    raw,
    name: raw.name,
    digests: [index, ...manifests].map(({ digest }) => digest),
    index,
    manifests,
    target: (digest = index.digest) => `oci://${raw.name}@${digest}`,
  };
}

/** Pushes an image for one platform with one layer; with its platform, as an index has it. */
export async function pushRawManifest(
  raw: RawRepository,
  content: string,
  architecture: string,
  tag?: string,
): Promise<Descriptor> {
  const platform = { os: "linux", architecture };
  const layer = await raw.putBlob(content, "application/vnd.oci.image.layer.v1.tar");
  const rootfs = { type: "layers", diff_ids: [layer.digest] };
  const config = await raw.putBlob(JSON.stringify({ ...platform, rootfs }), "application/vnd.oci.image.config.v1+json");
  const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer] };
  return { ...(await raw.putManifest(manifest, tag)), platform };
}
