// Makes what is measured, once: the folder is kept under .cache, and a file that is there with its size is taken as it is.
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { makeImageTar } from "./image-tar.mjs";

const MIB = 2 ** 20;

/** @returns the folder with everything in it: one.bin, pair/, many/, thousand/, hundred/, image/, sparse-*.bin, and trees: large/, typical/. */
export function makeInputs(folder, largeBytes) {
  mkdirSync(join(folder, "pair"), { recursive: true });
  writeRandom(join(folder, "one.bin"), largeBytes);
  writeRandom(join(folder, "pair", "a.bin"), largeBytes);
  writeRandom(join(folder, "pair", "b.bin"), largeBytes);
  writeMany(join(folder, "many"), 20_000, 4_096);
  writeMany(join(folder, "thousand"), 1_000, MIB);
  writeMany(join(folder, "hundred"), 100_000, 16);
  mkdirSync(join(folder, "large", "bin"), { recursive: true });
  writeRandom(join(folder, "large", "bin", "tool"), largeBytes);
  chmodSync(join(folder, "large", "bin", "tool"), 0o755);
  writeTypical(join(folder, "typical"));
  makeImageTar(join(folder, "image"), largeBytes);
  for (const size of [16, 1024, 4096]) {
    const path = join(folder, `sparse-${size}.bin`);
    writeFileSync(path, "");
    truncateSync(path, size * MIB);
  }
  return folder;
}

function writeRandom(path, size) {
  if (existsSync(path) && statSync(path).size === size) {
    return;
  }
  const block = randomBytes(16 * MIB);
  const fd = openSync(path, "w");
  for (let written = 0; written < size; written += block.length) {
    // Another first word for each block, so that no file system stores one block many times.
    block.writeBigUInt64LE(BigInt(written), 0);
    writeSync(fd, block);
  }
  closeSync(fd);
}

function writeMany(folder, count, size) {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length === count) {
    return;
  }
  const block = randomBytes(size);
  for (let index = 0; index < count; index += 1) {
    block.writeUInt32LE(index, 0);
    writeFileSync(join(folder, `f${String(index).padStart(6, "0")}.bin`), block);
  }
}

/** A tree as a build makes it: 200 folders with 40 files each, most of them small, some executable, a link in each; 190 MiB. */
function writeTypical(folder) {
  if (existsSync(folder)) {
    return;
  }
  const block = randomBytes(MIB);
  for (let index = 0; index < 8_000; index += 1) {
    const below = join(folder, `part-${index % 200}`, index % 3 === 0 ? "lib" : "share");
    mkdirSync(below, { recursive: true });
    block.writeUInt32LE(index, 0);
    const size = index % 100 === 0 ? MIB : 2_000 + ((index * 7_919) % 24_000);
    writeFileSync(join(below, `f${index}`), block.subarray(0, size), { mode: index % 10 === 0 ? 0o755 : 0o644 });
    if (index < 200) {
      symlinkSync(`f${index}`, join(below, "link"));
    }
  }
}
