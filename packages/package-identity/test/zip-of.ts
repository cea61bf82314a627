import { crc32, deflateRawSync } from "node:zlib";

/** One file of a zip; a test may lie about any of it. */
export interface ZipEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** In the entry's own header; the same as in the directory when absent. */
  readonly localName?: string;
  readonly crc?: number;
  /** What the directory says that it unpacks to. */
  readonly size?: number;
}

/** A zip as PKWARE's APPNOTE describes it, sections 4.3.7, 4.3.12 and 4.3.16. */
export function zipOf(entries: readonly ZipEntry[], counted = entries.length): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, localName = name, crc, size } of entries) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const sums = Buffer.alloc(12);
    sums.writeUInt32LE(crc ?? crc32(bytes), 0);
    sums.writeUInt32LE(packed.length, 4);
    sums.writeUInt32LE(size ?? bytes.length, 8);
    const local = Buffer.alloc(30);
    local.write("PK\u0003\u0004", 0, "latin1");
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(8, 8); // deflate
    sums.copy(local, 14);
    local.writeUInt16LE(Buffer.byteLength(localName), 26);
    const entry = Buffer.alloc(46);
    entry.write("PK\u0001\u0002", 0, "latin1");
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(8, 10);
    sums.copy(entry, 16);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(offset, 42);
    central.push(entry, Buffer.from(name));
    locals.push(local, Buffer.from(localName), packed);
    offset += local.length + Buffer.byteLength(localName) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(counted, 8);
  end.writeUInt16LE(counted, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
