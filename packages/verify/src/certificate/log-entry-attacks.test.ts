import { newTestKey } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { type Attack, edited, other, PROMISED } from "../../test/attack-cases.ts";
import { outcome, sign, sigstore } from "../../test/certificate-cases.ts";

// A6, A13, A24: an entry is whole, and in the log.
const attacks: readonly Attack[] = [
  ["another log", {}, { rekorV2: other.rekorV2 }, "LOG_ENTRY_INVALID"],
  [
    "another key of the log",
    { entry: "dsse-0.0.1" },
    { rekorV1: { ...sigstore.rekorV1, key: newTestKey() } },
    "LOG_ENTRY_INVALID",
  ],
];

it.each(attacks)("%s", (_, options, changed, code) => {
  expect(outcome(sign(options, changed))).toBe(code);
});

describe("what was changed afterwards", () => {
  it("nothing: the twin of every case below", () => {
    expect(edited(PROMISED, () => {})).toBe("verified");
    expect(edited({}, () => {})).toBe("verified");
  });

  it.each(["x", "0x1", "-1", "1e3", "", " 1", "99999999999999999"])("an index of %j", (index) => {
    expect(
      edited(PROMISED, (_, entry) => {
        entry.logIndex = index;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        if (entry.inclusionProof) entry.inclusionProof.logIndex = index;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        if (entry.inclusionProof) entry.inclusionProof.treeSize = index;
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("a proof with another hash, a hash less or a hash more", () => {
    const withHashes = (change: (hashes: string[]) => string[]) =>
      edited({}, (_, entry) => {
        if (entry.inclusionProof) entry.inclusionProof.hashes = change(entry.inclusionProof.hashes);
      });
    expect(withHashes((hashes) => hashes)).toBe("verified");
    expect(withHashes((hashes) => hashes.map(() => Buffer.alloc(32).toString("base64")))).toBe("LOG_ENTRY_INVALID");
    expect(withHashes((hashes) => hashes.slice(1))).toBe("LOG_ENTRY_INVALID");
    expect(withHashes((hashes) => [...hashes, Buffer.alloc(32).toString("base64")])).toBe("LOG_ENTRY_INVALID");
    expect(withHashes((hashes) => hashes.map(() => "AAAA"))).toBe("LOG_ENTRY_INVALID");
    expect(withHashes(() => new Array(65).fill(Buffer.alloc(32).toString("base64")))).toBe("LOG_ENTRY_INVALID");
  });

  it("no proof in v0.3, no checkpoint, no promise in v0.1", () => {
    expect(
      edited({}, (_, entry) => {
        delete entry.inclusionProof;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({ ...PROMISED, version: "0.2" }, (_, entry) => {
        delete entry.inclusionProof;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({ ...PROMISED, version: "0.1" }, (_, entry) => {
        delete entry.inclusionPromise;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        if (entry.inclusionProof) entry.inclusionProof.checkpoint = { envelope: "" };
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("the log's name", () => {
    expect(
      edited({}, (_, entry) => {
        entry.logId.keyId = Buffer.alloc(32, 1).toString("base64");
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        entry.logId.keyId = "";
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("the kind of an entry", () => {
    expect(
      edited({}, (_, entry) => {
        entry.kindVersion.version = "0.0.1";
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        entry.kindVersion = { kind: "rfc3161", version: "0.0.1" };
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("an entry, a receipt or a timestamp twice", () => {
    expect(
      edited({}, (bundle, entry) => {
        bundle.verificationMaterial.tlogEntries.push(entry);
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, ({ verificationMaterial: { timestampVerificationData: data } }) => {
        data?.rfc3161Timestamps.push(...data.rfc3161Timestamps);
      }),
    ).toBe("TIMESTAMP_INVALID");
  });
});
