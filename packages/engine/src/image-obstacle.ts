import { type Code, findingOf, isTouchmarkError } from "@touchmark/core";
import type { Obstacle } from "@touchmark/verify";

/** What is wrong with an image, as an error of `@touchmark/oci`; other errors are not about the image. */
const ABOUT_IMAGE: readonly Code[] = [
  "DIGEST_MISMATCH",
  "FILE_REFUSED",
  "IMAGE_MALFORMED",
  "IMAGE_MISSING",
  "INPUT_TOO_LARGE",
  "LIMIT_EXCEEDED",
];

/** Why a place could not be asked. */
const ABOUT_PLACE: readonly Code[] = [
  "NETWORK_REFUSED",
  "NETWORK_UNAVAILABLE",
  "REGISTRY_DENIED",
  "REGISTRY_INVALID",
  "REGISTRY_UNAVAILABLE",
];

/**
 * The verdict that an error amounts to which came up while an image was read: other bytes than the digest says are
 * `tampered`, a place that cannot be asked is `unknown`, all else is `not-covered`.
 *
 * @throws the error itself where it is not about the image or its place.
 */
export function obstacleOf(error: unknown): Obstacle {
  if (!isTouchmarkError(error) || ![...ABOUT_IMAGE, ...ABOUT_PLACE].includes(error.code)) throw error;
  const findings = [findingOf(error)];
  if (error.code === "DIGEST_MISMATCH") return { status: "tampered", findings };
  return { status: ABOUT_PLACE.includes(error.code) ? "unknown" : "not-covered", findings };
}
