import type { Answer, SeenRequest } from "../registry/fault-server.ts";
import type { TestSigstore } from "../sigstore/test-sigstore.ts";
import { timestampResponse } from "../sigstore/timestamp.ts";

/** RFC 3161, 2.4.1, of a query by SHA-256 without nonce and policy: what stands before the 32 bytes. */
const QUERY_START = "30360201013031300d060960864801650304020105000420";

/** RFC 3161 over HTTP. */
export function stamp(sigstore: TestSigstore, time: Date, { method, path, headers, body }: SeenRequest): Answer {
  if (method !== "POST" || path !== "/api/v1/timestamp") return { status: 404 };
  const query = Buffer.from(body);
  const isQuery = query.length === 56 && query.toString("hex").startsWith(QUERY_START);
  if (headers["content-type"] !== "application/timestamp-query" || !isQuery) return { status: 400 };
  const imprint = new Uint8Array(query.subarray(24));
  const reply = timestampResponse(sigstore.timestamps, new Uint8Array(), { time, imprint, certificates: [] });
  return { status: 201, headers: { "content-type": "application/timestamp-reply" }, body: reply };
}
