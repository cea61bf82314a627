import { TouchmarkError } from "@touchmark/core";
import { aborted, throwIfAborted } from "./file-error.ts";

/** What a process gets piped in: `process.stdin` is one. */
export type InputStream = AsyncIterable<Uint8Array | string> & { destroy(): unknown };

export interface Stdin {
  /**
   * All of it.
   *
   * @param max - bytes; more is `INPUT_TOO_LARGE`.
   * @throws TouchmarkError `INPUT_MISSING`, `USAGE` the second time, `FILE_UNREADABLE`, `ABORTED`.
   */
  read(max: number): Promise<Uint8Array>;
}

/** @param open - called at the first read: a process that never reads its input need not open it. */
export function createStdin(open: () => InputStream | null, signal: AbortSignal): Stdin {
  let asked = false;
  return {
    read: async (max) => {
      throwIfAborted(signal);
      if (asked) {
        throw new TouchmarkError("USAGE", "standard input is asked for twice, and can be read once", {
          expected: "one `-`",
          actual: "two",
        });
      }
      asked = true;
      const stream = open();
      if (stream === null) {
        throw new TouchmarkError("INPUT_MISSING", "standard input is not there", {
          expected: "something piped in, such as `… | touchmark collect --from buildx:-`",
          actual: "a terminal, or nothing",
        });
      }
      return readAll(stream, max, signal);
    },
  };
}

async function readAll(stream: InputStream, max: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Whoever writes may never end: an interruption ends the waiting.
  const stop = () => stream.destroy();
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of stream) {
      throwIfAborted(signal);
      length += Buffer.byteLength(chunk);
      if (length > max) {
        throw new TouchmarkError("INPUT_TOO_LARGE", "standard input is too large to read", {
          expected: `at most ${max} bytes`,
          actual: "more",
        });
      }
      chunks.push(Buffer.from(chunk));
    }
  } catch (error) {
    if (signal.aborted) throw aborted();
    if (error instanceof TouchmarkError) throw error;
    throw new TouchmarkError("FILE_UNREADABLE", "standard input cannot be read", {
      expected: "input that ends",
      actual: (error as NodeJS.ErrnoException).code ?? "an error of the system",
      cause: error,
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
  throwIfAborted(signal);
  return Buffer.concat(chunks);
}
