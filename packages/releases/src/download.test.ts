import { describe, expect, it } from "vitest";
import { type Answer, answeringHost } from "../test/answering-host.ts";
import { sha256 } from "../test/open.ts";
import { type Download, download } from "./download.ts";
import { downloadBudget } from "./download-budget.ts";
import { MAX_ASSET_BYTES } from "./limits.ts";

const URL_OF = "https://files.example.com/tool";
const CDN = "https://cdn.example.com/tool?signed=hush";
const BYTES = "all the bytes of a tool";

async function bring(answers: Record<string, Answer | readonly Answer[]>, change: Partial<Download> = {}) {
  const { host, requests, pauses } = answeringHost(answers);
  let text = "";
  const wanted: Download = {
    name: "tool",
    service: "the place",
    url: new URL(URL_OF),
    headers: { authorization: "Bearer hush" },
    secrets: ["hush"],
    contacts: ["files.example.com", "cdn.example.com"],
    size: null,
    declared: {},
    budget: downloadBudget(),
    ...change,
  };
  const sink = {
    restart: async () => {
      text = "";
    },
    write: async (chunk: Uint8Array) => {
      text += Buffer.from(chunk).toString();
    },
  };
  const saved = download(wanted, sink, host).then((one) => ({ ...one, text }));
  return { saved, requests, pauses };
}

describe("a file", () => {
  it("is hashed while it comes", async () => {
    const { saved } = await bring({ [URL_OF]: { body: BYTES } }, { size: 23, declared: { sha256: sha256(BYTES) } });
    expect(await saved).toEqual({ name: "tool", size: 23, sha256: sha256(BYTES), text: BYTES });
  });

  it("may lie where it is redirected to, which gets no token", async () => {
    const { saved, requests } = await bring({
      [URL_OF]: { status: 302, headers: { location: CDN } },
      [CDN]: { body: BYTES },
    });
    expect((await saved).text).toBe(BYTES);
    expect(requests.map(({ headers }) => headers)).toEqual([{ authorization: "Bearer hush" }, {}]);
  });

  it("gets no token again from a redirect that leads back", async () => {
    const back = "https://files.example.com/again";
    const { saved, requests } = await bring({
      [URL_OF]: { status: 302, headers: { location: CDN } },
      [CDN]: { status: 302, headers: { location: back } },
      [back]: { body: BYTES },
    });
    expect((await saved).text).toBe(BYTES);
    expect(requests.at(-1)).toMatchObject({ url: back, headers: {} });
  });

  it("whose transfer breaks off is begun again", async () => {
    const budget = downloadBudget(23);
    const { saved, pauses } = await bring({ [URL_OF]: [{ body: BYTES, breaksAfter: 8 }, { body: BYTES }] }, { budget });
    expect((await saved).text).toBe(BYTES);
    expect(pauses).toHaveLength(1);
  });
});

describe("is refused", () => {
  it.each<[string, string, Record<string, Answer>, Partial<Download>]>([
    [
      "a redirect to a stranger",
      "SERVICE_INVALID",
      { [URL_OF]: { status: 302, headers: { location: "https://evil.example/" } } },
      {},
    ],
    [
      "a redirect to plain http",
      "SERVICE_INVALID",
      { [URL_OF]: { status: 302, headers: { location: "http://cdn.example.com/" } } },
      {},
    ],
    [
      "a redirect with userinfo",
      "SERVICE_INVALID",
      { [URL_OF]: { status: 302, headers: { location: "https://a:b@cdn.example.com/" } } },
      {},
    ],
    [
      "a redirect to another port",
      "SERVICE_INVALID",
      { [URL_OF]: { status: 302, headers: { location: "https://cdn.example.com:444/" } } },
      {},
    ],
    [
      "a redirect to this machine",
      "SERVICE_INVALID",
      { [URL_OF]: { status: 302, headers: { location: "http://127.0.0.1/" } } },
      {},
    ],
    ["a redirect to nowhere", "SERVICE_INVALID", { [URL_OF]: { status: 302 } }, {}],
    ["redirects without end", "SERVICE_INVALID", { [URL_OF]: { status: 302, headers: { location: URL_OF } } }, {}],
    ["another digest", "SERVICE_INVALID", { [URL_OF]: { body: BYTES } }, { declared: { sha256: "0".repeat(64) } }],
    ["fewer bytes", "SERVICE_INVALID", { [URL_OF]: { body: BYTES } }, { size: 24 }],
    ["more bytes", "SERVICE_INVALID", { [URL_OF]: { body: BYTES } }, { size: 22 }],
    ["more than all may have", "LIMIT_EXCEEDED", { [URL_OF]: { body: BYTES } }, { budget: downloadBudget(22) }],
    ["more than one may have", "LIMIT_EXCEEDED", { [URL_OF]: { body: BYTES } }, { size: MAX_ASSET_BYTES + 1 }],
    ["a file that is gone", "SERVICE_DENIED", {}, {}],
    ["a file that breaks off each time", "SERVICE_INVALID", { [URL_OF]: { body: BYTES, breaksAfter: 8 } }, {}],
    ["a server that cannot now", "SERVICE_UNAVAILABLE", { [URL_OF]: { status: 503 } }, {}],
  ])("%s", async (_, code, answers, change) => {
    const { saved, requests } = await bring(answers, change);
    const error = await saved.catch((one: unknown) => one);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error)).not.toContain("hush");
    expect(requests.every(({ url }) => url.startsWith("https://files.example.com/"))).toBe(true);
  });
});
