import { isTouchmarkError, type Json, parseBundle } from "@touchmark/core";
import { rootOf } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { bytesOf, IDENTITY, PAYLOAD, roots, sign, sigstore, trusting } from "../../test/certificate-cases.ts";
import { authenticate } from "../authenticate.ts";
import { parseRoots } from "../roots/parse-roots.ts";
import { Roots } from "../roots/roots.ts";
import { readLeaf } from "./leaf.ts";
import { checkLogBody } from "./log-body.ts";
import { readLogEntry } from "./log-entry.ts";
import { envelopeContent } from "./signed-content.ts";
import { readTimestamps } from "./timestamp-token.ts";

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

describe("readers refuse in one way only", () => {
  const der = Buffer.from(SIGNED.v2.verificationMaterial.certificate?.rawBytes ?? "", "base64");
  const stamp = Buffer.from(
    SIGNED.v2.verificationMaterial.timestampVerificationData?.rfc3161Timestamps[0]?.signedTimestamp ?? "",
    "base64",
  );
  /** A sound encoding with some bytes of it changed, cut or added. */
  const near = (bytes: Uint8Array) =>
    fc
      .tuple(
        fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 }),
        fc.nat({ max: bytes.length }),
        fc.boolean(),
      )
      .map(([edits, end, isCut]) => {
        const copy = Uint8Array.from(isCut ? bytes.subarray(0, end) : bytes);
        for (const [at, value] of edits) if (at < copy.length) copy[at] = value;
        return copy;
      });

  it("certificates", () => {
    fc.assert(
      fc.property(fc.oneof(near(der), fc.uint8Array({ maxLength: 300 })), (bytes) => typed(() => readLeaf(bytes))),
      { numRuns: 500 },
    );
  });

  it("timestamps", () => {
    fc.assert(
      fc.property(fc.oneof(near(stamp), fc.uint8Array({ maxLength: 300 })), (bytes) =>
        typed(() => readTimestamps([{ signedTimestamp: Buffer.from(bytes).toString("base64") }])),
      ),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => typed(() => readTimestamps([value as Json]))));
  });

  it("log entries and their bodies", () => {
    const content = envelopeContent(parseBundle(bytesOf(SIGNED.v2)));
    fc.assert(fc.property(fc.jsonValue(), (value) => typed(() => readLogEntry(value as Json, "0.3"))));
    for (const { verificationMaterial } of Object.values(SIGNED)) {
      const [entry] = verificationMaterial.tlogEntries;
      const body = Buffer.from(entry?.canonicalizedBody ?? "", "base64");
      const document = JSON.parse(body.toString());
      const paths = texts(document);
      const bodies = fc.oneof(
        near(body),
        fc
          .tuple(fc.nat({ max: paths.length - 1 }), change)
          .map(([which, edit]) => bytesOf(replaced(document, paths[which] ?? [], edit))),
      );
      fc.assert(
        fc.property(bodies, (bytes) =>
          typed(() => {
            const read = readLogEntry(
              { ...entry, canonicalizedBody: Buffer.from(bytes).toString("base64") } as unknown as Json,
              "0.3",
            );
            checkLogBody(read, content, [der]);
          }),
        ),
        { numRuns: 100 },
      );
    }
  });

  it("roots", () => {
    const document = rootOf(sigstore);
    const paths = texts(document);
    fc.assert(
      fc.property(fc.oneof(near(bytesOf(document)), fc.uint8Array({ maxLength: 200 })), (bytes) =>
        typed(() => parseRoots(bytes, "roots.json")),
      ),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.nat({ max: paths.length - 1 }), change, (which, edit) =>
        typed(() => {
          const bytes = bytesOf(replaced(document, paths[which] ?? [], edit));
          const changed = new Roots({ bytes, label: "roots.json", asOf: null });
          authenticate(parseBundle(bytesOf(SIGNED.v1)), [trusting({ roots: changed })]);
        }),
      ),
      { numRuns: 500 },
    );
    expect(roots.label).toBe("roots.json");
  });
});
