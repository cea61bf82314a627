import { parseBundle } from "@touchmark/core";
import { githubRun, newTestKey, rootOf, testSigstore } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import {
  AS_OF,
  bytesOf,
  githubPredicate,
  IDENTITY,
  ISSUER,
  outcome,
  roots,
  rootsFrom,
  SUBJECT,
  sign,
  sigstore,
  trusting,
} from "../../test/certificate-cases.ts";
import { statementBytes, testKey } from "../../test/signed-bundles.ts";
import { authenticate } from "../authenticate.ts";
import { openRoots } from "../open-roots.ts";

describe("a certificate's signature holds", () => {
  it.each(["hashedrekord-0.0.1", "dsse-0.0.1", "intoto-0.0.2", "hashedrekord-0.0.2"] as const)("with %s", (entry) => {
    expect(outcome(sign({ entry }))).toBe("verified");
  });

  it.each(["0.1", "0.2", "0.3"] as const)("in a bundle v%s, by the time of the log alone", (version) => {
    expect(outcome(sign({ version, entry: "dsse-0.0.1", timestamp: null }))).toBe("verified");
  });

  it("in a bundle v0.1 with a promise and no proof", () => {
    const options = { version: "0.1", entry: "intoto-0.0.2", timestamp: null, entryOptions: { proof: false } } as const;
    expect(outcome(sign(options))).toBe("verified");
  });

  it.each(["P-256", "P-384", "P-521", "ed25519", "RSA"] as const)("by a %s key", (kind) => {
    expect(outcome(sign({ key: newTestKey(kind), entry: "dsse-0.0.1" }))).toBe("verified");
  });

  it("and says who, by whose word and when", () => {
    const result = authenticate(parseBundle(bytesOf(sign())), [testKey().trust, trusting()]);
    expect(result).toMatchObject({
      kind: "verified",
      verified: {
        signer: { kind: "identity", identity: IDENTITY, issuer: ISSUER, signedAt: "2026-01-15T12:00:00.000Z" },
        predicate: { source: { repository: "https://github.com/octo/widgets" } },
      },
    });
  });

  it("by an e-mail address", () => {
    const leaf = { names: [{ email: "octo@example.com" }], claims: { issuer: "https://accounts.example.com" } };
    const trust = trusting({ identity: "octo@example.com", issuer: "https://accounts.example.com" });
    const payload = statementBytes({ subject: [SUBJECT], predicateType: "https://spdx.dev/Document", predicate: {} });
    expect(outcome(sign({ leaf }, {}, payload), trust)).toBe("verified");
    // Nobody with a mailbox can say that a workflow built something.
    expect(outcome(sign({ leaf }), trust)).toBe("PREDICATE_MISMATCH");
  });

  it("under one of several roots, also where another one does not know it", async () => {
    const other = rootOf(testSigstore());
    const lines = new TextEncoder().encode(`${JSON.stringify(other)}\n${JSON.stringify(rootOf(sigstore))}\n`);
    const both = await openRoots({ bytes: lines, label: "roots.jsonl", asOf: AS_OF });
    expect(outcome(sign(), trusting({ roots: both }))).toBe("verified");
  });
});

describe("log and timestamp", () => {
  const unlogged = sign({ entry: null });

  it("wants a log entry where the roots have logs", () => {
    expect(outcome(unlogged)).toBe("LOG_ENTRY_INVALID");
  });

  it("takes a timestamp alone where that was said, or where the roots have no log", async () => {
    expect(outcome(unlogged, trusting({ withoutLog: true }))).toBe("verified");
    const private_ = await rootsFrom({ ...rootOf(sigstore), tlogs: [] });
    expect(outcome(unlogged, trusting({ roots: private_ }))).toBe("verified");
  });

  it("never goes without any time", () => {
    expect(outcome(sign({ entry: null, timestamp: null }), trusting({ withoutLog: true }))).toBe("TIMESTAMP_INVALID");
    expect(outcome(sign({ timestamp: null }))).toBe("TIMESTAMP_INVALID");
  });

  it("wants a receipt in the certificate where the roots have certificate logs, and only there", async () => {
    const bare = sign({ leaf: { ctLogs: [] } });
    expect(outcome(bare)).toBe("CERTIFICATE_INVALID");
    const private_ = await rootsFrom({ ...rootOf(sigstore), ctlogs: [] });
    expect(outcome(bare, trusting({ roots: private_ }))).toBe("verified");
  });
});

describe("one bundle", () => {
  it("is verified once, whoever is asked about", () => {
    const bundle = parseBundle(bytesOf(sign()));
    const first = roots.verifyBundle(bundle, false);
    expect(roots.verifyBundle(bundle, false)).toBe(first);
    const strangers = ["https://a.example/x", "https://b.example/x"].map((identity) => trusting({ identity }));
    expect(authenticate(bundle, [...strangers, trusting()])).toMatchObject({ kind: "verified" });
  });

  it("by a reusable workflow holds for the source that was asked for", () => {
    const workflow =
      "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
    const claims = githubRun({ repository: "octo/widgets", ref: "refs/tags/v1.2.3", workflow });
    const payload = statementBytes({ subject: [SUBJECT], predicate: githubPredicate(claims) });
    const bundle = sign({ leaf: { claims } }, {}, payload);
    const identity = `https://github.com/${workflow}`;
    expect(outcome(bundle, trusting({ identity, source: "octo/widgets" }))).toBe("verified");
    expect(outcome(bundle, trusting({ identity, source: "octo/widget" }))).toBe("SOURCE_MISMATCH");
  });
});
