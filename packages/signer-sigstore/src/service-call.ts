import type { HttpRequest } from "@touchmark/plugin";

/** The JSON that is posted to a service. */
export function jsonPost(url: string, body: unknown, maxBody: number): Omit<HttpRequest, "timeoutMs"> {
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
    maxBody,
    referredBy: null,
  };
}

/** 200 and 201: the services do not agree on one of them. */
export function isMade(status: number): boolean {
  return status === 200 || status === 201;
}
