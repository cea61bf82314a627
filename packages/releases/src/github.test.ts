import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Answer } from "../test/answering-host.ts";
import { bytesOf, evidenceOf, open, sha256 } from "../test/open.ts";
import { MAX_ASSETS, MAX_ATTESTATION_PAGES } from "./limits.ts";

const API = "https://api.github.com/repos/octo/tool";
const TAG = `${API}/releases/tags/v1.0.0`;
const LIST = `${API}/releases/7/assets?per_page=100&page=`;
const PAGE = "https://github.com/octo/tool/releases/download/v1.0.0";
const CDN = "https://release-assets.githubusercontent.com/1/tool?signed";
const BYTES = "the bytes of a tool";
const asset = { id: 1, name: "tool", size: 19, state: "uploaded", digest: `sha256:${sha256(BYTES)}` };
const ABOUT = `${API}/attestations/sha256%3A${sha256(BYTES)}?per_page=100`;
const STORE = "https://tmaproduction.blob.core.windows.net/attestations/1/2.json.sn";
const ANSWERS: Record<string, Answer | readonly Answer[]> = {
  [TAG]: { body: { id: 7, tag_name: "v1.0.0", draft: false } },
  [`${LIST}1`]: { body: [asset] },
  [`${PAGE}/tool`]: { status: 302, headers: { location: CDN } },
  [CDN]: { body: BYTES },
};
const open1 = (change: Record<string, Answer | readonly Answer[]> = {}, options = {}) =>
  open("gh:octo/tool@v1.0.0", { ...ANSWERS, ...change }, options);

describe("a release", () => {
  it("is its files, from the page's own address", async () => {
    const { release, requests } = await open1();
    expect(release.assets.map(({ name }) => name)).toEqual(["tool"]);
    expect(await bytesOf(release.assets[0])).toBe(BYTES);
    expect(requests.map(({ url }) => url)).toEqual([TAG, `${LIST}1`, `${PAGE}/tool`, CDN]);
  });

  it("is asked for with the token, which no redirect gets", async () => {
    const byId = `${API}/releases/assets/1`;
    const answers = { [byId]: { status: 302, headers: { location: CDN } } };
    const { release, requests } = await open1(answers, { token: "hush" });
    expect(await bytesOf(release.assets[0])).toBe(BYTES);
    expect(requests.map(({ url, headers }) => [url, headers?.["authorization"]])).toEqual([
      [TAG, "Bearer hush"],
      [`${LIST}1`, "Bearer hush"],
      [byId, "Bearer hush"],
      [CDN, undefined],
    ]);
  });

  it("has its files on any number of pages", async () => {
    const page = (first: number) =>
      Array.from({ length: 100 }, (_, index) => ({ ...asset, id: first + index, name: `tool-${first + index}` }));
    const { release } = await open1({
      [`${LIST}1`]: { body: page(1) },
      [`${LIST}2`]: { body: page(101) },
      [`${LIST}3`]: { body: [] },
    });
    expect(release.assets).toHaveLength(200);
  });

  it("of a renamed repository is followed on the API alone", async () => {
    const moved = "https://api.github.com/repositories/9/releases/tags/v1.0.0";
    const { release } = await open1({
      [TAG]: { status: 301, headers: { location: moved } },
      [moved]: ANSWERS[TAG] ?? {},
    });
    expect(release.assets).toHaveLength(1);
  });
});

describe("a release is refused", () => {
  it.each<[string, string, Record<string, Answer | readonly Answer[]>]>([
    ["that is not there", "TARGET_MISSING", { [TAG]: { status: 404 } }],
    ["with another tag", "SERVICE_INVALID", { [TAG]: { body: { id: 7, tag_name: "v0.9.0", draft: false } } }],
    ["that is a draft", "SERVICE_INVALID", { [TAG]: { body: { id: 7, tag_name: "v1.0.0", draft: true } } }],
    ["that is no JSON", "SERVICE_INVALID", { [TAG]: { body: "<html>" } }],
    ["of somebody else", "SERVICE_INVALID", { [TAG]: { status: 301, headers: { location: "https://evil.example/" } } }],
    ["that moves for ever", "SERVICE_INVALID", { [TAG]: { status: 301, headers: { location: TAG } } }],
    ["that nobody may read", "SERVICE_DENIED", { [TAG]: { status: 403, body: { message: "no" } } }],
    [
      "above the rate limit",
      "SERVICE_UNAVAILABLE",
      { [TAG]: { status: 403, headers: { "x-ratelimit-remaining": "0" } } },
    ],
    ["with a name that leads out", "NAME_REFUSED", { [`${LIST}1`]: { body: [{ ...asset, name: "../tool" }] } }],
    ["with a name of two segments", "NAME_REFUSED", { [`${LIST}1`]: { body: [{ ...asset, name: "a/tool" }] } }],
    ["with a name of dots", "NAME_REFUSED", { [`${LIST}1`]: { body: [{ ...asset, name: ".." }] } }],
    ["with a name of a stream", "NAME_REFUSED", { [`${LIST}1`]: { body: [{ ...asset, name: "tool:x" }] } }],
    ["with a name that is too long", "NAME_REFUSED", { [`${LIST}1`]: { body: [{ ...asset, name: "ä".repeat(128) }] } }],
    ["with one name twice", "SERVICE_INVALID", { [`${LIST}1`]: { body: [asset, { ...asset, id: 2 }] } }],
    ["with a file that is not whole", "SERVICE_INVALID", { [`${LIST}1`]: { body: [{ ...asset, state: "starter" }] } }],
  ])("%s", async (_, code, change) => {
    await expect(open1(change)).rejects.toMatchObject({ code });
  });

  it("whose pages never end", async () => {
    const pages = Object.fromEntries(
      Array.from({ length: 12 }, (_, page) => [
        `${LIST}${page + 1}`,
        { body: Array.from({ length: 100 }, (_, index) => ({ ...asset, name: `tool-${page}-${index}` })) },
      ]),
    );
    const { requests } = await open1();
    expect(requests).toHaveLength(2);
    await expect(open1(pages)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED", expected: `at most ${MAX_ASSETS}` });
  });
});

describe("attestations", () => {
  const bundle = { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" };

  it("come with the answer, each once", async () => {
    const opened = await open1({ [ABOUT]: { body: { attestations: [{ bundle }, { bundle }] } } });
    expect(await evidenceOf(opened)).toEqual([
      { name: "attestation 1 of tool at api.github.com", text: JSON.stringify(bundle) },
    ]);
  });

  it("lie packed behind an address, which gets no token", async () => {
    const packed = new Uint8Array(readFileSync(new URL("../fixtures/bundle.json.sn", import.meta.url)));
    const answer = { attestations: [{ bundle: null, bundle_url: `${STORE}?sig=1` }, { bundle_url: `${STORE}?sig=2` }] };
    const opened = await open1(
      {
        [`${API}/releases/assets/1`]: { body: BYTES },
        [ABOUT]: { body: answer },
        [`${STORE}?sig=1`]: { body: packed },
      },
      { token: "hush" },
    );
    const [one, ...more] = await evidenceOf(opened);
    expect(JSON.parse(one?.text ?? "")).toMatchObject(bundle);
    expect(more).toEqual([]);
    expect(opened.requests.at(-1)?.headers).toBeUndefined();
  });

  it("that cannot be unpacked are given as they are", async () => {
    const body = { attestations: [{ bundle_url: STORE }] };
    const opened = await open1({ [ABOUT]: { body }, [STORE]: { body: "\u0001nothing" } });
    expect((await evidenceOf(opened)).map(({ text }) => text)).toEqual(["\u0001nothing"]);
  });

  it("come on pages, of which only the cursor is taken", async () => {
    const link = (cursor: string) => ({ link: `<https://evil.example/?after=${cursor}>; rel="next"` });
    const opened = await open1({
      [ABOUT]: { headers: link("A"), body: { attestations: [{ bundle }] } },
      [`${ABOUT}&after=A`]: { body: { attestations: [{ bundle: { ...bundle, page: 2 } }] } },
    });
    expect(await evidenceOf(opened)).toHaveLength(2);
    expect(opened.requests.some(({ url }) => url.includes("evil"))).toBe(false);
  });

  it.each<[string, string, Record<string, Answer>]>([
    [
      "behind the address of a stranger",
      "SERVICE_INVALID",
      { [ABOUT]: { body: { attestations: [{ bundle_url: "https://evil.example/1" }] } } },
    ],
    [
      "on one page again and again",
      "SERVICE_INVALID",
      Object.fromEntries(
        [ABOUT, `${ABOUT}&after=A`].map((url) => [
          url,
          { headers: { link: `<${API}?after=A>; rel="next"` }, body: { attestations: [] } },
        ]),
      ),
    ],
    [
      "on too many pages",
      "LIMIT_EXCEEDED",
      Object.fromEntries(
        Array.from({ length: MAX_ATTESTATION_PAGES }, (_, page) => [
          page === 0 ? ABOUT : `${ABOUT}&after=${page}`,
          { headers: { link: `<${API}?after=${page + 1}>; rel="next"` }, body: { attestations: [] } },
        ]),
      ),
    ],
    [
      "above the rate limit",
      "SERVICE_UNAVAILABLE",
      { [ABOUT]: { status: 403, headers: { "x-ratelimit-remaining": "0" } } },
    ],
  ])("are an error at the end: %s", async (_, code, answers) => {
    const opened = await open1(answers);
    await expect(evidenceOf(opened)).rejects.toMatchObject({ code });
    expect(opened.requests.some(({ url }) => url.includes("evil"))).toBe(false);
  });
});
