import { type Bundle, parseBundle } from "@touchmark/core";
import { type BundleOptions, type EntryKind, type SignedBundle, signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { bytesOf, PAYLOAD, sigstore } from "../../test/certificate-cases.ts";
import { answerOf } from "../../test/rekor-answers.ts";
import { MAX_SIFTED_ENTRIES, MAX_TRIED_ENTRIES } from "./limits.ts";
import { readRekorFile } from "./rekor-answer.ts";
import { rekorEntries } from "./rekor-entries.ts";

const make = (entry: EntryKind, options: BundleOptions = {}) =>
  signBundle(sigstore, PAYLOAD, { version: "0.1", timestamp: null, ...options, entry });
const bundleOf = ({ bundle }: SignedBundle) => parseBundle(bytesOf(bundle));
/** The same, of which only the log knows who signed. */
const bare = (signed: SignedBundle): Bundle => ({ ...bundleOf(signed), signer: { kind: "key", hint: null } });

function entriesOf(signed: SignedBundle, change: object = {}) {
  const [entry] = signed.bundle.verificationMaterial.tlogEntries;
  if (entry === undefined) throw new TypeError("no entry");
  return readRekorFile(bytesOf({ id: { ...answerOf(entry), ...change } }));
}

const chainOf = ({ signer }: Bundle) =>
  signer.kind === "certificate" ? signer.chain.map((der) => Buffer.from(der)) : null;
const WITH_SIGNATURE = ["dsse-0.0.1", "intoto-0.0.2"] as const;
const KINDS = [...WITH_SIGNATURE, "intoto-0.0.1"] as const;

describe.each(KINDS)("an entry of %s", (kind) => {
  const signed = make(kind);
  const other = make(kind);
  const entries = rekorEntries([...entriesOf(other), ...entriesOf(signed)]);

  it("makes a bundle v0.1 of an envelope, with the certificate that the log has", () => {
    const [entry] = entriesOf(signed);
    for (const envelope of [bundleOf(signed), bare(signed)]) {
      const [made, ...more] = entries.of(envelope);
      expect(more).toEqual([]);
      expect(made).toMatchObject({ mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1" });
      expect(made && chainOf(made)).toEqual([Buffer.from(signed.leaf.der)]);
      expect(made?.tlogEntries).toEqual([entry?.inBundle]);
      expect(made?.payload).toEqual(envelope.payload);
      expect(made?.signature).toEqual(envelope.signature);
    }
  });

  it("is about nothing else: another payload, signature or certificate", () => {
    const own = bundleOf(signed);
    expect(entries.of({ ...own, payload: Buffer.from("{}") })).toEqual([]);
    expect(entries.of({ ...own, signer: bundleOf(make(kind)).signer })).toEqual([]);
    expect(entries.of(bare(make(kind)))).toEqual([]);
    const swapped = entries.of({ ...own, signature: bundleOf(other).signature });
    // A log that keeps no signature cannot say that it is another one: whoever verifies the bundle does.
    expect(swapped.length).toBe(kind === "intoto-0.0.1" ? 1 : 0);
  });

  it("counts once, however often it is there; with another proof it is another one", () => {
    const twice = rekorEntries([...entriesOf(signed), ...entriesOf(signed)]);
    expect(twice.of(bundleOf(signed))).toHaveLength(1);
    const later = rekorEntries([...entriesOf(signed), ...entriesOf(signed, { integratedTime: 7 })]);
    expect(later.of(bundleOf(signed))).toHaveLength(2);
    expect(later.of(bare(signed))).toHaveLength(2);
  });

  it("of a key says nothing of who signed, where the envelope does not either", () => {
    const byKey = make(kind, { keyHint: "release" });
    expect(rekorEntries(entriesOf(byKey)).of(bundleOf(byKey))).toEqual([]);
  });
});

it.each(["hashedrekord-0.0.1"] as const)("an entry of %s is about no payload", (kind) => {
  const signed = make(kind);
  expect(rekorEntries(entriesOf(signed)).of(bundleOf(signed))).toEqual([]);
  expect(rekorEntries(entriesOf(signed)).of(bare(signed))).toEqual([]);
});

describe("an envelope without its certificate", () => {
  const signed = make("intoto-0.0.1");
  const stranger = entriesOf(make("intoto-0.0.1"));
  const strangers = (count: number) =>
    Array.from({ length: count }, (_, logIndex) =>
      stranger.map((one) => ({ ...one, inBundle: { ...(one.inBundle as object), logIndex: String(logIndex) } })),
    ).flat();

  it.each([
    [0, 1],
    [MAX_TRIED_ENTRIES, 1],
    [MAX_SIFTED_ENTRIES - 1, 1],
    [MAX_SIFTED_ENTRIES, 0],
  ])("is found its own behind %i of strangers: %i", (before, found) => {
    const entries = rekorEntries([...strangers(before), ...entriesOf(signed), ...strangers(3)]);
    expect(entries.of(bare(signed)).map(chainOf)).toEqual(Array(found).fill([Buffer.from(signed.leaf.der)]));
  });

  it("is tried with sixteen of its own at most, as one with a certificate is", () => {
    const own = Array.from({ length: MAX_TRIED_ENTRIES + 1 }, (_, integratedTime) =>
      entriesOf(signed, { integratedTime }),
    ).flat();
    for (const envelope of [bare(signed), bundleOf(signed)]) {
      expect(rekorEntries(own).of(envelope)).toHaveLength(MAX_TRIED_ENTRIES);
    }
  });
});
