import { compareText, encodeJson, issueText, isTouchmarkError, parseJson, TouchmarkError } from "@touchmark/core";
import { MAX_SEEN_INSTANCES, MAX_SEEN_REPOSITORIES, MAX_STATE_BYTES } from "./limits.ts";
import { VerifierState } from "./schema.ts";
import { withPolicies, withTrust } from "./seen-policies.ts";
import { withReleases } from "./seen-releases.ts";
import { withRoots } from "./seen-roots.ts";

/** Nothing was seen yet. */
export const NOTHING_SEEN: VerifierState = { version: 1, roots: [], releases: {} };

/**
 * Reads what {@link encodeVerifierState} wrote.
 *
 * @param label - what the file is called in messages.
 * @throws TouchmarkError `INPUT_INVALID` for anything else: a state that cannot be read must not count as none.
 */
export function parseVerifierState(bytes: Uint8Array, label: string): VerifierState {
  const parsed = VerifierState.safeParse(documentIn(bytes, label));
  if (parsed.success) return parsed.data;
  throw invalid(label, issueText(parsed.error), parsed.error);
}

function documentIn(bytes: Uint8Array, label: string): unknown {
  try {
    return parseJson(bytes, { what: label, maxBytes: MAX_STATE_BYTES });
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw invalid(label, error.message, error);
  }
}

function invalid(label: string, actual: string, cause: unknown): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${label} does not hold what a verifier has seen`, {
    expected: "a file that verify --state wrote; delete it only to forget all that was seen",
    actual,
    cause,
  });
}

/**
 * The bytes of the file: JSON, keys sorted.
 *
 * @throws TouchmarkError `LIMIT_EXCEEDED` when it holds more than is read again.
 */
export function encodeVerifierState(state: VerifierState): Uint8Array {
  const bytes = encodeJson(state);
  if (bytes.byteLength <= MAX_STATE_BYTES && VerifierState.safeParse(state).success) return bytes;
  throw new TouchmarkError("LIMIT_EXCEEDED", "a verifier has seen more than one file of state can hold", {
    expected: `at most ${MAX_SEEN_REPOSITORIES} repositories, ${MAX_SEEN_INSTANCES} instances and ${MAX_STATE_BYTES} bytes`,
    actual: `${Object.keys(state.releases).length} repositories, ${state.roots.length} instances and ${bytes.byteLength} bytes`,
  });
}

/** Both together: the same whichever comes first, so that of two writers neither undoes what the other saw. */
export function mergeStates(left: VerifierState, right: VerifierState): VerifierState {
  const policies = withPolicies(left.policies ?? {}, right.policies ?? {});
  const trust = withTrust(left.trust ?? {}, right.trust ?? {});
  return {
    version: 1,
    ...(Object.keys(policies).length === 0 ? {} : { policies }),
    ...(Object.keys(trust).length === 0 ? {} : { trust }),
    roots: [...withRoots(left.roots, right.roots)].sort((one, other) => compareText(one.digest, other.digest)),
    releases: withReleases(left.releases, right.releases),
  };
}
