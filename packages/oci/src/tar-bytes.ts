/** Chunks of any size, read in the portions in which a tar is written. */
export interface TarBytes {
  /**
   * The next block.
   *
   * @returns null at the end of the file. @throws Error when it ends inside of a block.
   */
  block(): Promise<Uint8Array | null>;
  /**
   * So many bytes and what fills up their last block.
   *
   * @param take - gets them in pieces, which are valid during the call only. @throws Error when the file ends before.
   */
  content(size: number, take: (piece: Uint8Array) => void): Promise<void>;
  /** Closes the file, also when it was not read to its end. */
  close(): Promise<void>;
}

/** POSIX.1-2017, pax, ustar interchange format. Unit: bytes. */
export const BLOCK = 512;

/** @param chunks - each may be overwritten when the next is asked for. */
export function tarBytes(chunks: AsyncIterable<Uint8Array>): TarBytes {
  const source = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();

  /** At most so many bytes; null at the end of the file. */
  async function some(most: number): Promise<Uint8Array | null> {
    while (rest.byteLength === 0) {
      const next = await source.next();
      if (next.done === true) return null;
      rest = next.value;
    }
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.byteLength);
    return piece;
  }

  async function pass(length: number, take: (piece: Uint8Array) => void): Promise<void> {
    for (let left = length; left > 0; ) {
      const piece = await some(left);
      if (piece === null) throw new Error("the file ends early");
      take(piece);
      left -= piece.byteLength;
    }
  }

  return {
    block: async () => {
      const first = await some(BLOCK);
      if (first === null) return null;
      const block = new Uint8Array(BLOCK);
      block.set(first);
      let filled = first.byteLength;
      await pass(BLOCK - filled, (piece) => {
        block.set(piece, filled);
        filled += piece.byteLength;
      });
      return block;
    },
    content: async (size, take) => {
      await pass(size, take);
      await pass((BLOCK - (size % BLOCK)) % BLOCK, () => {});
    },
    close: async () => {
      await source.return?.();
    },
  };
}
