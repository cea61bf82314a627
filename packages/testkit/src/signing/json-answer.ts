import type { Answer } from "../registry/fault-server.ts";

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

export function jsonIn(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(body).toString());
}
