/**
 * Every code that Touchmark can answer with, and the exit status that it leads to.
 *
 * 1: a verification failed, malformed evidence included. 2: what the caller wrote or handed in. 3: something outside
 * (disk, tool, interruption). The list is closed: `touchmark explain CODE` has a text for each, and a test proves it.
 */
export const EXIT_BY_CODE = {
  // verification: findings about artifacts and evidence
  BUILDER_MISMATCH: 1,
  BUILDER_REF_UNKNOWN: 1,
  BUILDERS_TOO_FEW: 1,
  BUILD_TYPE_MISMATCH: 1,
  BUNDLE_MALFORMED: 1,
  CERTIFICATE_INVALID: 1,
  CERTIFICATE_MISMATCH: 1,
  CONDITION_FAILED: 1,
  DENIED: 1,
  DIGEST_UNACCEPTABLE: 1,
  EVIDENCE_MISMATCH: 1,
  EVIDENCE_TOO_LARGE: 1,
  EXCEPTION_APPLIES: 1,
  EXCEPTION_EXPIRED: 1,
  IDENTITY_MISMATCH: 1,
  IMAGE_NAME_UNPROVEN: 1,
  KIT_ALTERED: 1,
  KIT_INCOMPLETE: 1,
  LEVEL_TOO_LOW: 1,
  LINK_REFUSED: 1,
  LOG_ENTRY_INVALID: 1,
  LOG_ENTRY_MISSING: 1,
  NOT_COVERED: 1,
  NOT_PROVENANCE: 1,
  NOTHING_TO_VERIFY: 1,
  PACKAGE_MISMATCH: 1,
  PACKAGE_UNREADABLE: 1,
  PARAMETER_UNEXPECTED: 1,
  PLATFORM_MISSING: 1,
  POLICY_UNMATCHED: 1,
  PREDICATE_MISMATCH: 1,
  PREDICATE_MISSING: 1,
  PUBLISH_MISMATCH: 1,
  PUBLISH_MISSING: 1,
  RELEASE_INCOMPLETE: 1,
  RELEASE_MISMATCH: 1,
  RELEASE_MISSING: 1,
  RELEASE_UNLISTED: 1,
  ROLLBACK: 1,
  SIGNATURE_INVALID: 1,
  SIGNER_UNTRUSTED: 1,
  SOURCE_MISMATCH: 1,
  STATEMENT_MALFORMED: 1,
  SUBJECT_ABSENT: 1,
  SUBJECT_MISMATCH: 1,
  TAG_MISMATCH: 1,
  TAG_UNPROVEN: 1,
  TIMESTAMP_INVALID: 1,
  TOO_OLD: 1,
  TIME_MISMATCH: 1,
  TIME_UNPROVEN: 1,
  VSA_FAILED: 1,
  VSA_LEVEL_NOT_ALLOWED: 1,
  VSA_LEVEL_TOO_LOW: 1,
  VSA_MISMATCH: 1,
  VSA_RESOURCE_NOT_ALLOWED: 1,
  VSA_TOO_OLD: 1,
  // what the caller wrote or handed in
  ADAPTER_UNKNOWN: 2,
  ARTIFACT_MISSING: 2,
  ARTIFACT_UNEXPECTED: 2,
  BUILDER_UNSET: 2,
  CHECKOUT_MISMATCH: 2,
  CONFIG_INVALID: 2,
  CONVERSION_LOSSY: 2,
  CREDENTIALS_UNREADABLE: 2,
  DENY_INVALID: 2,
  DIGEST_MISMATCH: 2,
  EVENT_REFUSED: 2,
  FILE_REFUSED: 2,
  HINT_UNKNOWN: 2,
  IDENTITY_TOKEN_EXPIRED: 2,
  IDENTITY_TOKEN_INVALID: 2,
  IDENTITY_TOKEN_MISSING: 2,
  IMAGE_MALFORMED: 2,
  IMAGE_MISSING: 2,
  INPUT_INVALID: 2,
  INPUT_MISSING: 2,
  INPUT_TOO_LARGE: 2,
  KEY_EXISTS: 2,
  KEY_INVALID: 2,
  KEY_IS_PRIVATE: 2,
  KEY_IS_PUBLIC: 2,
  KEY_UNSET: 2,
  KEY_UNSUPPORTED: 2,
  LIMIT_EXCEEDED: 2,
  NAME_REFUSED: 2,
  NETWORK_REFUSED: 2,
  NOTHING_FOUND: 2,
  ORIGIN_MISMATCH: 2,
  OUTPUT_CONFLICT: 2,
  OUTSIDE_ROOTS: 2,
  PART_CONFLICT: 2,
  PART_MISSING: 2,
  PART_UNKNOWN: 2,
  PASSPHRASE_MISSING: 2,
  PASSPHRASE_WRONG: 2,
  PATTERN_UNMATCHED: 2,
  PLATFORM_LEVEL_TOO_LOW: 2,
  POLICY_EXPIRED: 2,
  POLICY_INSIDE_TARGET: 2,
  POLICY_INVALID: 2,
  POLICY_ROLLBACK: 2,
  POLICY_UNTRUSTED: 2,
  PRIVATE_REPOSITORY: 2,
  RELEASE_AMBIGUOUS: 2,
  RELEASE_UNNAMED: 2,
  RESERVED_ANNOTATION: 2,
  ROOTS_INVALID: 2,
  SOURCE_UNSET: 2,
  STALE_OUTPUT: 2,
  SUBJECT_CONFLICT: 2,
  STORE_PATH_INVALID: 2,
  SUBJECTS_EMPTY: 2,
  TAG_UNPINNED: 2,
  TARGET_MISSING: 2,
  TRUST_INVALID: 2,
  TRUST_OVERLAP: 2,
  TRUST_UNSET: 2,
  USER_CODE_REFUSED: 2,
  USAGE: 2,
  // something outside
  ABORTED: 3,
  DISK_FULL: 3,
  FILE_CHANGED: 3,
  FILE_UNREADABLE: 3,
  INTERNAL: 3,
  LOGIN_FAILED: 3,
  NETWORK_UNAVAILABLE: 3,
  OUTPUT_UNWRITABLE: 3,
  REGISTRY_DENIED: 3,
  REGISTRY_INVALID: 3,
  REGISTRY_UNAVAILABLE: 3,
  ROOTS_ROLLBACK: 3,
  ROOTS_STALE: 3,
  RUN_FAILED: 3,
  SELF_CHECK_FAILED: 3,
  SERVICE_DENIED: 3,
  SERVICE_INVALID: 3,
  SERVICE_UNAVAILABLE: 3,
  SIGNER_FAILED: 3,
} as const satisfies Record<string, 1 | 2 | 3>;

/** One of the closed list of codes. */
export type Code = keyof typeof EXIT_BY_CODE;

/** What was expected and what was found instead, as short texts for people; `null` where there is nothing to say. */
export interface ErrorDetail {
  readonly expected?: string | null;
  readonly actual?: string | null;
  readonly cause?: unknown;
}

/**
 * The one error that Touchmark throws on purpose. The message names the thing; `expected` and `actual` say what was
 * wanted and what was there. Never holds a secret or an absolute local path that the caller did not type.
 */
export class TouchmarkError extends Error {
  override readonly name = "TouchmarkError";
  readonly code: Code;
  readonly expected: string | null;
  readonly actual: string | null;

  constructor(code: Code, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.expected = detail.expected ?? null;
    this.actual = detail.actual ?? null;
  }

  /** The exit status of a process that ends with this error: 1, 2 or 3. */
  get exitStatus(): 1 | 2 | 3 {
    return EXIT_BY_CODE[this.code];
  }
}

/** True for an error made by {@link TouchmarkError}, also one that came from another copy of this module. */
export function isTouchmarkError(error: unknown): error is TouchmarkError {
  return (
    error instanceof Error &&
    error.name === "TouchmarkError" &&
    "code" in error &&
    typeof error.code === "string" &&
    Object.hasOwn(EXIT_BY_CODE, error.code)
  );
}
