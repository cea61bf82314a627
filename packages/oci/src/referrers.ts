import { issueText, isTouchmarkError, parseJson, TouchmarkError } from "@touchmark/core";
import type { HttpResponse } from "@touchmark/plugin";
import * as z from "zod";
import { Descriptor } from "./descriptor.ts";
import { digestParts } from "./image-digest.ts";
import type { ManifestBytes } from "./image-source.ts";
import { MAX_MANIFEST_BYTES } from "./limits.ts";
import { EMPTY_CONFIG, OCI_INDEX } from "./media-types.ts";
import { referralAtHome } from "./referral.ts";
import { MAX_REFERRER_PAGES, MAX_REFERRERS, MAX_REFERRERS_BYTES } from "./registry-limits.ts";
import type { RegistrySession } from "./registry-session.ts";

/** What refers to a digest. */
export interface ReferrersAnswer {
  /** `api`: the registry lists them. `tag-schema`: it cannot, and this is what clients wrote under a tag, if anything. */
  readonly kind: "api" | "tag-schema";
  readonly descriptors: readonly Descriptor[];
}

export interface ReferrersRequest {
  readonly digest: string;
  readonly artifactType: string | null;
  /** For messages: the repository's name. */
  readonly label: string;
}

/** As an answer of the API, and as clients write it under the tag. */
const Index = z.object({ mediaType: z.literal(OCI_INDEX).optional(), manifests: z.array(Descriptor) });

/** Answers of registries that do not know the API: 404 by the specification, the others as seen. */
const UNKNOWN_API = new Set([400, 404, 405, 406, 501]);

/**
 * The tag under which clients keep the list where a registry cannot: `sha256-<hex>`.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 *
 * @throws TouchmarkError `INPUT_INVALID` for what is no digest.
 */
export function referrersTag(digest: string): string {
  const { algorithm, hex } = digestParts(digest);
  return `${algorithm}-${hex.slice(0, 64)}`;
}

/**
 * Everything that refers to a digest, or an error; never a part of it.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 *
 * @param readTag - a manifest by its tag; null where there is none.
 * @throws TouchmarkError `LIMIT_EXCEEDED` above {@link MAX_REFERRERS}, {@link MAX_REFERRER_PAGES},
 * {@link MAX_REFERRERS_BYTES}; `REGISTRY_INVALID` for an answer that is no index, or a page elsewhere.
 */
export async function listReferrers(
  request: ReferrersRequest,
  session: RegistrySession,
  readTag: (tag: string) => Promise<ManifestBytes | null>,
): Promise<ReferrersAnswer> {
  const what = `the list of what refers to ${request.digest} in ${request.label}`;
  const first = session.url(`referrers/${request.digest}`);
  if (request.artifactType !== null) first.searchParams.set("artifactType", request.artifactType);
  const listing: Descriptor[] = [];
  let bytes = 0;
  let next: URL | null = first;
  for (let pages = 0; next !== null; pages += 1) {
    if (pages === MAX_REFERRER_PAGES) throw flooded(what, `at most ${MAX_REFERRER_PAGES} pages`);
    const response = await page(next, session, what);
    if (pages === 0 && isUnknownApi(response)) return fromTag(request, what, readTag);
    if (response.status !== 200) throw session.failure(response, what, "status 200");
    bytes += response.body.byteLength;
    if (bytes > MAX_REFERRERS_BYTES) throw flooded(what, `at most ${MAX_REFERRERS_BYTES} bytes`);
    listing.push(...wanted(response.body, request, what));
    if (listing.length > MAX_REFERRERS) throw flooded(what, `at most ${MAX_REFERRERS} descriptors`);
    next = nextPage(response, next, first, what);
  }
  return { kind: "api", descriptors: listing };
}

async function page(url: URL, session: RegistrySession, what: string): Promise<HttpResponse> {
  try {
    return await session.send({ method: "GET", url, headers: { accept: OCI_INDEX }, maxBody: MAX_MANIFEST_BYTES });
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "INPUT_TOO_LARGE") throw error;
    throw flooded(what, `pages of at most ${MAX_MANIFEST_BYTES} bytes`);
  }
}

/** Also an answer of no bytes at all, which says no more than a 404 does. */
function isUnknownApi({ status, body }: HttpResponse): boolean {
  return UNKNOWN_API.has(status) || (status === 200 && body.byteLength === 0);
}

async function fromTag(
  request: ReferrersRequest,
  what: string,
  readTag: (tag: string) => Promise<ManifestBytes | null>,
): Promise<ReferrersAnswer> {
  const manifest = await readTag(referrersTag(request.digest));
  const descriptors = manifest === null ? [] : wanted(manifest.bytes, request, what);
  if (descriptors.length > MAX_REFERRERS) throw flooded(what, `at most ${MAX_REFERRERS} descriptors`);
  return { kind: "tag-schema", descriptors };
}

/** `OCI-Filters-Applied` says only that somebody filtered; each descriptor says of what type it is. */
function wanted(body: Uint8Array, { artifactType }: ReferrersRequest, what: string): readonly Descriptor[] {
  const index = Index.safeParse(jsonOf(body, what));
  if (!index.success) throw notAnIndex(what, issueText(index.error));
  return index.data.manifests.filter((one) => artifactType === null || mayBeOf(one, artifactType));
}

/** go-containerregistry lists every manifest by the type of its configuration, which for an artifact is the empty one. */
function mayBeOf(descriptor: Descriptor, artifactType: string): boolean {
  return [artifactType, undefined, EMPTY_CONFIG].includes(descriptor.artifactType);
}

function jsonOf(body: Uint8Array, what: string): unknown {
  try {
    return parseJson(body, { what, maxBytes: MAX_MANIFEST_BYTES });
  } catch (error) {
    throw notAnIndex(what, (isTouchmarkError(error) && error.actual) || "something else");
  }
}

/** https://www.rfc-editor.org/rfc/rfc8288: `<URL>; rel="next"`, of the same list on the same host. */
function nextPage({ headers }: HttpResponse, current: URL, first: URL, what: string): URL | null {
  const link = headers["link"];
  if (link === undefined) return null;
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link)?.[1];
  if (target === undefined) return null;
  const next = referralAtHome(target, current, `the next page of ${what}`);
  if (next.pathname === first.pathname) return next;
  throw new TouchmarkError("REGISTRY_INVALID", `the next page of ${what} leads where it must not`, {
    expected: first.pathname,
    actual: next.pathname.slice(0, 300),
  });
}

function notAnIndex(what: string, actual: string): TouchmarkError {
  return new TouchmarkError("REGISTRY_INVALID", `${what} is no index`, {
    expected: "an OCI image index with descriptors",
    actual,
  });
}

function flooded(what: string, expected: string): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", `${what} is too long to be read`, { expected, actual: "more" });
}
