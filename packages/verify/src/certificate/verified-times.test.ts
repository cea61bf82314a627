import { describe, expect, it } from "vitest";
import type { RootMaterial } from "../roots/material.ts";
import type { Leaf } from "./leaf.ts";
import type { LogEntry } from "./log-entry.ts";
import type { TimestampToken } from "./timestamp-token.ts";
import { checkTimes, checkWindows, countParties, saysWhen, timesOf } from "./verified-times.ts";

const at = (time: string) => new Date(`2026-01-15T${time}Z`);
const id = (text: string) => Buffer.from(text);
const entry = (log: string, time: string | null = null, hasPromise = true) =>
  ({
    logId: id(log),
    integratedTime: time === null ? null : at(time).getTime() / 1_000,
    hasPromise,
  }) as unknown as LogEntry;
const token = (issuer: string, serialNumber: string, time = "12:00:00") =>
  ({ time: at(time), signer: { issuer: id(issuer), serialNumber: id(serialNumber) } }) as unknown as TimestampToken;
const log = (logId: string, operator: string, start = "00:00:00", end: string | null = null) => ({
  logId: id(logId),
  operator,
  start: at(start),
  end: end === null ? null : at(end),
});
const root = (logs: readonly object[], signers: readonly (readonly [string, string, string])[] = []) =>
  ({
    logs,
    timestampSigners: signers.map(([issuer, serialNumber, operator]) => ({
      issuer: id(issuer),
      serialNumber: id(serialNumber),
      operator,
    })),
  }) as unknown as RootMaterial;
const refusal = (code: string, expected: string, actual: string) => expect.objectContaining({ code, expected, actual });
const iso = (time: string) => at(time).toISOString();

describe("who says when", () => {
  it("a log that promised, about a time", () => {
    expect(saysWhen(entry("a", "12:00:00"))).toBe(true);
    expect(saysWhen(entry("a", "12:00:00", false))).toBe(false);
    expect(saysWhen(entry("a", null))).toBe(false);
  });

  it("of all, the earliest first", () => {
    const entries = [entry("a", "12:00:02"), entry("b", "11:00:00", false), entry("c")];
    expect(timesOf(entries, [token("t", "1", "12:00:03"), token("t", "2", "12:00:01")])).toEqual(
      ["12:00:01", "12:00:02", "12:00:03"].map(at),
    );
  });
});

describe("times and the certificate's", () => {
  const leaf = { notBefore: at("12:00:00"), notAfter: at("12:10:00") } as unknown as Leaf;
  const late = (actual: string) => refusal("TIMESTAMP_INVALID", `${iso("12:00:00")} to ${iso("12:10:00")}`, actual);

  it("the first and the last moment are inside", () => {
    checkTimes(leaf, [at("12:00:00"), at("12:10:00")]);
  });

  it.each([["11:59:59.999"], ["12:10:00.001"]])("%s is outside, also beside one inside", (time) => {
    expect(() => checkTimes(leaf, [at(time)])).toThrow(late(iso(time)));
    expect(() => checkTimes(leaf, [at("12:05:00"), at(time)])).toThrow(late(iso(time)));
    expect(() => checkTimes(leaf, [at(time), at("12:05:00")])).toThrow(late(iso(time)));
  });

  it("none at all is not inside", () => {
    expect(() => checkTimes(leaf, [])).toThrow(late("no time that anybody vouches for"));
  });
});

describe("times and a log's", () => {
  const closed = root([log("a", "one", "12:00:00", "12:10:00")]);
  const unused = (periods: string, ...times: readonly string[]) =>
    refusal("LOG_ENTRY_INVALID", periods, times.map(iso).join(", "));
  const from = (start: string, end: string | null) => `${iso(start)} to ${end === null ? "now" : iso(end)}`;

  it("the first and the last moment are inside, and what has no end does not end", () => {
    checkWindows([entry("a")], closed, [at("12:00:00"), at("12:10:00")]);
    checkWindows([entry("a")], root([log("a", "one", "12:00:00")]), [at("23:00:00")]);
  });

  it.each([["11:59:59.999"], ["12:10:00.001"]])("%s is outside, also beside one inside", (time) => {
    const period = from("12:00:00", "12:10:00");
    expect(() => checkWindows([entry("a")], closed, [at(time)])).toThrow(unused(period, time));
    expect(() => checkWindows([entry("a")], closed, [at("12:05:00"), at(time)])).toThrow(
      unused(period, "12:05:00", time),
    );
  });

  it("one window must hold all times, whichever of the log's it is", () => {
    const two = root([log("a", "one", "12:00:00", "12:05:00"), log("a", "one", "12:06:00", "12:10:00")]);
    checkWindows([entry("a")], two, [at("12:07:00"), at("12:08:00")]);
    expect(() => checkWindows([entry("a")], two, [at("12:01:00"), at("12:07:00")])).toThrow(
      unused(`${from("12:00:00", "12:05:00")}, ${from("12:06:00", "12:10:00")}`, "12:01:00", "12:07:00"),
    );
  });

  it("another log's window is none, and every entry needs one", () => {
    const other = root([log("a", "one", "12:00:00"), log("b", "two", "12:09:00")]);
    checkWindows([entry("a")], other, [at("12:05:00")]);
    expect(() => checkWindows([entry("a"), entry("b")], other, [at("12:05:00")])).toThrow(
      unused(from("12:09:00", null), "12:05:00"),
    );
    expect(() => checkWindows([entry("c")], other, [at("12:05:00")])).toThrow(unused("", "12:05:00"));
  });
});

describe("parties", () => {
  const trusted = root(
    [log("a", "one"), log("a2", "one"), log("b", "two")],
    [
      ["t", "1", "clock"],
      ["t", "2", "clock"],
      ["u", "1", "other clock"],
    ],
  );
  const count = (entries: readonly LogEntry[], tokens: readonly TimestampToken[], logs: number, times: number) =>
    countParties({ entries, tokens }, trusted, { logs, times });

  const fewLogs = (wanted: string, there: string) => refusal("LOG_ENTRY_INVALID", wanted, there);
  const fewTimes = (wanted: string, there: string) => refusal("TIMESTAMP_INVALID", wanted, there);

  it("logs of one operator are one, of two are two", () => {
    count([entry("a"), entry("b")], [token("t", "1")], 2, 1);
    expect(() => count([entry("a"), entry("a2")], [token("t", "1")], 2, 1)).toThrow(fewLogs("2", "1"));
    expect(() => count([], [token("t", "1")], 1, 1)).toThrow(fewLogs("1", "0"));
    count([], [token("t", "1")], 0, 1);
  });

  it("clocks of one operator are one, of two are two", () => {
    count([entry("a")], [token("t", "1"), token("u", "1")], 1, 2);
    expect(() => count([entry("a")], [token("t", "1"), token("t", "2")], 1, 2)).toThrow(fewTimes("2", "1"));
    expect(() => count([entry("a")], [], 1, 1)).toThrow(fewTimes("1", "0"));
  });

  it("a log is a clock where it promised a time", () => {
    count([entry("a", "12:00:00")], [token("t", "1")], 1, 2);
    expect(() => count([entry("a", "12:00:00", false)], [token("t", "1")], 1, 2)).toThrow(fewTimes("2", "1"));
  });

  it("whoever the roots do not name is none", () => {
    expect(() => count([entry("c")], [token("t", "1")], 1, 1)).toThrow(fewLogs("1", "0"));
    expect(() => count([entry("a")], [token("t", "3")], 1, 1)).toThrow(fewTimes("1", "0"));
    expect(() => count([entry("a")], [token("v", "1")], 1, 1)).toThrow(fewTimes("1", "0"));
  });
});
