import { randomUUID } from "node:crypto";
import type { Answer, SeenRequest } from "./fault-server.ts";
import { type RepositoryContent, referrersOf, sha256Of, subjectOf } from "./registry-content.ts";

/** The switches of the API that a test may set. */
export interface ApiOptions {
  /** Whether the referrers API is there; without it, 404 as of a registry of OCI 1.0. */
  readonly referrers: boolean;
  /** Descriptors in one answer of the referrers API; the next page is in `Link`. */
  readonly referrersPage: number;
  /** Announced as `OCI-Chunk-Min-Length`; 0 is not announced. Unit: bytes. */
  readonly chunkMinLength: number;
  /** Where blobs are redirected to, `http://HOST`; null to serve them. */
  readonly blobOrigin: string | null;
}

type Route = { readonly name: string; readonly kind: string; readonly rest: string; readonly query: URLSearchParams };

const INDEX = "application/vnd.oci.image.index.v1+json";

/** The part of the OCI distribution specification v1.1 that the tests need. */
export function answerApi(
  request: SeenRequest,
  repositoryOf: (name: string) => RepositoryContent,
  options: ApiOptions,
): Answer {
  const url = new URL(request.path, "http://registry");
  if (url.pathname === "/v2/") return { status: 200 };
  const [, name, kind, rest] =
    /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs|referrers)\/(.*)$/.exec(url.pathname) ?? [];
  if (name === undefined || kind === undefined || rest === undefined) return missing("NAME_UNKNOWN");
  const route: Route = { name, kind, rest, query: url.searchParams };
  const repository = repositoryOf(name);
  switch (kind) {
    case "manifests":
      return request.method === "PUT" ? putManifest(request, route, repository, options) : manifest(route, repository);
    case "blobs":
      return blob(request, route, repository, options);
    case "referrers":
      return options.referrers ? referrers(route, repository, options) : missing("NOT_FOUND");
    default:
      return upload(request, route, repository, options);
  }
}

function manifest({ rest }: Route, { manifests, tags }: RepositoryContent): Answer {
  const digest = rest.includes(":") ? rest : (tags.get(rest) ?? "");
  const found = manifests.get(digest);
  if (found === undefined) return missing("MANIFEST_UNKNOWN");
  return {
    status: 200,
    headers: { "content-type": found.mediaType, "docker-content-digest": digest },
    body: found.bytes,
  };
}

function putManifest(
  { headers, body }: SeenRequest,
  { name, rest }: Route,
  { manifests, tags }: RepositoryContent,
  options: ApiOptions,
): Answer {
  const digest = sha256Of(body);
  if (rest.includes(":") && rest !== digest) return error(400, "DIGEST_INVALID");
  manifests.set(digest, { bytes: body, mediaType: headers["content-type"] ?? "" });
  if (!rest.includes(":")) tags.set(rest, digest);
  const subject = options.referrers ? subjectOf(body) : null;
  return {
    status: 201,
    headers: {
      location: `/v2/${name}/manifests/${digest}`,
      "docker-content-digest": digest,
      ...(subject === null ? {} : { "oci-subject": subject }),
    },
  };
}

function blob(
  { method }: SeenRequest,
  { name, rest }: Route,
  { blobs }: RepositoryContent,
  { blobOrigin }: ApiOptions,
): Answer {
  const found = blobs.get(rest);
  if (found === undefined) return missing("BLOB_UNKNOWN");
  if (blobOrigin !== null && method === "GET") {
    return { status: 307, headers: { location: `${blobOrigin}/v2/${name}/blobs/${rest}?signature=for-this-url-only` } };
  }
  return { status: 200, headers: { "docker-content-digest": rest }, body: found };
}

function referrers({ name, rest, query }: Route, repository: RepositoryContent, { referrersPage }: ApiOptions): Answer {
  const type = query.get("artifactType");
  const all = referrersOf(repository, rest).filter((one) => type === null || one.artifactType === type);
  const start = Number(query.get("start") ?? "0");
  const end = start + referrersPage;
  const next = new URLSearchParams({ ...(type === null ? {} : { artifactType: type }), start: String(end) });
  return {
    status: 200,
    headers: {
      "content-type": INDEX,
      ...(type === null ? {} : { "oci-filters-applied": "artifactType" }),
      ...(end < all.length ? { link: `</v2/${name}/referrers/${rest}?${next}>; rel="next"` } : {}),
    },
    body: JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: all.slice(start, end) }),
  };
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks */
function upload(request: SeenRequest, route: Route, repository: RepositoryContent, options: ApiOptions): Answer {
  const { uploads, blobs } = repository;
  if (request.method === "POST") {
    const session = randomUUID();
    uploads.set(session, { session, bytes: new Uint8Array() });
    return progress(202, route, session, 0, options);
  }
  const begun = uploads.get(route.rest);
  if (begun === undefined) return missing("BLOB_UPLOAD_UNKNOWN");
  const range = request.headers["content-range"];
  if (range !== undefined && Number(range.split("-")[0]) !== begun.bytes.byteLength) {
    return progress(416, route, begun.session, begun.bytes.byteLength, options);
  }
  begun.bytes = new Uint8Array(Buffer.concat([begun.bytes, request.body]));
  if (request.method === "GET") return progress(204, route, begun.session, begun.bytes.byteLength, options);
  if (request.method === "PATCH") return progress(202, route, begun.session, begun.bytes.byteLength, options);
  uploads.delete(begun.session);
  const digest = sha256Of(begun.bytes);
  if (digest !== route.query.get("digest")) return error(400, "DIGEST_INVALID");
  blobs.set(digest, begun.bytes);
  return {
    status: 201,
    headers: { location: `/v2/${route.name}/blobs/${digest}`, "docker-content-digest": digest },
  };
}

function progress(
  status: number,
  { name }: Route,
  session: string,
  length: number,
  { chunkMinLength }: ApiOptions,
): Answer {
  return {
    status,
    headers: {
      // Another query each time: the last Location is the one to use.
      location: `/v2/${name}/blobs/uploads/${session}?state=${length}`,
      range: `0-${Math.max(0, length - 1)}`,
      ...(chunkMinLength === 0 ? {} : { "oci-chunk-min-length": String(chunkMinLength) }),
    },
  };
}

function missing(code: string): Answer {
  return error(404, code);
}

export function error(status: number, code: string, message = code.toLowerCase()): Answer {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ errors: [{ code, message }] }),
  };
}
