// Makes what is measured, once: the folder is kept under .cache, and a file that is there with its size is taken as it is.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

const MIB = 2 ** 20;

/** @returns the folder with everything in it: one.bin, pair/, many/, hundred/, sparse-*.bin. */
export function makeInputs(folder, largeBytes) {
  mkdirSync(join(folder, "pair"), { recursive: true });
  writeRandom(join(folder, "one.bin"), largeBytes);
  writeRandom(join(folder, "pair", "a.bin"), largeBytes);
  writeRandom(join(folder, "pair", "b.bin"), largeBytes);
  writeMany(join(folder, "many"), 20_000, 4_096);
  writeMany(join(folder, "hundred"), 100_000, 16);
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
