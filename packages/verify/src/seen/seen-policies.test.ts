import { expect, it } from "vitest";
import { refuseOlderPolicy, refuseOlderTrust, withPolicies, withTrust } from "./seen-policies.ts";
import { encodeVerifierState, mergeStates, NOTHING_SEEN, parseVerifierState } from "./verifier-state.ts";

const [key, other, low, high] = ["aa", "bb", "11", "22"].map((text) => text.repeat(32)) as [
  string,
  string,
  string,
  string,
];
const newest = { revision: 3, digest: high };
const seen = { [key]: newest };
const compared =
  (revision: number, digest: string, by = key) =>
  () =>
    refuseOlderPolicy({ label: "policy", key: by, revision, digest }, seen);

it.each<[string, () => void]>([
  ["the same policy", compared(3, high)],
  ["a newer one", compared(4, low)],
  ["one by another key", compared(1, low, other)],
])("%s is no older one", (_what, compare) => {
  expect(compare).not.toThrow();
});

it.each<[string, () => void]>([
  ["a lower revision", compared(2, low)],
  ["a lower revision of the same policy", compared(2, high)],
  ["another policy with the same revision", compared(3, low)],
])("%s is refused", (_what, compare) => {
  expect(compare).toThrow(expect.objectContaining({ code: "POLICY_ROLLBACK" }));
});

it("what is refused is shown beside what was seen", () => {
  expect(compared(2, low)).toThrow(
    expect.objectContaining({
      expected: `revision 3, sha256:${high}, or a higher revision`,
      actual: `revision 2, sha256:${low}`,
    }),
  );
});

it("of two policies of one revision a state keeps the same one, whichever comes first", () => {
  const [one, two] = [{ [key]: { revision: 3, digest: low } }, { [key]: { revision: 3, digest: high } }];
  expect(withPolicies(one, two)).toEqual(two);
  expect(withPolicies(two, one)).toEqual(two);
});

it("a state only moves forward, in any order, and is read again", () => {
  const older = { [key]: { revision: 2, digest: low }, [other]: { revision: 1, digest: low } };
  const expected = { ...seen, [other]: { revision: 1, digest: low } };
  expect(withPolicies(older, seen)).toEqual(expected);
  expect(withPolicies(seen, older)).toEqual(expected);
  const same = { [key]: { revision: 3, digest: low } };
  expect(withPolicies(seen, same)).toEqual(withPolicies(same, seen));
  const merged = mergeStates({ ...NOTHING_SEEN, policies: older }, { ...NOTHING_SEEN, policies: seen });
  expect(parseVerifierState(encodeVerifierState(merged), "state.json")).toEqual({
    ...NOTHING_SEEN,
    policies: expected,
  });
  expect(mergeStates(NOTHING_SEEN, NOTHING_SEEN)).toEqual(NOTHING_SEEN);
});

const file =
  (revision: number, digest: string, name = "trust.yaml", by = key) =>
  () =>
    refuseOlderTrust({ label: "trust", name, key: by, revision, digest }, { [key]: { "trust.yaml": newest } });

it.each<[string, () => void]>([
  ["the same one", file(3, high)],
  ["a newer one", file(4, low)],
  ["one of another name", file(1, low, "other.yaml")],
  ["one of a name that every object has", file(1, low, "toString")],
  ["one by another key", file(1, low, "trust.yaml", other)],
])("of trust files, %s is no older one", (_what, compare) => {
  expect(compare).not.toThrow();
});

it.each<[string, () => void]>([
  ["a lower revision", file(2, low)],
  ["another file with the same revision", file(3, low)],
])("of trust files, %s is refused", (_what, compare) => {
  expect(compare).toThrow(expect.objectContaining({ code: "POLICY_ROLLBACK" }));
});

it("of trust files, a state keeps each name's newest, and is read again", () => {
  const before = { [key]: { "a.yaml": { revision: 2, digest: low }, "b.yaml": { revision: 5, digest: low } } };
  const after = {
    [key]: { "a.yaml": { revision: 3, digest: high } },
    [other]: { "a.yaml": { revision: 1, digest: low } },
  };
  const expected = {
    [key]: { "a.yaml": { revision: 3, digest: high }, "b.yaml": { revision: 5, digest: low } },
    [other]: { "a.yaml": { revision: 1, digest: low } },
  };
  expect(withTrust(before, after)).toEqual(expected);
  expect(withTrust(after, before)).toEqual(expected);
  const merged = mergeStates({ ...NOTHING_SEEN, trust: before }, { ...NOTHING_SEEN, trust: after });
  expect(parseVerifierState(encodeVerifierState(merged), "state.json")).toEqual({ ...NOTHING_SEEN, trust: expected });
});
