import { fulcioExtension, fulcioLeaf, newTestKey } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { sigstore } from "../../test/certificate-cases.ts";
import { readLeaf } from "./leaf.ts";
import { readTimestamps } from "./timestamp-token.ts";

/** An OCTET STRING with the head of a SEQUENCE of 255 bytes, and nothing else: what follows is inside, and also behind. */
const OVERLAPPING = Buffer.from("04033081ff", "hex");
const overlapping = (count: number) => Buffer.concat([...Array<Buffer>(count).fill(OVERLAPPING), Buffer.alloc(255)]);

describe("refused before the library reads it", () => {
  // Each more doubles the time: 20 keep the library busy for seconds, 60 for years.
  it("a certificate with strings in which values overlap", () => {
    const more = [fulcioExtension(99, overlapping(20))];
    const { der } = fulcioLeaf(sigstore.fulcio, newTestKey(), new Date(0), { ctLogs: [sigstore.ctLog], more });
    expect(() => readLeaf(der)).toThrow(
      expect.objectContaining({ code: "CERTIFICATE_INVALID", actual: "the encoding takes too long to read" }),
    );
  });

  it("a timestamp with such strings", () => {
    const inside = overlapping(20);
    const der = Buffer.concat([Buffer.from("3082", "hex"), Buffer.of(inside.length >> 8, inside.length & 255), inside]);
    expect(() => readTimestamps([{ signedTimestamp: der.toString("base64") }])).toThrow(
      expect.objectContaining({ code: "TIMESTAMP_INVALID", actual: "the encoding takes too long to read" }),
    );
  });
});
