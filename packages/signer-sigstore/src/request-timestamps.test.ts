import { createHash } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";
import type { Host, HttpRequest } from "@touchmark/plugin";
import { expect, it } from "vitest";
import { requestTimestamps } from "./request-timestamps.ts";

const signature = new Uint8Array([1, 2, 3]);
const imprint = createHash("sha256").update(signature).digest();
/** Granted, and a token that holds the imprint, with its authority's name behind it. */
function stamped(name: string): Uint8Array {
  const token = Buffer.concat([Buffer.from("0420", "hex"), imprint, Buffer.from(name)]);
  const content = Buffer.concat([Buffer.from("3003020100", "hex"), token]);
  return Buffer.concat([Buffer.from([0x30, content.byteLength]), content]);
}

type Reply = "stamps" | 403 | "garbage" | TouchmarkError;

/** Asks authorities `a`, `b`, … that reply so; what came of it, and who was asked. */
async function asked(wanted: number, replies: readonly Reply[]) {
  const names = replies.map((_, at) => String.fromCharCode(97 + at));
  const order: string[] = [];
  const host = {
    async fetch({ url }: HttpRequest) {
      const name = new URL(url).hostname;
      order.push(name);
      const reply = replies[names.indexOf(name)];
      if (reply instanceof Error) throw reply;
      const body = reply === "stamps" ? stamped(name) : new Uint8Array([1]);
      return { status: reply === 403 ? 403 : 200, headers: {}, body };
    },
    async wait() {},
    elapsed: () => 0,
  } as unknown as Host;
  const timestampAuthorities = names.map((name) => `https://${name}/tsr`);
  const instance = { certificateAuthority: "https://f", logs: [], timestampAuthorities, timestamps: wanted };
  const made = await Promise.allSettled(requestTimestamps(instance, signature, host));
  const outcome = made.map((one) =>
    one.status === "fulfilled" ? Buffer.from(one.value.subarray(-1)).toString() : one.reason.code,
  );
  return { outcome, asked: order.join("") };
}

const down = new TouchmarkError("NETWORK_UNAVAILABLE", "a did not answer");

it.each<[string, number, readonly Reply[], readonly string[], string]>([
  ["the first alone, where one is wanted", 1, ["stamps", "stamps"], ["a"], "a"],
  ["two, each of another authority", 2, ["stamps", "stamps", "stamps"], ["a", "b"], "ab"],
  ["the next, where the first refuses", 1, [403, "stamps"], ["b"], "ab"],
  ["the next, where the first answers garbage", 1, ["garbage", "stamps"], ["b"], "ab"],
  ["the next, where the first does not answer", 1, [down, "stamps"], ["b"], "aaab"],
  ["the third for the second", 2, ["stamps", 403, "stamps"], ["a", "c"], "abc"],
  ["no authority twice", 2, [403, 403, "stamps", "stamps"], ["c", "d"], "abcd"],
  ["an error, where too few are left", 2, ["stamps", 403], ["a", "SERVICE_DENIED"], "ab"],
  ["the last one's error, where all fail", 1, ["garbage", 403], ["SERVICE_DENIED"], "ab"],
  ["none, where none is wanted", 0, [], [], ""],
])("asks %s", async (_name, wanted, replies, outcome, order) => {
  expect(await asked(wanted, replies)).toEqual({ outcome, asked: order });
});

it("asks nobody else after an interruption, or for what we did wrong", async () => {
  for (const code of ["ABORTED", "NETWORK_REFUSED"] as const) {
    expect(await asked(1, [new TouchmarkError(code, "x"), "stamps"])).toEqual({ outcome: [code], asked: "a" });
  }
});
