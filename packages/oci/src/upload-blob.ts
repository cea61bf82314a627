import { TouchmarkError } from "@touchmark/core";
import type { Host, HttpResponse } from "@touchmark/plugin";
import { referralAtHome } from "./referral.ts";
import { MAX_CHUNK_MIN_LENGTH, MAX_UPLOAD_BREAKS, TRANSFER_TIMEOUT_MS } from "./registry-limits.ts";
import type { RegistrySession } from "./registry-session.ts";
import { mayImprove, type Outcome, pauseAfter } from "./retry.ts";

export interface BlobUpload {
  readonly bytes: Uint8Array;
  readonly digest: string;
  /** What is sent in one request, unless the registry wants more: `UPLOAD_CHUNK_BYTES`. Unit: bytes. */
  readonly chunk: number;
  /** For messages. */
  readonly what: string;
}

/** An upload that the registry has begun: where the next request goes, and what it has confirmed. */
interface Progress {
  readonly location: URL;
  /** Unit: bytes. */
  readonly offset: number;
  readonly chunk: number;
}

/** What a step came to: further, done, or broken and perhaps to be resumed. */
type Step =
  | { readonly kind: "further"; readonly progress: Progress }
  | { readonly kind: "done" }
  | { readonly kind: "broken"; readonly outcome: Outcome };

/**
 * Sends a blob, in one request or in parts, and resumes from where the registry says it is after a break; see
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
 *
 * @returns true when the registry had it already.
 * @throws TouchmarkError those of the registry; after {@link MAX_UPLOAD_BREAKS} breaks the one of the last.
 */
export async function uploadBlob(upload: BlobUpload, session: RegistrySession, host: Host): Promise<boolean> {
  if (await isThere(upload, session)) return true;
  let progress: Progress | null = null;
  for (let breaks = 0; ; ) {
    const step: Step = await nextStep(progress, upload, session);
    if (step.kind === "done") return false;
    if (step.kind === "further") {
      progress = step.progress;
      continue;
    }
    breaks += 1;
    const pause = breaks < MAX_UPLOAD_BREAKS ? pauseAfter(step.outcome, breaks) : null;
    if (pause === null) throw givenUp(step.outcome, upload, session);
    await host.wait(pause);
    // The answer to the last request may be all that was lost.
    if (await isThere(upload, session)) return false;
    progress = progress === null ? null : await confirmed(progress, upload, session);
  }
}

async function isThere({ digest, what }: BlobUpload, session: RegistrySession): Promise<boolean> {
  const response = await session.send({ method: "HEAD", url: session.url(`blobs/${digest}`) });
  if (response.status === 200) return true;
  if (response.status === 404) return false;
  throw session.failure(response, what, "to hear whether it is there");
}

function nextStep(progress: Progress | null, upload: BlobUpload, session: RegistrySession): Promise<Step> {
  if (progress === null) return begin(upload, session);
  const left = upload.bytes.byteLength - progress.offset;
  const whole = progress.offset === 0 && left <= progress.chunk;
  return whole || left === 0 ? finish(progress, upload, session) : sendPart(progress, upload, session);
}

async function begin({ what, bytes, chunk }: BlobUpload, session: RegistrySession): Promise<Step> {
  const url = session.url("blobs/uploads/");
  const outcome = await session.attempt({ method: "POST", url });
  if (mayImprove(outcome) || outcome.kind === "broken") return { kind: "broken", outcome };
  const { response } = outcome;
  if (response.status !== 202) throw session.failure(response, what, "status 202, to begin an upload");
  const least = response.headers["oci-chunk-min-length"] ?? "0";
  if (!/^\d{1,12}$/.test(least) || Number(least) > Math.max(MAX_CHUNK_MIN_LENGTH, bytes.byteLength)) {
    throw invalid(what, `OCI-Chunk-Min-Length of at most ${MAX_CHUNK_MIN_LENGTH} bytes`, "another");
  }
  const progress = { location: locationOf(response, url, what), offset: 0, chunk: Math.max(chunk, Number(least)) };
  return { kind: "further", progress };
}

async function sendPart(progress: Progress, { bytes, what }: BlobUpload, session: RegistrySession): Promise<Step> {
  const end = Math.min(progress.offset + progress.chunk, bytes.byteLength);
  const outcome = await session.attempt({
    method: "PATCH",
    url: progress.location,
    headers: { ...OCTETS, "content-range": `${progress.offset}-${end - 1}` },
    body: bytes.subarray(progress.offset, end),
    timeoutMs: TRANSFER_TIMEOUT_MS,
  });
  // 416: it is not where we are, since a part of the last request did arrive.
  if (outcome.kind === "broken" || mayImprove(outcome) || outcome.response.status === 416) {
    return { kind: "broken", outcome };
  }
  const { response } = outcome;
  if (response.status !== 202) throw session.failure(response, what, "status 202 for a part of it");
  const offset = offsetOf(response);
  // A registry that takes parts and drops them would end with another blob.
  if (offset !== end) throw invalid(what, `${end} bytes confirmed`, offset === null ? "no Range" : `${offset} bytes`);
  const location = locationOf(response, progress.location, what);
  return { kind: "further", progress: { ...progress, location, offset } };
}

async function finish(
  progress: Progress,
  { bytes, digest, what }: BlobUpload,
  session: RegistrySession,
): Promise<Step> {
  const url = new URL(progress.location);
  // Added as text: what the registry put there must come back as it is.
  url.search = `${url.search === "" ? "?" : `${url.search}&`}digest=${encodeURIComponent(digest)}`;
  const rest = bytes.subarray(progress.offset);
  const outcome = await session.attempt({
    method: "PUT",
    url,
    headers: OCTETS,
    body: rest,
    timeoutMs: TRANSFER_TIMEOUT_MS,
  });
  if (outcome.kind === "broken" || mayImprove(outcome) || outcome.response.status === 416) {
    return { kind: "broken", outcome };
  }
  const { response } = outcome;
  if (response.status !== 201) throw session.failure(response, what, "status 201");
  const stored = response.headers["docker-content-digest"] ?? digest;
  if (stored !== digest) throw invalid(what, digest, stored.slice(0, 160));
  return { kind: "done" };
}

/**
 * Where an upload stands that broke.
 *
 * @returns null to begin again: the registry has forgotten it, or does not say.
 */
async function confirmed(
  progress: Progress,
  { bytes, what }: BlobUpload,
  session: RegistrySession,
): Promise<Progress | null> {
  const response = await session.send({ method: "GET", url: progress.location });
  if (response.status === 401 || response.status === 403) throw session.failure(response, what, "status 204");
  const offset = offsetOf(response);
  // More than was sent is another's upload. Nothing is no gain, and registries say `0-0` for nothing and for one byte.
  const most = Math.min(progress.offset + progress.chunk, bytes.byteLength);
  if (response.status !== 204 || offset === null || offset <= 1 || offset > most) return null;
  const moved = response.headers["location"] !== undefined;
  return { ...progress, offset, location: moved ? locationOf(response, progress.location, what) : progress.location };
}

/**
 * `Range: 0-END`, inclusive.
 *
 * @returns bytes; null for no such header.
 */
function offsetOf({ headers }: HttpResponse): number | null {
  const end = /^(?:bytes=)?0-(\d{1,15})$/.exec(headers["range"] ?? "")?.[1];
  return end === undefined ? null : Number(end) + 1;
}

/** What is sent may be evidence that is not public yet: it goes to the registry and nowhere else. */
function locationOf({ headers }: HttpResponse, from: URL, what: string): URL {
  return referralAtHome(headers["location"], from, `the upload of ${what}`);
}

function givenUp(outcome: Outcome, { what }: BlobUpload, session: RegistrySession): TouchmarkError {
  return outcome.kind === "broken"
    ? outcome.error
    : session.failure(outcome.response, what, `an upload with at most ${MAX_UPLOAD_BREAKS - 1} breaks`);
}

function invalid(what: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("REGISTRY_INVALID", `the upload of ${what} went wrong`, { expected, actual });
}

const OCTETS = { "content-type": "application/octet-stream" };
