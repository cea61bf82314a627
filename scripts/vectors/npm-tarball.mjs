// An npm tarball whose bytes do not depend on the zlib of the day: gzip with stored blocks only.
import { crc32 } from "node:zlib";

/** @param manifest - the package.json, as an object. */
export function npmTarball(manifest) {
  const body = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const tar = Buffer.concat([header("package/package.json", body.length), padded(body), Buffer.alloc(1024)]);
  return gzipStored(tar);
}

/** POSIX ustar: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06 */
function header(name, size) {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("03560116604\0", 136); // 1985-10-26, as npm writes it
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function padded(body) {
  return Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** RFC 1952 around RFC 1951 section 3.2.4. */
function gzipStored(bytes) {
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  const block = Buffer.alloc(5);
  block.writeUInt8(1, 0);
  block.writeUInt16LE(bytes.length, 1);
  block.writeUInt16LE(~bytes.length & 0xffff, 3);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(bytes), 0);
  tail.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, block, bytes, tail]);
}
