import { type Code, isTouchmarkError } from "../packages/core/src/index.ts";
import { leastCpuMs } from "../packages/testkit/src/cpu-time.ts";

/** Something that reads what nobody vouches for. */
export interface Parser {
  /** Unique; also the name of a file. */
  readonly name: string;
  /** What it accepts: where the mutations start. At least one. */
  readonly sound: readonly Uint8Array[];
  /** Everything that it may refuse with. */
  readonly codes: readonly Code[];
  /** Reads; a promise is waited for. */
  read(input: Uint8Array): unknown;
}

/**
 * What reading one input may cost. Whoever publishes evidence chooses its bytes: above this, some kilobytes of them would
 * stop a verifier. Unit: milliseconds of processor time.
 */
export const MAX_CPU_MS = 100;

export interface Reading {
  /** Null: accepted. */
  readonly code: Code | null;
  readonly cpuMs: number;
}

/** A parser that does not keep to its contract. */
class Defect extends Error {
  override readonly name = "Defect";
}

/**
 * Reads an input and holds the parser to what all of them promise.
 *
 * @throws Defect for an error that is not typed or not one of the parser's, and for an input that takes too long each time.
 */
export async function readWithin(parser: Parser, input: Uint8Array): Promise<Reading> {
  let code: Code | null = null;
  const cpuMs = await leastCpuMs(MAX_CPU_MS, async () => {
    code = await codeOf(parser, Uint8Array.from(input));
  });
  if (Object.keys(Object.prototype).length > 0) throw new Defect(`${parser.name} changed Object.prototype`);
  if (cpuMs < MAX_CPU_MS) return { code, cpuMs };
  throw new Defect(
    `${parser.name} took ${cpuMs.toFixed(0)} ms of processor time for ${input.byteLength} bytes, expected below ${MAX_CPU_MS}`,
  );
}

async function codeOf(parser: Parser, input: Uint8Array): Promise<Code | null> {
  try {
    await parser.read(input);
    return null;
  } catch (error) {
    if (!isTouchmarkError(error)) throw new Defect(`${parser.name} threw ${String(error)}`, { cause: error });
    if (parser.codes.includes(error.code)) return error.code;
    throw new Defect(
      `${parser.name} refused with ${error.code}, expected ${parser.codes.join(", ")}: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}
