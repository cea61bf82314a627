import { type EntryKind, rootOf, signBundle } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, PAYLOAD, sigstore, trusting } from "../test/certificate-cases.ts";
import { takenApart } from "../test/rekor-answers.ts";
import { signedBytes, testKey } from "../test/signed-bundles.ts";
import { examine } from "./examine.ts";
import { openRekorEntries } from "./formats/open-rekor-entries.ts";
import { readPieces } from "./formats/read-pieces.ts";
import { openRoots } from "./open-roots.ts";
import type { Trust } from "./trust.ts";

const make = (entry: EntryKind = "intoto-0.0.1") =>
  takenApart(signBundle(sigstore, PAYLOAD, { version: "0.1", entry, timestamp: null }));

const one = make();
const KINDS = ["intoto-0.0.1", "intoto-0.0.2", "dsse-0.0.1"] as const;
const withoutCertificate = (envelope: typeof one.envelope) => ({
  ...envelope,
  signatures: envelope.signatures.map(({ sig }) => ({ keyid: "", sig })),
});

/** `trusted`, or the code of the refusal. */
async function outcome(...given: Parameters<typeof examined>) {
  const evidence = await examined(...given);
  return "findings" in evidence ? evidence.findings[0]?.code : evidence.kind;
}

async function examined(envelope: object, entries: readonly object[], trust: readonly Trust[] = [trusting()]) {
  const { pieces } = await readPieces(bytesOf(envelope), "f");
  const files = entries.map((entry) => ({ bytes: bytesOf({ id: entry }), called: "entry.json" }));
  const logged = files.length === 0 ? {} : { entries: await openRekorEntries(files) };
  const [evidence] = pieces.map(({ name, piece }) => examine(name, piece, { trust, ...logged }));
  if (evidence === undefined) throw new TypeError("no piece");
  return evidence;
}

describe("an envelope with nothing around it", () => {
  it("lacks its entry, and says so", async () => {
    expect(await outcome(one.envelope, [])).toBe("LOG_ENTRY_MISSING");
    expect(await outcome(withoutCertificate(one.envelope), [])).toBe("LOG_ENTRY_MISSING");
    expect(await outcome(one.envelope, [make().entry])).toBe("LOG_ENTRY_MISSING");
  });

  it("says what it lacks, and whether any entry was there", async () => {
    const expected = "the entry that Rekor has for it: --rekor-entry FILE, or --online to ask the log";
    const bare = "neither a certificate nor a log entry";
    for (const [envelope, entries, what, actual] of [
      [one.envelope, [], "a certificate and no log entry", "none"],
      [
        one.envelope,
        [make().entry],
        "a certificate and no log entry",
        "none that is about this payload, signature and certificate",
      ],
      [withoutCertificate(one.envelope), [], bare, "none"],
    ] as const) {
      expect(await examined(envelope, entries)).toMatchObject({
        findings: [{ message: expect.stringContaining(what), expected, actual }],
      });
    }
  });

  it("is refused as with the first of several entries", async () => {
    const late = { ...one.entry, integratedTime: one.entry.integratedTime + 1 };
    const stranger = trusting({ identity: "https://github.com/octo/other/.github/workflows/a.yml@refs/heads/main" });
    expect(await outcome(one.envelope, [late, one.entry], [stranger])).not.toBe("trusted");
    expect(await outcome(one.envelope, [one.entry], [stranger])).toBe("IDENTITY_MISMATCH");
  });

  it.each(KINDS)("holds with its entry, %s, also where only the entry has the certificate", async (kind) => {
    const { envelope, entry } = make(kind);
    expect(await outcome(envelope, [make(kind).entry, entry])).toBe("trusted");
    expect(await outcome(withoutCertificate(envelope), [entry])).toBe("trusted");
  });

  it("tries each entry by itself: a wrong one beside the right one changes nothing", async () => {
    const late = { ...one.entry, integratedTime: one.entry.integratedTime + 1 };
    expect(await outcome(one.envelope, [late])).toBe("LOG_ENTRY_INVALID");
    expect(await outcome(one.envelope, [late, one.entry])).toBe("trusted");
    expect(await outcome(one.envelope, [one.entry, late])).toBe("trusted");
  });

  it("takes no certificate from an entry of another signature", async () => {
    const lost = withoutCertificate(one.envelope);
    for (const kind of KINDS) expect(await outcome(lost, [make(kind).entry])).toBe("LOG_ENTRY_MISSING");
  });

  it("that lost its certificate holds, however many strangers had the same payload logged before", async () => {
    const strangers = Array.from({ length: 20 }, () => make("intoto-0.0.1").entry);
    expect(await outcome(withoutCertificate(one.envelope), [...strangers, one.entry])).toBe("trusted");
  });

  it("takes no entry for another payload, nor one with another certificate", async () => {
    const [signature] = one.envelope.signatures;
    const [other] = make().envelope.signatures;
    const changed = { ...one.envelope, payload: Buffer.from("{}").toString("base64") };
    expect(await outcome(changed, [one.entry])).toBe("LOG_ENTRY_MISSING");
    const swapped = { ...one.envelope, signatures: [{ ...signature, cert: other?.cert }] };
    expect(await outcome(swapped, [one.entry])).toBe("LOG_ENTRY_MISSING");
  });

  it("needs no entry where a trusted key made it, and has none where only keys are trusted", async () => {
    const key = testKey();
    const { dsseEnvelope } = JSON.parse(new TextDecoder().decode(signedBytes(key, PAYLOAD)));
    expect(await outcome(dsseEnvelope, [], [key.trust, trusting()])).toBe("trusted");
    expect(await outcome(dsseEnvelope, [], [testKey().trust])).toBe("SIGNER_UNTRUSTED");
    const hinted = { ...dsseEnvelope, signatures: [{ ...dsseEnvelope.signatures[0], keyid: "release" }] };
    expect(await outcome(hinted, [], [trusting()])).toBe("SIGNER_UNTRUSTED");
    expect(await outcome(one.envelope, [one.entry], [key.trust])).toBe("SIGNER_UNTRUSTED");
    expect(await outcome(one.envelope, [one.entry], [key.trust, trusting()])).toBe("trusted");
  });

  it("is unknown under roots that are too old, with an entry or without", async () => {
    const source = { bytes: bytesOf(rootOf(sigstore)), label: "roots.json", asOf: null };
    const roots = await openRoots(source, { notBefore: new Date("2030-01-01"), seen: [] });
    expect(await outcome(one.envelope, [], [trusting({ roots })])).toBe("ROOTS_STALE");
    expect(await outcome(one.envelope, [one.entry], [trusting({ roots })])).toBe("ROOTS_STALE");
  });

  it("holds whatever entries of others stand before and behind its own", async () => {
    const others = [make("dsse-0.0.1").entry, make("intoto-0.0.2").entry, { ...one.entry, logIndex: 9 }];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(others), fc.nat(3), async (some, at) => {
        expect(await outcome(one.envelope, some.toSpliced(at, 0, one.entry))).toBe("trusted");
      }),
      { numRuns: 12 },
    );
  });
});
