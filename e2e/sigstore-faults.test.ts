import { access, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { fakeTimeLibrary } from "./peers/debian-programs.mjs";
import { PORTS } from "./servers/sigstore/addresses.ts";
import { writeAttestationInputs } from "./servers/sigstore/attestation-inputs.ts";
import { githubClaims } from "./servers/sigstore/claims.ts";
import type { SigstoreFault } from "./servers/sigstore/faults.ts";
import { hasSigstore } from "./servers/sigstore.ts";
import { sigstoreBench } from "./servers/sigstore-bench.ts";

/** Says in JSON what a client sees. */
const FETCH = `
const [url, timeout, headers] = process.argv.slice(1);
const began = Date.now();
const show = (seen) => console.log(JSON.stringify({ ...seen, ms: Date.now() - began }));
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(Number(timeout)), headers: JSON.parse(headers) });
  show({ status: answer.status, retryAfter: answer.headers.get("retry-after"), body: await answer.text() });
} catch (error) {
  show({ error: error.cause?.code ?? error.name });
}`;

interface Seen {
  readonly status?: number;
  readonly retryAfter?: string | null;
  readonly body?: string;
  readonly error?: string;
  readonly ms: number;
}

// What Touchmark must bear is real: each switch does what its name says, and the servers stay sound behind it.
describe.skipIf(!hasSigstore())("the faults of a local Sigstore", () => {
  const bench = sigstoreBench({ prepare: writeAttestationInputs });
  const { at } = bench;

  async function see(url: string, timeoutMs = 20_000, headers: Readonly<Record<string, string>> = {}): Promise<Seen> {
    const args = ["--input-type=module", "-e", FETCH, url, `${timeoutMs}`, JSON.stringify(headers)];
    const ended = await bench.sigstore.inside(process.execPath, args, { cwd: bench.folder });
    expect(ended).toMatchObject({ status: 0 });
    return JSON.parse(ended.stdout) as Seen;
  }

  const certificates = () => `${bench.sigstore.timestampsUrl}/api/v1/timestamp/certchain`;

  it.each<[string, SigstoreFault, Partial<Seen>]>([
    ["nobody listening", { kind: "refuse" }, { error: "ECONNREFUSED" }],
    ["a 500", { kind: "answer", status: 500, body: "broken" }, { status: 500, body: "broken" }],
    ["a 429", { kind: "answer", status: 429, headers: { "retry-after": "7" } }, { status: 429, retryAfter: "7" }],
    ["garbage", { kind: "bytes", body: "<html>" }, { status: 200, body: "<html>" }],
    ["half a body", { kind: "half-body" }, { error: "UND_ERR_SOCKET" }],
    ["the end of the connection", { kind: "hang-up" }, { error: "UND_ERR_SOCKET" }],
    ["no answer", { kind: "silence" }, { error: "TimeoutError" }],
  ])("%s, and then none", async (_, fault, seen) => {
    const url = certificates();
    const right = await see(url);
    expect(right).toMatchObject({ status: 200, body: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/) });
    await bench.sigstore.fail("timestamps", fault);
    expect(await see(url, 1000)).toMatchObject(seen);
    await bench.sigstore.mend();
    expect(await see(url)).toMatchObject({ status: 200, body: right.body });
  });

  it("an answer that comes late", async () => {
    await bench.sigstore.fail("timestamps", { kind: "slow", ms: 700 });
    const { status, ms } = await see(certificates());
    expect(status).toBe(200);
    expect(ms).toBeGreaterThanOrEqual(700);
  });

  it("the second and third request of a kind alone", async () => {
    const window = { request: "GET /api/v1/timestamp", after: 1, times: 2 };
    await bench.sigstore.fail("timestamps", { kind: "answer", status: 503 }, window);
    const statuses: (number | undefined)[] = [];
    for (const url of [
      certificates(),
      `${bench.sigstore.timestampsUrl}/ping`,
      certificates(),
      certificates(),
      certificates(),
    ]) {
      statuses.push((await see(url)).status);
    }
    expect(statuses).toEqual([200, 200, 503, 503, 200]);
  });

  it.each(["issuer", "tokens"] as const)("over TLS too: %s", async (server) => {
    const environment = bench.sigstore.tokenEnvironment(githubClaims());
    const url =
      server === "issuer"
        ? "https://token.actions.githubusercontent.com/.well-known/jwks"
        : `${environment["ACTIONS_ID_TOKEN_REQUEST_URL"]}&audience=sigstore`;
    const headers = { authorization: `Bearer ${environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]}` };
    expect(await see(url, 5000, headers)).toMatchObject({ status: 200 });
    await bench.sigstore.fail(server, { kind: "refuse" });
    expect(await see(url, 5000, headers)).toMatchObject({ error: "ECONNREFUSED" });
  });

  it("a job that may not ask for a token", async () => {
    const url = bench.sigstore.tokenEnvironment(githubClaims())["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "";
    expect(await see(url)).toMatchObject({ status: 401 });
  });

  describe("between the certificate and the entry", () => {
    const sign = (bundle: string, token: string) =>
      bench.peers.cosignAttest(at("tool"), at("predicate.json"), at(bundle), token);

    async function servers(): Promise<readonly string[]> {
      return [...new Set((await bench.sigstore.requests()).map(({ server }) => server))];
    }

    it("the log goes down, and has kept its entries when it comes back", async () => {
      expect(await sign("before.json", bench.sigstore.token(githubClaims()))).toMatchObject({ status: 0 });
      await bench.sigstore.down("rekor");
      await bench.sigstore.requests();
      expect(await sign("down.json", bench.sigstore.token(githubClaims()))).not.toMatchObject({ status: 0 });
      expect(await servers()).toEqual(["fulcio", "ctLog", "timestamps", "rekor"]);
      await expect(access(at("down.json"))).rejects.toMatchObject({ code: "ENOENT" });
      await bench.sigstore.up("rekor");
      expect(await sign("after.json", bench.sigstore.token(githubClaims()))).toMatchObject({ status: 0 });
      expect(await indexIn(at("after.json"))).toBe((await indexIn(at("before.json"))) + 1);
    });

    it("the log takes the entry and its answer is lost: the same entry is then a conflict", async () => {
      await bench.sigstore.fail("rekor", { kind: "lost-answer" }, { request: "POST", times: 1 });
      await bench.sigstore.requests();
      await sign("lost.json", bench.sigstore.token(githubClaims()));
      const entry = (await bench.sigstore.requests()).find(
        ({ server, method }) => server === "rekor" && method === "POST",
      );
      const { path = "", body = "" } = entry ?? {};
      const headers = { "content-type": "application/json" };
      expect(await bench.sigstore.send({ method: "POST", port: PORTS.rekor, path, body, headers })).toMatchObject({
        status: 409,
      });
    });

    it("the certificate is asked for with a token that has expired", async () => {
      await bench.sigstore.requests();
      const expired = bench.sigstore.token(githubClaims(), { age: 3600, lifetime: 600 });
      expect(await sign("expired.json", expired)).not.toMatchObject({ status: 0 });
      expect(await servers()).not.toContain("rekor");
    });
  });

  it.skipIf(fakeTimeLibrary() === null).each([-3600, 3600])("a clock that is off by %i s", async (clockAhead) => {
    const now = await bench.sigstore.inside(process.execPath, ["-p", "Date.now()"], { cwd: bench.folder, clockAhead });
    expect(Math.round((Number(now.stdout) - Date.now()) / 60_000)).toBe(clockAhead / 60);
  });

  it("programs in its network reach nothing else, and nobody outside reaches it", async () => {
    expect(await see("http://192.0.2.1/")).toMatchObject({ error: "ENETUNREACH" });
    await expect(fetch(bench.sigstore.rekorUrl)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });
});

/** Left out where it is zero. */
async function indexIn(bundle: string): Promise<number> {
  const { verificationMaterial } = JSON.parse(await readFile(bundle, "utf8")) as {
    verificationMaterial: { tlogEntries: [{ logIndex?: string }] };
  };
  return Number(verificationMaterial.tlogEntries[0].logIndex ?? "0");
}
