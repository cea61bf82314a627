import { BUNDLE_V03, type Bundle, type Json, parseBundle } from "@touchmark/core";
import { signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bundleOfAttLayer } from "./att-bundle.ts";
import { attLayerOfBundle } from "./att-layer.ts";

const sigstore = testSigstore();
const payload = new TextEncoder().encode("{}");
const NOTHING = { logEntries: 0, logProofs: 0, loggedEnvelopes: 0, timestamps: 0 };

function signed(options: Parameters<typeof signBundle>[2]): Bundle {
  return parseBundle(new TextEncoder().encode(JSON.stringify(signBundle(sigstore, payload, options).bundle)));
}

function back(bundle: Bundle): Bundle {
  const { content, annotations } = attLayerOfBundle(bundle, "p");
  const again = bundleOfAttLayer(content, annotations);
  if (again === null) throw new TypeError("not read again");
  return parseBundle(again);
}

describe("a bundle becomes a layer of an .att tag, and the same bundle again", () => {
  it("signed with a key, whatever it holds", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 100 });
    const hint = fc.option(fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }));
    const type = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
    fc.assert(
      fc.property(bytes, bytes, hint, type, (content, signature, key, payloadType) => {
        const signer = { kind: "key", hint: key } as const;
        const parts = { payloadType, payload: content, signature, signer, tlogEntries: [], timestamps: [] };
        expect(back({ mediaType: BUNDLE_V03, ...parts })).toEqual({ mediaType: BUNDLE_V03, ...parts });
      }),
    );
  });

  it("signed with a certificate, with its chain and with an entry that has a promise alone", () => {
    const bundle = signed({ version: "0.1", entry: "dsse-0.0.1", entryOptions: { proof: false } });
    expect(bundle.signer).toMatchObject({ chain: { length: 2 } });
    expect(back(bundle)).toEqual(bundle);
    expect(attLayerOfBundle(bundle, "p").lost).toEqual(NOTHING);
  });

  it("signed with a certificate, with a timestamp and no log", () => {
    const bundle = signed({ entry: null });
    expect(back(bundle)).toEqual(bundle);
  });
});

describe("what has no place in a layer is counted", () => {
  const promised = signed({ version: "0.1", entry: "dsse-0.0.1" });
  it.each<[string, Bundle, object]>([
    ["the proof of an entry", promised, { logProofs: 1 }],
    ["an entry without a promise", signed({}), { logEntries: 1 }],
    [
      "a second entry",
      { ...promised, tlogEntries: [...promised.tlogEntries, ...promised.tlogEntries] },
      { logEntries: 1, logProofs: 1 },
    ],
    [
      "a second timestamp",
      { ...signed({ entry: null }), timestamps: [...promised.timestamps, ...promised.timestamps] },
      { timestamps: 1 },
    ],
    ["an envelope that the log wrote otherwise", respelled(promised), { logProofs: 1, loggedEnvelopes: 1 }],
    [
      "an entry for no envelope",
      signed({ version: "0.1", entry: "hashedrekord-0.0.1" }),
      { logProofs: 1, loggedEnvelopes: 1 },
    ],
    ["an entry that cannot be read", { ...promised, tlogEntries: [{ logId: { keyId: "?" } }] }, { logEntries: 1 }],
    ["a log that has no id", { ...promised, tlogEntries: promised.tlogEntries.map(withoutId) }, { logEntries: 1 }],
    ["a timestamp that cannot be read", { ...signed({ entry: null }), timestamps: [{}] }, { timestamps: 1 }],
  ])("%s", (_what, bundle, lost) => {
    expect(attLayerOfBundle(bundle, "p").lost).toEqual({ ...NOTHING, ...lost });
  });
});

function withoutId(entry: Json): Json {
  return { ...(entry as { readonly [key: string]: Json }), logId: { keyId: "?" } };
}

/** The same, but that the log saw an envelope of other bytes. */
function respelled(bundle: Bundle): Bundle {
  const tlogEntries = bundle.tlogEntries.map((entry) => {
    const { canonicalizedBody, ...rest } = entry as { readonly canonicalizedBody: string };
    const body = JSON.parse(Buffer.from(canonicalizedBody, "base64").toString());
    body.spec.envelopeHash.value = "ab".repeat(32);
    return { ...rest, canonicalizedBody: Buffer.from(JSON.stringify(body)).toString("base64") };
  });
  return { ...bundle, tlogEntries };
}
