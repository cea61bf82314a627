import { isTouchmarkError, parseBundle } from "@touchmark/core";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { bytesOf, IDENTITY, PAYLOAD, sign, trusting } from "../../test/certificate-cases.ts";
import { authenticate } from "../authenticate.ts";

const SIGNED = {
  v1: sign({ entry: "dsse-0.0.1" }),
  v2: sign(),
  intoto: sign({ entry: "intoto-0.0.2", version: "0.2" }),
};

/** Runs a reader: it may return or refuse, and nothing else. */
function typed(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
  }
}

/** Every text in a document, as the path to it. */
function texts(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => texts(member, [...path, key]));
}

function replaced(document: unknown, path: readonly (string | number)[], change: (text: string) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(document as string);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(document)
    ? [...document]
    : { ...(document as object) };
  (copy as Record<string | number, unknown>)[key] = replaced(
    (document as Record<string | number, unknown>)[key],
    rest,
    change,
  );
  return copy;
}

/** One bit of what a text encodes, one character of it, or another value. */
const change = fc.oneof(
  fc.tuple(fc.nat(), fc.nat({ max: 7 })).map(([at, bit]) => (text: string) => {
    const bytes = Buffer.from(text, "base64");
    if (bytes.length === 0) return `${text}A`;
    const index = at % bytes.length;
    bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
    return bytes.toString("base64");
  }),
  fc
    .tuple(fc.nat(), fc.constantFrom("", "A", "=", "0", "\u0000", ".", "\n", "é"))
    .map(([at, inserted]) => (text: string) => {
      const index = at % (text.length + 1);
      return text.slice(0, index) + inserted + text.slice(index + (inserted === "" ? 1 : 0));
    }),
  fc.jsonValue().map((value) => () => value),
);

vi.setConfig({ testTimeout: 30_000 });

describe("whatever is changed in a bundle", () => {
  it.each(Object.entries(SIGNED))(
    "%s: it is refused, or says the same by the same signer at the same time",
    (_, bundle) => {
      const paths = texts(bundle);
      fc.assert(
        fc.property(fc.nat({ max: paths.length - 1 }), change, (which, edit) => {
          const changed = replaced(bundle, paths[which] ?? [], edit);
          typed(() => {
            const parsed = parseBundle(bytesOf(changed));
            const result = authenticate(parsed, [trusting()]);
            if (result.kind === "refused") return;
            expect(Buffer.compare(parsed.payload, PAYLOAD)).toBe(0);
            expect(result.verified.signer).toMatchObject({ identity: IDENTITY, signedAt: "2026-01-15T12:00:00.000Z" });
          });
        }),
        { numRuns: 200 },
      );
    },
  );
});
