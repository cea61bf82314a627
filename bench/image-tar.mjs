// Makes an OCI layout in one tar: an image for two platforms, with two layers of random bytes each, and what a build
// wrote about it.
import { createHash, randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const BLOCK_BYTES = 4 * 2 ** 20;
/** More than headers, manifests and what else is not a layer need. Unit: bytes. */
const MOST_OVERHEAD = 64 * 1024;
const OCI = "application/vnd.oci.image";

/** Writes `image.tar`, whose layers have `layersBytes` together, and `metadata.json`; nothing when they are there. */
export function makeImageTar(folder, layersBytes) {
  const path = join(folder, "image.tar");
  const metadata = join(folder, "metadata.json");
  if (existsSync(metadata) && Math.abs(statSync(path).size - layersBytes) < MOST_OVERHEAD) return;
  rmSync(metadata, { force: true });
  mkdirSync(folder, { recursive: true });
  const tar = openSync(path, "w");
  const random = randomBytes(BLOCK_BYTES);
  const manifests = ["amd64", "arm64"].map((architecture, platform) => {
    const layers = [0, 1].map((layer) => writeLayer(tar, random, 2 * platform + layer, layersBytes / 4));
    const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
    const config = writeJson(tar, `${OCI}.config.v1+json`, { architecture, os: "linux", rootfs });
    const type = `${OCI}.manifest.v1+json`;
    const manifest = writeJson(tar, type, { schemaVersion: 2, mediaType: type, config, layers });
    return { ...manifest, platform: { architecture, os: "linux" } };
  });
  const type = `${OCI}.index.v1+json`;
  const index = writeJson(tar, type, { schemaVersion: 2, mediaType: type, manifests });
  writeFileEntry(tar, "index.json", JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [index] }));
  writeFileEntry(tar, "oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeSync(tar, Buffer.alloc(1024)); // two empty records end a tar
  closeSync(tar);
  // Last: its presence says that the tar is whole.
  const written = { "containerimage.digest": index.digest, "image.name": "registry.example/app:1.0.0" };
  writeFileSync(metadata, JSON.stringify({ ...written, "containerimage.descriptor": index }));
}

/** A descriptor of what was written. */
function writeJson(tar, mediaType, value) {
  const text = JSON.stringify(value);
  const hex = createHash("sha256").update(text).digest("hex");
  writeFileEntry(tar, `blobs/sha256/${hex}`, text);
  return { mediaType, digest: `sha256:${hex}`, size: text.length };
}

function writeLayer(tar, random, layer, size) {
  const hash = createHash("sha256");
  for (const block of blocks(random, layer, size)) hash.update(block);
  const hex = hash.digest("hex");
  writeSync(tar, header(`blobs/sha256/${hex}`, size));
  for (const block of blocks(random, layer, size)) writeSync(tar, block);
  return { mediaType: `${OCI}.layer.v1.tar`, digest: `sha256:${hex}`, size };
}

/** The same random bytes with another start each time, so that no two are equal. */
function* blocks(random, layer, size) {
  for (let written = 0; written < size; written += BLOCK_BYTES) {
    random.writeBigUInt64LE(BigInt(written), 0);
    random.writeUInt32LE(layer, 8);
    yield random.subarray(0, Math.min(BLOCK_BYTES, size - written));
  }
}

function writeFileEntry(tar, name, text) {
  writeSync(tar, header(name, text.length));
  writeSync(tar, Buffer.alloc(Math.ceil(text.length / 512) * 512).fill(text, 0, text.length));
}

/** A header as in POSIX.1-1988 (ustar); sizes are multiples of 512 where no padding follows. */
function header(name, size) {
  const record = Buffer.alloc(512);
  record.write(name, 0);
  record.write("0000644\0", 100);
  record.write("0000000\0", 108);
  record.write("0000000\0", 116);
  record.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  record.write("00000000000\0", 136);
  record.write("        0", 148); // the checksum counts as spaces
  record.write("ustar\x0000", 257);
  const sum = record.reduce((all, byte) => all + byte, 0);
  record.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return record;
}
