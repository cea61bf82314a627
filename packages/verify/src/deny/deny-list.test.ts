import { describe, expect, it } from "vitest";
import { denyList } from "./deny-list.ts";

const HEX = "ab".repeat(32);
const COMMIT = "ab".repeat(20);
const ENTRY = {
  reason: "bad",
  digest: `sha256:${HEX}`,
  commit: COMMIT,
  "builder-digest": COMMIT,
  key: `sha256:${HEX}`,
  identity: "octo@example.com",
  issuer: "https://accounts.example.com",
  window: { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00+02:00" },
};
const read = (data: unknown, placeOf?: (keys: readonly PropertyKey[]) => string) =>
  denyList(data, { label: "denied.yaml", digest: HEX, ...(placeOf === undefined ? {} : { placeOf }) });
const entry = (changed: object) => ({ version: 1, deny: [{ ...ENTRY, ...changed }] });

describe("denyList", () => {
  it("keeps what was written", () => {
    expect(read(entry({}))).toMatchObject({ label: "denied.yaml", digest: HEX, entries: [ENTRY] });
    expect(read({ version: 1, deny: [] }).entries).toEqual([]);
    expect(read({ version: 1, deny: [{ reason: "Gerät gestohlen", commit: COMMIT }] }).entries).toHaveLength(1);
  });

  it.each<[string, object]>([
    ["a commit by SHA-256", { commit: "ab".repeat(32) }],
    ["sha384", { digest: `sha384:${"ab".repeat(48)}` }],
    ["sha512", { digest: `sha512:${"ab".repeat(64)}` }],
    ["narSha256", { digest: `narSha256:${HEX}` }],
    ["a window of one moment", { window: { from: "2026-01-01T01:00:00+01:00", to: "2026-01-01T00:00:00Z" } }],
  ])("takes %s", (_, changed) => {
    expect(read(entry(changed)).entries).toEqual([{ ...ENTRY, ...changed }]);
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a list alone", [ENTRY]],
    ["no version", { deny: [ENTRY] }],
    ["another version", { version: 2, deny: [ENTRY] }],
    ["no list", { version: 1 }],
    ["another key beside it", { version: 1, deny: [ENTRY], allow: [] }],
    ["10,001 entries", { version: 1, deny: Array(10_001).fill(ENTRY) }],
    ["a key that does not exist", entry({ digests: `sha256:${HEX}` })],
    ["no reason", entry({ reason: undefined })],
    ["an empty reason", entry({ reason: "" })],
    ["a reason of two lines", entry({ reason: "a\nb" })],
    ["a reason that moves the cursor", entry({ reason: "a\u001b[2K" })],
    ["a reason without end", entry({ reason: "a".repeat(501) })],
    ["a reason alone", { version: 1, deny: [{ reason: "bad" }] }],
    ["a window alone", { version: 1, deny: [{ reason: "bad", window: { from: "2026-01-01T00:00:00Z" } }] }],
    ["a digest in capitals", entry({ digest: `sha256:${HEX.toUpperCase()}` })],
    ["a digest without algorithm", entry({ digest: HEX })],
    ["a digest of another length", entry({ digest: `sha512:${HEX}` })],
    ["a weak digest", entry({ digest: `sha1:${COMMIT}` })],
    ["a number for a digest", entry({ digest: 1 })],
    ["a digest with something before it", entry({ digest: `xsha256:${HEX}` })],
    ["a digest with something behind it", entry({ digest: `narSha256:${HEX}0` })],
    ["a digest of another length and algorithm", entry({ digest: `sha384:${HEX}` })],
    ["a commit of 41 digits", entry({ commit: `${COMMIT}a` })],
    ["a commit with something before it", entry({ commit: `x${COMMIT}` })],
    ["a commit of letters", entry({ commit: "g".repeat(64) })],
    ["a key with something before it", entry({ key: `xsha256:${HEX}` })],
    ["a key of 65 digits", entry({ key: `sha256:${HEX}a` })],
    ["a short commit", entry({ commit: "abababa" })],
    ["a builder digest with a name", entry({ "builder-digest": `sha1:${COMMIT}` })],
    ["a key in base64", entry({ key: `sha256:${"q".repeat(43)}=` })],
    ["an identity with a space", entry({ identity: "octo @example.com" })],
    ["an empty identity", entry({ identity: "" })],
    ["an identity without issuer", entry({ issuer: undefined })],
    ["an issuer without identity", entry({ identity: undefined })],
    ["an empty window", entry({ window: {} })],
    ["a window with another key", entry({ window: { from: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z" } })],
    ["a day for a time", entry({ window: { from: "2026-01-01" } })],
    ["a time of anywhere", entry({ window: { from: "2026-01-01T00:00:00" } })],
    ["a day that does not exist", entry({ window: { from: "2026-02-30T00:00:00Z" } })],
    [
      "a window that ends before it begins",
      entry({ window: { from: "2026-01-02T00:00:01Z", to: "2026-01-02T00:00:00Z" } }),
    ],
  ])("refuses %s", (_, data) => {
    expect(() => read(data)).toThrow(expect.objectContaining({ code: "DENY_INVALID", exitStatus: 2 }));
  });

  it("names the place, and a misspelt key before the one that is missing", () => {
    const placeOf = (keys: readonly PropertyKey[]) => `:${keys.map(String).join("/")}`;
    expect(() => read({ version: 1, deny: [ENTRY, { reson: "bad", commit: COMMIT }] }, placeOf)).toThrow(
      expect.objectContaining({
        message: "denied.yaml:deny/1/reson is not a deny list that is understood",
        actual: expect.stringMatching(/^deny\.1: .*"reson"/),
      }),
    );
    expect(() => read({ version: 1, deny: [{ ...ENTRY, commit: "x" }] }, placeOf)).toThrow(
      expect.objectContaining({ message: expect.stringContaining("denied.yaml:deny/0/commit is") }),
    );
    expect(() => read({ version: 1, deny: [{ ...ENTRY, reson: 1, komit: 1 }] }, placeOf)).toThrow(
      expect.objectContaining({ message: expect.stringContaining("denied.yaml:deny/0/reson is") }),
    );
  });

  it("names the file alone where nobody knows the place, and no more of what it holds than helps", () => {
    const key = "x".repeat(1_000);
    expect(() => read({ version: 1, deny: [{ ...ENTRY, [key]: 1 }] })).toThrow(
      expect.objectContaining({
        message: "denied.yaml is not a deny list that is understood",
        expected: "what docs/deny.md says",
        actual: expect.stringMatching(/^deny\.0: .{300}$/),
      }),
    );
    expect(() => read([])).toThrow(expect.objectContaining({ actual: expect.stringMatching(/^the list: /) }));
  });
});
