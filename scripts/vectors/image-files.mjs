// An image layout and a tree, as files: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
import { createHash } from "node:crypto";

const OCI = "application/vnd.oci.image";
const MANIFEST = `${OCI}.manifest.v1+json`;
const INDEX = `${OCI}.index.v1+json`;

/** An image of one layer for one platform. */
export function manifest(layer, architecture) {
  const config = blob(`${OCI}.config.v1+json`, { architecture, os: "linux", rootfs: { type: "layers", diff_ids: [] } });
  const layers = [blob(`${OCI}.layer.v1.tar`, layer)];
  const document = { schemaVersion: 2, mediaType: MANIFEST, config: config.descriptor, layers: pointers(layers) };
  return { ...blob(MANIFEST, document), platform: { architecture, os: "linux" }, blobs: [config, ...layers] };
}

/** A manifest that holds bundles. */
export function evidenceManifest(...bundles) {
  const config = blob("application/vnd.oci.empty.v1+json", "{}");
  const layers = bundles.map((text) => blob("application/vnd.dev.sigstore.bundle.v0.3+json", text));
  const document = { schemaVersion: 2, mediaType: MANIFEST, config: config.descriptor, layers: pointers(layers) };
  return { ...blob(MANIFEST, document), blobs: [config, ...layers] };
}

export function index(...manifests) {
  const pointing = manifests.map(({ descriptor, platform }) => ({ ...descriptor, platform }));
  return { ...blob(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: pointing }), blobs: manifests.flatMap(all) };
}

/**
 * @param annotations - of the entries, in their order.
 * @returns name → content.
 */
export function layout(folder, entries, annotations = []) {
  const listed = entries.map(({ descriptor }, at) => ({ ...descriptor, annotations: annotations[at] ?? {} }));
  return {
    [`${folder}/oci-layout`]: '{"imageLayoutVersion":"1.0.0"}\n',
    [`${folder}/index.json`]: `${JSON.stringify({ schemaVersion: 2, manifests: listed })}\n`,
    ...Object.fromEntries(entries.flatMap(all).map((one) => [blobFile(folder, one), one.content])),
  };
}

export function blobFile(folder, { hex }) {
  return `${folder}/blobs/sha256/${hex}`;
}

/** The SHA-256 over the NAR of a folder of plain files: https://nix.dev/manual/nix/latest/protocols/nix-archive */
export function narSha256(files) {
  const hash = createHash("sha256");
  const put = (...texts) => {
    for (const text of texts) {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(bytes.length));
      hash
        .update(length)
        .update(bytes)
        .update(Buffer.alloc((8 - (bytes.length % 8)) % 8));
    }
  };
  put("nix-archive-1");
  folderNode(files, put);
  return hash.digest("hex");
}

function folderNode(files, put) {
  put("(", "type", "directory");
  for (const [name, node] of Object.entries(files).sort(([left], [right]) =>
    Buffer.compare(Buffer.from(left), Buffer.from(right)),
  )) {
    put("entry", "(", "name", name, "node");
    if (typeof node === "string") put("(", "type", "regular", "contents", node, ")");
    else folderNode(node, put);
    put(")");
  }
  put(")");
}

function blob(mediaType, value) {
  const content = typeof value === "string" ? value : JSON.stringify(value);
  const hex = createHash("sha256").update(content).digest("hex");
  return { content, hex, descriptor: { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(content) } };
}

function all(one) {
  return [one, ...one.blobs.flatMap((inner) => (inner.blobs === undefined ? [inner] : all(inner)))];
}

function pointers(blobs) {
  return blobs.map(({ descriptor }) => descriptor);
}
