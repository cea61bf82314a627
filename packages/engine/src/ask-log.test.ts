import { TouchmarkError } from "@touchmark/core";
import type { Host, HttpRequest } from "@touchmark/plugin";
import { pemOf, RELEASE_RUN, rootOf, signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { openRoots, readPieces, type StatementPiece, trustedIdentity } from "@touchmark/verify";
import { describe, expect, it } from "vitest";
import { logSearch } from "./ask-log.ts";
import { examineWithLog } from "./examine-with-log.ts";

const LOG = "https://rekor.test";
const sigstore = testSigstore();
const roots = await openRoots({ bytes: bytesOf(rootOf(sigstore)), label: "roots.json", asOf: null });
const trust = [
  trustedIdentity({
    issuer: RELEASE_RUN.issuer ?? "",
    identity: RELEASE_RUN.buildSignerUri ?? "",
    identityPattern: null,
    source: null,
    withoutLog: false,
    roots,
  }),
];
const PAYLOAD = bytesOf({
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "tool", digest: { sha256: "ab".repeat(32) } }],
  predicateType: "https://slsa.dev/provenance/v0.2",
  predicate: { builder: { id: "https://builder.example" }, buildType: "https://build.example" },
});

function bytesOf(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}

async function legacy(keepsCertificate = true) {
  const { bundle, leaf } = signBundle(sigstore, PAYLOAD, { version: "0.1", entry: "intoto-0.0.1", timestamp: null });
  const { payload, payloadType, signatures = [] } = bundle.dsseEnvelope ?? {};
  const cert = keepsCertificate ? { cert: pemOf(leaf) } : {};
  const envelope = { payload, payloadType, signatures: signatures.map(({ sig }) => ({ sig, ...cert })) };
  const { pieces } = await readPieces(bytesOf(envelope), "f");
  const [entry] = bundle.verificationMaterial.tlogEntries;
  const answer = {
    id: {
      body: entry?.canonicalizedBody,
      integratedTime: Number(entry?.integratedTime),
      logID: Buffer.from(entry?.logId.keyId ?? "", "base64").toString("hex"),
      logIndex: Number(entry?.logIndex),
      verification: { signedEntryTimestamp: entry?.inclusionPromise?.signedEntryTimestamp },
    },
  };
  return { piece: pieces[0]?.piece as StatementPiece, answer };
}

interface Asked {
  readonly path: string;
  readonly body: { readonly entryUUIDs?: readonly string[]; readonly hash?: string };
}

/** A log that answers each path so. */
function answering(answers: (asked: Asked) => { readonly status: number; readonly body?: unknown }) {
  const asked: Asked[] = [];
  const host = {
    fetch: async ({ url, body }: HttpRequest) => {
      const one = { path: url, body: JSON.parse(new TextDecoder().decode(body)) };
      asked.push(one);
      const { status, body: answer = null } = answers(one);
      return { status, headers: {}, body: bytesOf(answer) };
    },
    wait: async () => undefined,
    elapsed: () => 0,
  } as unknown as Host;
  return { host, asked };
}

const RETRIEVE = `${LOG}/api/v1/log/entries/retrieve`;
const INDEX = `${LOG}/api/v1/index/retrieve`;
const ID = "cd".repeat(32);

async function outcome(piece: StatementPiece, host: Host, logs: readonly string[] = [LOG]) {
  const evidence = await examineWithLog("f", piece, { trust, logs: logSearch(logs, host) });
  return "findings" in evidence ? evidence.findings[0]?.code : evidence.kind;
}

describe("a log is asked for the entry of an envelope", () => {
  it("by the ids that it may have, in one request", async () => {
    const { piece, answer } = await legacy();
    const { host, asked } = answering(() => ({ status: 200, body: [answer] }));
    expect(await outcome(piece, host)).toBe("trusted");
    expect(asked).toEqual([{ path: RETRIEVE, body: { entryUUIDs: [expect.any(String), expect.any(String)] } }]);
  });

  it("else by what its index knows: the envelope's hash, then the payload's", async () => {
    const { piece, answer } = await legacy(false);
    const { host, asked } = answering(({ path, body }) => {
      if (path === RETRIEVE) return { status: 200, body: body.entryUUIDs?.includes(ID) === true ? [answer] : [] };
      return asked.length === 1 ? { status: 404 } : { status: 200, body: Array.from({ length: 40 }, () => ID) };
    });
    expect(await outcome(piece, host)).toBe("trusted");
    expect(asked.map(({ path }) => path)).toEqual([INDEX, INDEX, RETRIEVE]);
    expect(asked.slice(0, 2).every(({ body }) => /^sha256:[0-9a-f]{64}$/.test(body.hash ?? ""))).toBe(true);
    expect(asked[2]?.body.entryUUIDs).toHaveLength(10);
  });

  it("and the next one, where it has none; at most four", async () => {
    const { piece, answer } = await legacy();
    const { host, asked } = answering(({ path }) =>
      path.startsWith("https://d.test") ? { status: 200, body: [answer] } : { status: 404 },
    );
    const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((name) => `https://${name}.test/`) as [string, ...string[]];
    expect(await outcome(piece, host, [a, b ?? "", d ?? ""])).toBe("trusted");
    expect(await outcome(piece, host, [a, b ?? "", c ?? "", e ?? "", d ?? ""])).toBe("LOG_ENTRY_MISSING");
    expect(asked.some(({ path }) => path.includes("//e.test/api/v1/"))).toBe(true);
  });

  it("and what it says of others changes nothing", async () => {
    const { piece } = await legacy();
    const { answer } = await legacy();
    const { host } = answering(({ path }) => ({ status: 200, body: path === RETRIEVE ? [answer] : [ID] }));
    expect(await outcome(piece, host)).toBe("LOG_ENTRY_MISSING");
  });

  it.each([
    ["an answer that is none", 200, { code: 1 }, "SERVICE_INVALID"],
    ["ids that are none", 404, null, "SERVICE_INVALID"],
    ["a refusal", 403, null, "SERVICE_DENIED"],
    ["no answer now", 503, null, "SERVICE_UNAVAILABLE"],
  ])("whose fault is said: %s", async (what, status, body, code) => {
    const { piece } = await legacy();
    const isId = what.startsWith("ids");
    const { host } = answering(({ path }) =>
      path === INDEX && isId ? { status: 200, body: ["../x"] } : { status, body },
    );
    expect(await outcome(piece, host)).toBe(code);
  });

  it("for all that its index has, since anybody can have it know more", async () => {
    const { piece, answer } = await legacy(false);
    const { answer: stranger } = await legacy();
    const ids = Array.from({ length: 120 }, (_, at) => at.toString(16).padStart(64, "0"));
    const holding = (id: string) =>
      answering(({ path, body }) =>
        path === INDEX
          ? { status: 200, body: ids }
          : { status: 200, body: body.entryUUIDs?.map((one) => (one === id ? answer : stranger)) },
      );
    const { host, asked } = holding(ids[99] ?? "");
    expect(await outcome(piece, host)).toBe("trusted");
    expect(asked).toHaveLength(11);
    expect(asked.every(({ body }) => (body.entryUUIDs?.length ?? 0) <= 10)).toBe(true);
    expect(await outcome(piece, holding(ids[100] ?? "").host)).toBe("LOG_ENTRY_MISSING");
  });

  it("but for no more than ninety tens of those in one run", async () => {
    const ids = Array.from({ length: 100 }, (_, at) => at.toString(16).padStart(64, "0"));
    const { host, asked } = answering(({ path }) => ({ status: 200, body: path === INDEX ? ids : [] }));
    const search = logSearch([LOG], host);
    for (let count = 0; count < 10; count += 1) await search.entriesOf((await legacy(false)).piece);
    // For each envelope of each two hashes what the index has, and the first ten of that; and ninety tens more.
    expect(asked).toHaveLength(10 * 4 + 90);
  });

  it("also after an answer about another envelope that was none", async () => {
    const [odd, { piece, answer }] = [await legacy(), await legacy()];
    let answered = 0;
    const { host } = answering(() => {
      answered += 1;
      return { status: 200, body: answered === 1 ? { code: 1 } : [answer] };
    });
    const search = logSearch([LOG], host);
    await expect(search.entriesOf(odd.piece)).rejects.toMatchObject({ code: "SERVICE_INVALID" });
    expect((await search.entriesOf(piece))?.of(piece.bundle)).toHaveLength(1);
  });

  it("and not again after it failed, nor for more than a hundred envelopes", async () => {
    const { piece } = await legacy();
    const down = answering(() => ({ status: 503 }));
    const search = logSearch([LOG], down.host);
    for (const _ of [1, 2])
      await expect(search.entriesOf(piece)).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    expect(down.asked).toHaveLength(3);
    const { unlogged: _, ...bundled } = piece;
    expect(await search.entriesOf(bundled)).toBe(null);
    const up = answering(() => ({ status: 404 }));
    const patient = logSearch([LOG], up.host);
    for (let count = 0; count < 100; count += 1) expect(await patient.entriesOf(piece)).not.toBe(null);
    expect(await patient.entriesOf(piece)).toBe(null);
  });
});

describe("a log is not asked", () => {
  const nobody = answering(() => {
    throw new TypeError("nobody must be asked");
  }).host;

  it("for a piece that lacks nothing, or that nobody trusted can have signed", async () => {
    const { piece } = await legacy();
    const { unlogged: _, ...bundled } = piece;
    expect(await outcome(bundled, nobody)).not.toBe("LOG_ENTRY_MISSING");
    const hinted = { ...piece, bundle: { ...piece.bundle, signer: { kind: "key", hint: "x" } as const } };
    expect(await outcome(hinted, nobody)).toBe("SIGNER_UNTRUSTED");
    expect(await logSearch([LOG], nobody).entriesOf(bundled)).toBe(null);
    const unasked = await examineWithLog("f", piece, { trust });
    expect("findings" in unasked && unasked.findings[0]?.code).toBe("LOG_ENTRY_MISSING");
  });

  it("when the user interrupts", async () => {
    const { piece } = await legacy();
    const host = {
      fetch: () => Promise.reject(new TouchmarkError("ABORTED", "interrupted")),
      wait: async () => undefined,
      elapsed: () => 0,
    } as unknown as Host;
    await expect(outcome(piece, host)).rejects.toMatchObject({ code: "ABORTED" });
  });
});
