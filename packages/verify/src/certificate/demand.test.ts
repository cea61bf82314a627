import { parseBundle } from "@touchmark/core";
import { newTestKey, rootOf } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { AS_OF, bytesOf, sign, sigstore } from "../../test/certificate-cases.ts";
import { materialOf } from "../roots/material.ts";
import { parseRoots } from "../roots/parse-roots.ts";
import { envelopeContent } from "./signed-content.ts";
import { verifySigned } from "./verify-signed.ts";

const demanded = (
  bundle: unknown,
  demand: { readonly logs: number; readonly times: number },
  root: unknown = rootOf(sigstore),
) => {
  const parsed = parseBundle(bytesOf(bundle));
  const [first] = parseRoots(bytesOf(root), "roots.json").roots;
  if (first === undefined) throw new Error("no root");
  const signed = { mediaType: parsed.mediaType, material: parsed, content: envelopeContent(parsed) };
  return () => verifySigned(signed, materialOf(first, "roots.json"), demand, new Date(AS_OF));
};

describe("what is demanded is counted by parties", () => {
  const bundle = structuredClone(sign({ entry: "dsse-0.0.1" }));

  it("takes a time alone where no log is demanded", () => {
    expect(demanded(sign({ entry: null }), { logs: 0, times: 1 })).not.toThrow();
  });

  it("takes two times by a log and a timestamp authority, and not three", () => {
    expect(demanded(bundle, { logs: 1, times: 2 })).not.toThrow();
    expect(demanded(bundle, { logs: 1, times: 3 })).toThrow(expect.objectContaining({ code: "TIMESTAMP_INVALID" }));
    expect(demanded(bundle, { logs: 2, times: 1 })).toThrow(expect.objectContaining({ code: "LOG_ENTRY_INVALID" }));
  });

  it("takes two entries of one log for one witness", async () => {
    const { entryFor, pemOf, signBundle } = await import("@touchmark/testkit/sigstore");
    const signed = signBundle(sigstore, new TextEncoder().encode("{}"), {});
    const about = {
      bytes: signed.bytes,
      signature: signed.signature,
      payload: new TextEncoder().encode("{}"),
      payloadType: "application/vnd.in-toto+json",
      verifierPem: pemOf(signed.leaf),
      key: signed.key,
    };
    const time = new Date("2026-01-15T12:00:00Z");
    const entries = [
      entryFor(sigstore, "dsse-0.0.1", about, { time }),
      entryFor(sigstore, "intoto-0.0.2", about, { time: new Date("2026-01-15T12:00:05Z") }),
      entryFor(sigstore, "hashedrekord-0.0.2", about, { time }),
    ];
    const of = (...kept: number[]) => ({
      ...signed.bundle,
      verificationMaterial: { ...signed.bundle.verificationMaterial, tlogEntries: kept.map((index) => entries[index]) },
    });
    expect(demanded(of(0, 2), { logs: 2, times: 1 })).not.toThrow();
    expect(demanded(of(0, 1), { logs: 2, times: 1 })).toThrow(expect.objectContaining({ code: "LOG_ENTRY_INVALID" }));
    // Two logs of one operator are one as well, whatever their keys.
    const root = rootOf(sigstore);
    for (const log of root.tlogs) Object.assign(log, { operator: "sigstore.test" });
    expect(demanded(of(0, 2), { logs: 2, times: 1 }, root)).toThrow(
      expect.objectContaining({ code: "LOG_ENTRY_INVALID" }),
    );
    // One key under two names is one log.
    const named = rootOf({ ...sigstore, rekorV2: { ...sigstore.rekorV2, key: newTestKey("ed25519") } });
    expect(demanded(of(0, 2), { logs: 1, times: 1 }, named)).toThrow(
      expect.objectContaining({ code: "LOG_ENTRY_INVALID" }),
    );
  });

  it.each([
    { logs: 1, times: 0 },
    { logs: -1, times: 1 },
    { logs: Number.NaN, times: 1 },
    { logs: 1, times: Number.POSITIVE_INFINITY },
    { logs: 0.5, times: 1 },
  ])("cannot be switched off: %j", (demand) => {
    expect(demanded(bundle, demand)).toThrow(TypeError);
  });
});
