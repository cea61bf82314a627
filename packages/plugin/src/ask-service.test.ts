import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { askService, type ServiceCall, serviceRefusal } from "./ask-service.ts";
import type { Host } from "./host.ts";
import type { HttpResponse } from "./network.ts";
import type { ServiceRetry } from "./service-retry.ts";

type Reply = Partial<HttpResponse> | TouchmarkError;

const call: ServiceCall = {
  service: "the log",
  request: { method: "POST", url: "https://log.example/entries?key=secret", maxBody: 100, referredBy: null },
  secrets: ["sEcReT"],
};
const text = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const down = new TouchmarkError("NETWORK_UNAVAILABLE", "log.example did not answer", { expected: "a", actual: "b" });

/** Asks a service that gives these replies in turn, each `after` so many milliseconds. */
async function askedFor(after: number, change: Partial<ServiceCall>, ...replies: readonly Reply[]) {
  const pauses: number[] = [];
  const timeouts: number[] = [];
  const retries: ServiceRetry[] = [];
  let now = 5_000_000;
  const host = {
    async fetch({ timeoutMs }: { timeoutMs: number }) {
      const reply = replies[timeouts.length];
      timeouts.push(timeoutMs);
      now += after;
      if (reply instanceof Error) throw reply;
      if (reply === undefined) throw new Error("one request too many");
      return { status: 200, headers: {}, body: new Uint8Array(), ...reply };
    },
    async wait(ms: number) {
      pauses.push(ms);
      now += ms;
    },
    elapsed: () => now,
    retrying: (retry: ServiceRetry) => retries.push(retry),
  } as unknown as Host;
  const outcome = await askService(host, { ...call, ...change }).catch((error: unknown) => error);
  return { outcome, pauses, timeouts, retries };
}

const asked = (...replies: readonly Reply[]) => askedFor(0, {}, ...replies);

describe("asks", () => {
  it("once, when an answer comes", async () => {
    for (const status of [200, 201, 307, 400, 401, 404, 409]) {
      expect(await asked({ status })).toMatchObject({ outcome: { status }, pauses: [], timeouts: [30_000] });
    }
  });

  it("again with growing pauses while the service says later", async () => {
    const { outcome, pauses } = await asked({ status: 429 }, { status: 503 }, { status: 201 });
    expect(outcome).toMatchObject({ status: 201 });
    expect(pauses).toEqual([500, 1_000]);
  });

  it("again when no whole answer comes", async () => {
    const cut = new TouchmarkError("REGISTRY_INVALID", "the answer of log.example ends early");
    expect(await asked(down, cut, {})).toMatchObject({ outcome: { status: 200 }, pauses: [500, 1_000] });
  });

  it("after the pause that the service wants, when anybody would wait so long", async () => {
    const later = (seconds: string) => ({ status: 429, headers: { "retry-after": seconds } });
    expect(await asked(later("7"), {})).toMatchObject({ outcome: { status: 200 }, pauses: [7_000] });
    expect(await asked(later("31"))).toMatchObject({ outcome: { code: "SERVICE_UNAVAILABLE" }, pauses: [] });
    expect(await asked(later("soon"), {})).toMatchObject({ pauses: [500] });
  });

  it("after the date that the service names, by its own clock", async () => {
    const at = (second: string) => `Fri, 02 Jan 2026 03:04:${second} GMT`;
    const later = (until: string, date?: string) => ({
      status: 503,
      headers: { "retry-after": until, ...(date === undefined ? {} : { date }) },
    });
    expect(await asked(later(at("12"), at("05")), {})).toMatchObject({ pauses: [7_000] });
    expect(await asked(later(at("01"), at("05")), {})).toMatchObject({ pauses: [0] });
    expect(await asked(later(at("12")), {})).toMatchObject({ pauses: [500] });
    const late = await asked(later(at("36"), at("05")));
    expect(late).toMatchObject({ outcome: { code: "SERVICE_UNAVAILABLE" }, pauses: [] });
  });
});

describe("whoever waits", () => {
  const busy = { status: 503, headers: { "x-request-id": "r-7" }, body: text({ message: "no sEcReT" }) };

  it("is told before each pause what came, and that it goes on", async () => {
    const { retries } = await asked(down, busy, {});
    expect(retries).toEqual([
      {
        failure: expect.objectContaining({
          code: "NETWORK_UNAVAILABLE",
          message: "the log: log.example did not answer",
        }),
        pauseMs: 500,
      },
      {
        failure: expect.objectContaining({
          code: "SERVICE_UNAVAILABLE",
          message: "the log at log.example could not do it now",
          actual: "status 503: no … (request r-7)",
        }),
        pauseMs: 1_000,
      },
    ]);
  });

  it("is told nothing where nothing goes on", async () => {
    expect((await asked({ status: 403 })).retries).toEqual([]);
    expect((await asked(down, down, down)).retries).toHaveLength(2);
  });

  it.each<[string, number, Partial<ServiceCall>, number]>([
    ["never answers", 30_000, {}, 2],
    ["never answers, where 20 s are enough", 20_000, { timeoutMs: 20_000 }, 2],
    ["fails late", 13_000, {}, 3],
    ["fails so late that a third answer would be one too many", 19_250, {}, 3],
    ["fails later still", 19_251, {}, 2],
  ])("for a service that %s does so for a minute or less", async (_name, after, change, times) => {
    const replies = Array.from({ length: times }, () => down);
    const { outcome, timeouts } = await askedFor(after, change, ...replies);
    expect(outcome).toMatchObject({ code: "NETWORK_UNAVAILABLE" });
    expect(timeouts).toEqual(Array(times).fill(change.timeoutMs ?? 30_000));
  });

  it("does not wait for a time after which nothing is asked", async () => {
    const later = { status: 503, headers: { "retry-after": "25" } };
    expect(await asked(later, later)).toMatchObject({ outcome: { code: "SERVICE_UNAVAILABLE" }, pauses: [25_000] });
  });
});

describe("gives up", () => {
  it.each<[string, readonly Reply[], string]>([
    ["NETWORK_UNAVAILABLE", [down, down, down], "the log: log.example did not answer"],
    ["SERVICE_UNAVAILABLE", Array(3).fill({ status: 502 }), "the log at log.example could not do it now"],
    [
      "SERVICE_INVALID",
      Array(3).fill(new TouchmarkError("REGISTRY_INVALID", "the answer of log.example ends early")),
      "the log: the answer of log.example ends early",
    ],
    [
      "SERVICE_INVALID",
      [new TouchmarkError("INPUT_TOO_LARGE", "the answer of log.example is too large to read")],
      "the log: the answer of log.example is too large to read",
    ],
    [
      "NETWORK_REFUSED",
      [new TouchmarkError("NETWORK_REFUSED", "log.example is not contacted")],
      "log.example is not contacted",
    ],
    ["ABORTED", [new TouchmarkError("ABORTED", "interrupted")], "interrupted"],
  ])("with %s", async (code, replies, message) => {
    expect((await asked(...replies)).outcome).toMatchObject({ code, message });
  });

  it("at once on what is no error of ours", async () => {
    const bug = new TypeError("bug");
    expect((await asked(bug as never)).outcome).toBe(bug);
  });
});

describe("a refusal", () => {
  const refusal = (response: Partial<HttpResponse>) =>
    serviceRefusal(call, { status: 400, headers: {}, body: new Uint8Array(), ...response }, "201");

  it.each([
    [200, "SERVICE_INVALID"],
    [302, "SERVICE_INVALID"],
    [400, "SERVICE_DENIED"],
    [403, "SERVICE_DENIED"],
    [429, "SERVICE_UNAVAILABLE"],
    [500, "SERVICE_UNAVAILABLE"],
  ])("with status %i is %s", (status, code) => {
    expect(refusal({ status })).toMatchObject({ code, expected: "201", actual: `status ${status}` });
  });

  it("repeats the service's words and the request's number", () => {
    const body = text({ message: "no\u001b[2J\nsuch thing", code: 5 });
    expect(refusal({ body, headers: { "x-request-id": "abc-1" } }).actual).toBe(
      "status 400: no [2J such thing (request abc-1)",
    );
  });

  it("repeats no secret, nothing that looks like a token, no query, and not too much", () => {
    const jwt = `eyJhbGciOiJSUzI1NiJ9xx.eyJzdWIiOiJhIn0.${"c2ln".repeat(9)}`;
    const error = refusal({ body: text({ message: `sEcReT ${jwt} ${"long ".repeat(200)}` }) });
    if (!isTouchmarkError(error)) throw error;
    expect(error.actual).toMatch(/^status 400: … … long /);
    expect(error.actual?.length).toBeLessThan(330);
    expect(`${error.message} ${error.stack}`).not.toContain("secret");
  });

  it.each<[string, Uint8Array]>([
    ["HTML", text("<html>")],
    ["another form", text({ error: "x" })],
    ["a message that is no text", text({ message: { a: 1 } })],
  ])("without words, for %s", (_name, body) => {
    expect(refusal({ body, headers: { "x-request-id": "a b\n" } }).actual).toBe("status 400");
  });
});
