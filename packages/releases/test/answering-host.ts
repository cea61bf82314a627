import { TouchmarkError } from "@touchmark/core";
import type { Host, HttpRequest } from "@touchmark/plugin";

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | object;
  /** Ends the body after so many bytes, as a broken line does. */
  readonly breaksAfter?: number;
}

/** A host whose network is a list of answers by URL; of several for one URL each is given once, the last one again and again. */
export interface AnsweringHost {
  readonly host: Host;
  /** What was asked, in order. */
  readonly requests: HttpRequest[];
  readonly pauses: number[];
}

export function answeringHost(answers: Readonly<Record<string, Answer | readonly Answer[]>>): AnsweringHost {
  const requests: HttpRequest[] = [];
  const pauses: number[] = [];
  const times = new Map<string, number>();
  const answerTo = (request: HttpRequest): Required<Pick<Answer, "status" | "headers">> & Answer => {
    requests.push(request);
    const listed = answers[request.url];
    const all = listed === undefined ? [] : Array.isArray(listed) ? (listed as readonly Answer[]) : [listed as Answer];
    const time = times.get(request.url) ?? 0;
    times.set(request.url, time + 1);
    const answer = all[Math.min(time, all.length - 1)];
    return { status: answer === undefined ? 404 : 200, headers: {}, ...answer };
  };
  const partial: Partial<Host> = {
    signal: new AbortController().signal,
    wait: async (ms) => {
      pauses.push(ms);
    },
    elapsed: () => 0,
    fetch: async (request) => {
      const { status, headers, body } = answerTo(request);
      return { status, headers, body: bytesOf(body) };
    },
    fetchStream: async (request) => {
      const { status, headers, body, breaksAfter } = answerTo(request);
      const bytes = bytesOf(body);
      async function* chunks() {
        for (let at = 0; at < bytes.byteLength; at += 4) {
          if (breaksAfter !== undefined && at >= breaksAfter) {
            throw new TouchmarkError("REGISTRY_INVALID", "the answer ends early");
          }
          if (at + 4 > request.maxBody && bytes.byteLength > request.maxBody) {
            throw new TouchmarkError("INPUT_TOO_LARGE", "the answer is too large to read");
          }
          yield bytes.subarray(at, at + 4);
        }
      }
      return { status, headers, body: chunks() };
    },
  };
  return { host: partial as Host, requests, pauses };
}

function bytesOf(body: Answer["body"]): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}
