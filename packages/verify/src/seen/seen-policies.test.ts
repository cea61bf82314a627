import { expect, it } from "vitest";
import { refuseOlderPolicy, withPolicies } from "./seen-policies.ts";
import { encodeVerifierState, mergeStates, NOTHING_SEEN, parseVerifierState } from "./verifier-state.ts";

const [key, other, low, high] = ["aa", "bb", "11", "22"].map((text) => text.repeat(32)) as [
  string,
  string,
  string,
  string,
];
const seen = { [key]: { revision: 3, digest: high } };
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
  ["another policy with the same revision", compared(3, low)],
])("%s is refused", (_what, compare) => {
  expect(compare).toThrow(expect.objectContaining({ code: "POLICY_ROLLBACK" }));
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
