import { preAuthEncoding } from "@touchmark/core";
import { expect, it } from "vitest";
import { statementBytes, testKey } from "../test/signed-bundles.ts";
import { readClaim } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { examine } from "./examine.ts";
import { readPieces } from "./formats/read-pieces.ts";

const payloadType = "application/vnd.in-toto+json";
const payload = statementBytes({ subject: [{ name: "tool", digest: { sha256: "ab".repeat(32) } }] });
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

function claimOf(one: Evidence | undefined) {
  return one?.kind === "refused" ? one.claim : null;
}

it("an envelope with many signatures is read once: its statement may be as large as its file", async () => {
  const signatures = Array.from({ length: 32 }, (_, at) => ({
    keyid: `${at}`,
    sig: base64(testKey().sign(preAuthEncoding(payloadType, payload))),
  }));
  const envelope = { payloadType, payload: base64(payload), signatures };
  const { pieces } = await readPieces(Buffer.from(JSON.stringify(envelope)), "f");
  const { trust } = testKey();
  const claims = pieces.map(({ name, piece }) => claimOf(examine(name, piece, { trust: [trust] })));
  expect(claims).toHaveLength(32);
  expect(claims[0]?.statement.subject).toHaveLength(1);
  expect(new Set(claims.map((claim) => claim?.statement.subject)).size).toBe(1);
});

it("of one payload, the type decides whether it is a claim at all", () => {
  expect(readClaim({ payloadType, payload })?.statement.predicateType).toBe("https://slsa.dev/provenance/v1");
  expect(readClaim({ payloadType: "text/plain", payload })).toBeNull();
  expect(readClaim({ payloadType, payload })).not.toBeNull();
});
