import { setTimeout } from "node:timers/promises";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { isTouchmarkError, parseBundle, preAuthEncoding } from "@touchmark/core";
import type { PlatformRun } from "@touchmark/plugin";
import { type SigningBench, withSigningServers } from "@touchmark/testkit";
import { rootOf } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { type SigstoreSignerOptions, sigstoreSigner } from "./sigstore-signer.ts";

const TIME = new Date("2026-01-15T12:00:00Z");
const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const payload = new TextEncoder().encode('{"_type":"https://in-toto.io/Statement/v1","subject":[]}');

interface Change extends Partial<Omit<SigstoreSignerOptions, "instance">> {
  readonly logs?: readonly ("rekor1" | "rekor2")[];
  readonly timestamps?: boolean;
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokenOf = (claims: object) => `${part({ alg: "RS256" })}.${part(claims)}.${"c2ln".repeat(20)}`;
const TOKEN = tokenOf({ sub: "repo:octo/widgets:ref:refs/tags/v1.2.3", repository_visibility: "public" });

function runWith(token: string | null): PlatformRun {
  const identityToken = async (audience: string) => (audience === "sigstore" ? token : null);
  return { platform: "test", identityToken } as unknown as PlatformRun;
}

function signerAt({ servers }: SigningBench, { logs = ["rekor2"], timestamps = true, ...change }: Change = {}) {
  return sigstoreSigner({
    instance: {
      certificateAuthority: servers.fulcio,
      logs: logs.map((name) => ({ url: servers[name], version: name === "rekor1" ? 1 : 2 })),
      timestampAuthorities: timestamps ? [servers.timestamps] : [],
      timestamps: timestamps ? 1 : 0,
    },
    log: "auto",
    acknowledgePrivate: false,
    clock: () => TIME.getTime(),
    ...change,
  });
}

const signed = (bench: SigningBench, change: Change = {}, token = TOKEN) =>
  signerAt(bench, change).sign(payload, runWith(token), bench.host);

const jsonOf = (bundle: Uint8Array) => JSON.parse(new TextDecoder().decode(bundle));

/** Another implementation judges; thresholds are counted in authorities that must have spoken. */
function verifiedIdentity(bench: SigningBench, bundle: Uint8Array, tlogThreshold: number): string | undefined {
  const verifier = verifierOf(bench, tlogThreshold);
  return verifier.verify(toSignedEntity(bundleFromJSON(jsonOf(bundle)))).identity?.subjectAlternativeName;
}

function verifierOf({ servers }: SigningBench, tlogThreshold: number): Verifier {
  const material = toTrustMaterial(TrustedRoot.fromJSON(rootOf(servers.sigstore)));
  return new Verifier(material, { tlogThreshold, timestampThreshold: 1, ctlogThreshold: 1 });
}

const asked = ({ servers }: SigningBench, name: string) => servers.requests.filter(({ server }) => server === name);

describe("signs what another implementation verifies", () => {
  it.each<[string, Change, number]>([
    ["in a log of Rekor v2, with a timestamp", {}, 1],
    ["in a log of Rekor v1, with a timestamp", { logs: ["rekor1"] }, 1],
    ["in a log of Rekor v1, whose own time is the only one", { logs: ["rekor1"], timestamps: false }, 1],
    ["in both", { logs: ["rekor2", "rekor1"] }, 2],
    ["with a timestamp alone", { log: "none" }, 0],
    ["where there is no log", { logs: [] }, 0],
  ])("%s", async (_name, change, logs) => {
    await withSigningServers(TIME, async (bench) => {
      const bundle = await signed(bench, change);
      expect(verifiedIdentity(bench, bundle, logs)).toBe(IDENTITY);
      const { tlogEntries } = jsonOf(bundle).verificationMaterial;
      expect(tlogEntries).toHaveLength(logs);
    });
  });

  it("and what we read ourselves, byte for byte the payload", async () => {
    await withSigningServers(TIME, async (bench) => {
      const bundle = parseBundle(await signed(bench));
      expect(bundle).toMatchObject({
        payload,
        payloadType: "application/vnd.in-toto+json",
        signer: { kind: "certificate" },
      });
    });
  });

  it("with every zero written, which the log leaves out", async () => {
    await withSigningServers(TIME, async (bench) => {
      const { tlogEntries } = jsonOf(await signed(bench)).verificationMaterial;
      expect(tlogEntries[0]).toMatchObject({ logIndex: "0", inclusionProof: { logIndex: "0", hashes: [] } });
    });
  });

  it("as a person, by a verified address", async () => {
    await withSigningServers(TIME, async (bench) => {
      const person = tokenOf({ sub: "4004", email: "dev@octo.example", email_verified: true });
      expect(verifiedIdentity(bench, await signed(bench, {}, person), 1)).toBe(IDENTITY);
    });
  });
});

describe("signs a file as it is", () => {
  const file = new TextEncoder().encode("the tool's bytes");

  it.each([
    ["rekor1", "0.0.1"],
    ["rekor2", "0.0.2"],
  ] as const)("into a log of %s, as hashedrekord %s, for another implementation to verify", async (log, version) => {
    await withSigningServers(TIME, async (bench) => {
      const bundle = jsonOf(await signerAt(bench, { logs: [log] }).signFile(file, runWith(TOKEN), bench.host));
      expect(bundle.verificationMaterial.tlogEntries).toMatchObject([
        { kindVersion: { kind: "hashedrekord", version } },
      ]);
      const verifier = verifierOf(bench, 1);
      const signer = verifier.verify(toSignedEntity(bundleFromJSON(bundle), Buffer.from(file)));
      expect(signer.identity?.subjectAlternativeName).toBe(IDENTITY);
      const other = toSignedEntity(bundleFromJSON(bundle), Buffer.from("others"));
      expect(() => verifier.verify(other)).toThrow(/signature|digest/);
    });
  });

  it("and takes no entry of another one for its own", async () => {
    await withSigningServers(TIME, async (bench) => {
      const sign = (bytes: Uint8Array) =>
        signerAt(bench, { logs: ["rekor1"] }).signFile(bytes, runWith(TOKEN), bench.host);
      await sign(file);
      const [posted] = asked(bench, "rekor1");
      const { url, method } = { url: `${bench.servers.rekor1}${posted?.path}`, method: "POST" } as const;
      const body = Buffer.from(
        Buffer.from(posted?.body ?? [])
          .toString()
          .replace('"value":"', '"value":"0'),
      );
      const request = { method, url, body, maxBody: 100_000, timeoutMs: 5_000, referredBy: null };
      const other = await bench.host.fetch(request);
      bench.servers.fail({ server: "rekor1", fault: { kind: "bytes", bytes: other.body } });
      await expect(sign(file)).rejects.toMatchObject({ code: "SERVICE_INVALID", actual: "the entry of another one" });
    });
  });

  it("but not a statement's encoding, whose signature would be the statement's", async () => {
    await withSigningServers(TIME, async (bench) => {
      const bytes = preAuthEncoding("application/vnd.in-toto+json", payload);
      const signing = signerAt(bench).signFile(bytes, runWith(TOKEN), bench.host);
      await expect(signing).rejects.toMatchObject({ code: "INPUT_INVALID" });
      expect(bench.servers.requests).toEqual([]);
    });
  });
});

describe("the certificate", () => {
  it("is shared by the statements of one process while it lasts", async () => {
    await withSigningServers(TIME, async (bench) => {
      let now = TIME.getTime();
      const signer = signerAt(bench, { clock: () => now });
      const sign = async () => jsonOf(await signer.sign(payload, runWith(TOKEN), bench.host)).verificationMaterial;
      const [first, second] = [await sign(), await sign()];
      expect(second.certificate).toEqual(first.certificate);
      expect(asked(bench, "fulcio")).toHaveLength(1);
      now += 8 * 60_000 + 1;
      expect((await sign()).certificate).not.toEqual(first.certificate);
    });
  });

  it("can be had before anything is signed, and is the one that signs", async () => {
    await withSigningServers(TIME, async (bench) => {
      const signer = signerAt(bench);
      const der = await signer.certificate(runWith(TOKEN), bench.host);
      const { certificate } = jsonOf(await signer.sign(payload, runWith(TOKEN), bench.host)).verificationMaterial;
      expect(Buffer.from(der).toString("base64")).toBe(certificate.rawBytes);
      expect(asked(bench, "fulcio")).toHaveLength(1);
    });
  });

  it("is asked for anew after a failure", async () => {
    await withSigningServers(TIME, async (bench) => {
      const signer = signerAt(bench);
      bench.servers.fail({ server: "fulcio", fault: { kind: "answer", status: 403 } });
      const sign = () => signer.sign(payload, runWith(TOKEN), bench.host);
      await expect(sign()).rejects.toMatchObject({ code: "SERVICE_DENIED" });
      expect(verifiedIdentity(bench, await sign(), 1)).toBe(IDENTITY);
    });
  });

  it("of another key is refused", async () => {
    await withSigningServers(TIME, async (bench) => {
      const other = jsonOf(await signed(bench)).verificationMaterial.certificate.rawBytes;
      const pem = `-----BEGIN CERTIFICATE-----\n${other}\n-----END CERTIFICATE-----`;
      const bytes = Buffer.from(JSON.stringify({ signedCertificateEmbeddedSct: { chain: { certificates: [pem] } } }));
      bench.servers.fail({ server: "fulcio", fault: { kind: "bytes", bytes } });
      await expect(signed(bench)).rejects.toMatchObject({ code: "SERVICE_INVALID", actual: "one of another key" });
    });
  });

  it("of somebody else is refused, before anything is signed", async () => {
    await withSigningServers(TIME, async (bench) => {
      for (const other of [`${IDENTITY}x`, IDENTITY.toUpperCase(), ""]) {
        const signing = signed(bench, { identity: async () => other });
        await expect(signing).rejects.toMatchObject({ code: "SERVICE_INVALID", actual: JSON.stringify(IDENTITY) });
      }
      expect(new Set(bench.servers.requests.map(({ server }) => server))).toEqual(new Set(["fulcio"]));
      expect(verifiedIdentity(bench, await signed(bench, { identity: async () => IDENTITY }), 1)).toBe(IDENTITY);
    });
  });

  it("of a key that nobody can read is refused", async () => {
    await withSigningServers(TIME, async (bench) => {
      const honest = jsonOf(await signed(bench)).verificationMaterial.certificate.rawBytes;
      // 1.2.840.10045.2.1, an elliptic curve key, becomes 1.2.840.10045.2.0.
      const [known, unknown] = ["06072a8648ce3d0201", "06072a8648ce3d0200"];
      const der = Buffer.from(Buffer.from(honest, "base64").toString("hex").replace(known, unknown), "hex");
      const pem = `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----`;
      const bytes = Buffer.from(JSON.stringify({ signedCertificateEmbeddedSct: { chain: { certificates: [pem] } } }));
      bench.servers.fail({ server: "fulcio", fault: { kind: "bytes", bytes } });
      await expect(signed(bench)).rejects.toMatchObject({ code: "SERVICE_INVALID", actual: "no certificate" });
    });
  });

  it.each<[string, unknown]>([
    ["a promise beside it", { signedCertificateDetachedSct: { chain: { certificates: ["x"] } } }],
    ["no certificate", { signedCertificateEmbeddedSct: { chain: { certificates: [] } } }],
    ["text", { signedCertificateEmbeddedSct: { chain: { certificates: ["text"] } } }],
    ["another document", []],
  ])("with %s is refused", async (_name, answer) => {
    await withSigningServers(TIME, async (bench) => {
      bench.servers.fail({ server: "fulcio", fault: { kind: "bytes", bytes: Buffer.from(JSON.stringify(answer)) } });
      await expect(signed(bench)).rejects.toMatchObject({ code: "SERVICE_INVALID" });
    });
  });
});

describe("a service that", () => {
  const all = ["fulcio", "rekor1", "rekor2", "timestamps"] as const;
  const faults = [
    ["says 500", "SERVICE_UNAVAILABLE", { kind: "answer", status: 500 }],
    ["says 429", "SERVICE_UNAVAILABLE", { kind: "answer", status: 429, headers: { "retry-after": "1" } }],
    ["says 403", "SERVICE_DENIED", { kind: "answer", status: 403 }],
    ["redirects", "SERVICE_INVALID", { kind: "answer", status: 307, headers: { location: "https://evil.example/" } }],
    ["answers garbage", "SERVICE_INVALID", { kind: "bytes", bytes: Buffer.from("<html>oops</html>") }],
    ["answers an empty object", "SERVICE_INVALID", { kind: "bytes", bytes: Buffer.from("{}") }],
    ["answers nothing", "SERVICE_INVALID", { kind: "bytes", bytes: Buffer.alloc(0) }],
    ["answers too much", "SERVICE_INVALID", { kind: "bytes", bytes: Buffer.alloc(300_000, "a") }],
    ["sends half of it", "SERVICE_INVALID", { kind: "half-body" }],
    ["hangs up", "NETWORK_UNAVAILABLE", { kind: "hang-up" }],
  ] as const;

  it.each(all.flatMap((server) => faults.map((fault) => [server, ...fault] as const)))(
    "%s: %s is %s, and names the server",
    async (server, _name, code, fault) => {
      await withSigningServers(TIME, async (bench) => {
        bench.servers.fail({ server, times: 20, fault });
        const error = await signed(bench, { logs: ["rekor1", "rekor2"] }).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code });
        expect((error as Error).message).toContain(new URL(bench.servers[server]).host);
      });
    },
  );

  it.each(
    all.flatMap(
      (server) =>
        [
          [server, "answer"],
          [server, "hang-up"],
          [server, "half-body"],
        ] as const,
    ),
  )("%s: fails once (%s) is asked again", async (server, kind) => {
    await withSigningServers(TIME, async (bench) => {
      bench.servers.fail({ server, fault: kind === "answer" ? { kind, status: 503 } : { kind } });
      const bundle = await signed(bench, { logs: ["rekor1", "rekor2"] });
      expect(verifiedIdentity(bench, bundle, 2)).toBe(IDENTITY);
      expect(bench.pauses).toEqual([500]);
    });
  });
});

it.each([
  ["an answer", { kind: "answer", status: 200 }],
  ["the end of a pause", { kind: "answer", status: 503 }],
] as const)("one that fails for good ends the others, which wait for %s", async (_name, fault) => {
  await withSigningServers(TIME, async (bench) => {
    const ended = (signal: AbortSignal | undefined) =>
      new Promise<void>((resolve) => {
        if (signal?.aborted) resolve();
        signal?.addEventListener("abort", () => resolve());
      });
    const fetch: typeof bench.host.fetch = async (request) => {
      if (request.url.startsWith(bench.servers.timestamps) && fault.status === 200) await ended(request.signal);
      return bench.host.fetch(request);
    };
    const wait: typeof bench.host.wait = async (ms, signal) => {
      await ended(signal);
      return bench.host.wait(ms, signal);
    };
    bench.servers.fail({ server: "rekor2", fault: { kind: "answer", status: 403 } });
    if (fault.status !== 200) bench.servers.fail({ server: "timestamps", times: 20, fault });
    const signing = signed({ ...bench, host: { ...bench.host, fetch, wait } });
    await expect(signing).rejects.toMatchObject({ code: "SERVICE_DENIED" });
    expect(asked(bench, "timestamps").length).toBeLessThan(2);
  });
});

it("waits for a certificate 20 s, and for what may take longer 30 s", async () => {
  await withSigningServers(TIME, async (bench) => {
    const timeouts = new Map<string, number>();
    const fetch: typeof bench.host.fetch = async (request) => {
      timeouts.set(new URL(request.url).origin, request.timeoutMs);
      return bench.host.fetch(request);
    };
    await signed({ ...bench, host: { ...bench.host, fetch } }, { logs: ["rekor1", "rekor2"] });
    const { fulcio, rekor1, rekor2, timestamps } = bench.servers;
    const waitedFor = [fulcio, rekor1, rekor2, timestamps].map((url) => timeouts.get(new URL(url).origin));
    expect(waitedFor).toEqual([20_000, 30_000, 30_000, 30_000]);
  });
});

it("nothing runs on behind an error: the other log's answer is waited for", async () => {
  await withSigningServers(TIME, async (bench) => {
    let open = 0;
    const fetch: typeof bench.host.fetch = async (request) => {
      open += 1;
      try {
        if (request.url.startsWith(bench.servers.rekor1)) await setTimeout(50);
        return await bench.host.fetch(request);
      } finally {
        open -= 1;
      }
    };
    bench.servers.fail({ server: "rekor2", fault: { kind: "answer", status: 403 } });
    const signing = signed({ ...bench, host: { ...bench.host, fetch } }, { logs: ["rekor2", "rekor1"] });
    await expect(signing).rejects.toMatchObject({ code: "SERVICE_DENIED" });
    expect(open).toBe(0);
  });
});

describe("an entry that is there already", () => {
  it("is fetched from Rekor v1, by its id alone", async () => {
    await withSigningServers(TIME, async (bench) => {
      bench.servers.fail({ server: "rekor1", method: "POST", fault: { kind: "lost-answer" } });
      expect(verifiedIdentity(bench, await signed(bench, { logs: ["rekor1"] }), 1)).toBe(IDENTITY);
      expect(asked(bench, "rekor1").map(({ method }) => method)).toEqual(["POST", "POST", "GET"]);
    });
  });

  it("at an address that is none is an error", async () => {
    for (const headers of [{}, { location: "https://evil.example/api/v1/log/entries/../../x" }] as const) {
      await withSigningServers(TIME, async (bench) => {
        bench.servers.fail({ server: "rekor1", fault: { kind: "answer", status: 409, headers } });
        await expect(signed(bench, { logs: ["rekor1"] })).rejects.toMatchObject({ code: "SERVICE_DENIED" });
      });
    }
  });

  it("leads to a new signature in Rekor v2, which tells no address", async () => {
    await withSigningServers(TIME, async (bench) => {
      bench.servers.fail({ server: "rekor2", fault: { kind: "lost-answer" } });
      expect(verifiedIdentity(bench, await signed(bench), 1)).toBe(IDENTITY);
      const digests = asked(bench, "rekor2").map(({ body }) => Buffer.from(body).toString());
      expect(digests).toHaveLength(3);
      expect(digests[0]).toBe(digests[1]);
      expect(digests[2]).not.toBe(digests[0]);
    });
  });

  it("again and again is an error in the end", async () => {
    await withSigningServers(TIME, async (bench) => {
      bench.servers.fail({ server: "rekor2", times: 9, fault: { kind: "answer", status: 409 } });
      await expect(signed(bench)).rejects.toMatchObject({ code: "SERVICE_INVALID", actual: "status 409, 3 times" });
    });
  });
});

describe("an answer about another signature is refused", () => {
  it.each(["rekor1", "rekor2"] as const)("%s", async (log) => {
    await withSigningServers(TIME, async (bench) => {
      await signed(bench, { logs: [log] });
      const [request] = asked(bench, log);
      const other = await bench.host.fetch({
        method: "POST",
        url: `${bench.servers[log]}${request?.path}`,
        body: Buffer.from(
          Buffer.from(request?.body ?? [])
            .toString()
            .replace(/(content|sig)":"M|(envelope.*?sig\\":\\")M/, "$&A"),
        ),
        maxBody: 100_000,
        timeoutMs: 5_000,
        referredBy: null,
      });
      expect(other.status).toBe(201);
      bench.servers.fail({ server: log, fault: { kind: "bytes", bytes: other.body } });
      await expect(signed(bench, { logs: [log] })).rejects.toMatchObject({
        code: "SERVICE_INVALID",
        actual: "the entry of another one",
      });
    });
  });

  it("a timestamp over something else, or one that was refused", async () => {
    await withSigningServers(TIME, async (bench) => {
      const { rfc3161Timestamps } = jsonOf(await signed(bench)).verificationMaterial.timestampVerificationData;
      const stamp = Buffer.from(rfc3161Timestamps[0].signedTimestamp, "base64");
      const replies: [Buffer, string][] = [
        [stamp, "a timestamp over something else"],
        [Buffer.from("3005300302010200", "hex").subarray(0, 7), "refused with status 2"],
        [stamp.subarray(0, -1), "no TimeStampResp"],
        [Buffer.concat([stamp, Buffer.from([0])]), "no TimeStampResp"],
      ];
      for (const [bytes, actual] of replies) {
        bench.servers.fail({ server: "timestamps", fault: { kind: "bytes", bytes } });
        await expect(signed(bench)).rejects.toMatchObject({ code: "SERVICE_INVALID", actual });
      }
    });
  });
});

describe("a private repository", () => {
  const token = tokenOf({ sub: "repo:octo/secret:ref:refs/tags/v1", repository_visibility: "private" });
  it.each<[string, string]>([
    ["GitHub's private", token],
    ["GitHub's internal", tokenOf({ sub: "x", repository_visibility: "internal" })],
    ["GitLab's private", tokenOf({ sub: "x", project_visibility: "private" })],
    ["one that the token says nothing of", tokenOf({ sub: "repo:octo/secret:ref:refs/tags/v1" })],
    [
      "one of two that are named",
      tokenOf({ sub: "x", repository_visibility: "public", project_visibility: "private" }),
    ],
  ])("gets a timestamp and no entry: %s", async (_name, one) => {
    await withSigningServers(TIME, async (bench) => {
      expect(verifiedIdentity(bench, await signed(bench, {}, one), 0)).toBe(IDENTITY);
      expect(asked(bench, "rekor2")).toEqual([]);
    });
  });

  it("gets an entry where somebody says so twice", async () => {
    await withSigningServers(TIME, async (bench) => {
      await expect(signed(bench, { log: "public" }, token)).rejects.toMatchObject({ code: "PRIVATE_REPOSITORY" });
      expect(bench.servers.requests).toEqual([]);
      const bundle = await signed(bench, { log: "public", acknowledgePrivate: true }, token);
      expect(verifiedIdentity(bench, bundle, 1)).toBe(IDENTITY);
    });
  });

  it("cannot be signed for where only a log would say when", async () => {
    await withSigningServers(TIME, async (bench) => {
      const signing = signed(bench, { logs: ["rekor1"], timestamps: false }, token);
      await expect(signing).rejects.toMatchObject({ code: "USAGE" });
      expect(bench.servers.requests).toEqual([]);
    });
  });

  it.each([
    "https://fulcio.sigstore.dev",
    "https://fulcio.sigstore.dev.",
    "https://FULCIO.sigstore.dev:443",
    "https://fulcio.sigstage.dev",
  ])("gets no certificate of a public instance, which would name it: %s", async (certificateAuthority) => {
    const host = { fetch: () => Promise.reject(new Error("nobody must be asked")) } as never;
    const instance = {
      certificateAuthority,
      logs: [],
      timestampAuthorities: ["https://timestamp.sigstore.dev/api/v1/timestamp"],
      timestamps: 1,
    };
    for (const log of ["auto", "none"] as const) {
      const signer = sigstoreSigner({ instance, log, acknowledgePrivate: false, clock: () => 0 });
      const signing = signer.sign(payload, runWith(token), host);
      await expect(signing).rejects.toMatchObject({ code: "PRIVATE_REPOSITORY" });
    }
  });
});

describe("before anything is asked", () => {
  it("a choice that leaves no time is refused", async () => {
    await withSigningServers(TIME, async (bench) => {
      const choose = (change: Change) => () => signerAt(bench, change);
      const usage = expect.objectContaining({ code: "USAGE" });
      expect(choose({ timestamps: false })).toThrow(usage);
      expect(choose({ logs: ["rekor1"], timestamps: false, log: "none" })).toThrow(usage);
      expect(choose({ logs: [], log: "public" })).toThrow(usage);
      expect(choose({ logs: ["rekor1"], timestamps: false, log: "public" })).not.toThrow();
    });
  });

  it("a platform without a token is IDENTITY_TOKEN_MISSING", async () => {
    await withSigningServers(TIME, async (bench) => {
      const signing = signerAt(bench).sign(payload, runWith(null), bench.host);
      await expect(signing).rejects.toMatchObject({ code: "IDENTITY_TOKEN_MISSING" });
    });
  });

  it.each([
    "",
    "x",
    "a.b",
    tokenOf({}),
    tokenOf([]),
    tokenOf({ sub: 1 }),
    tokenOf({ sub: "x", repository_visibility: "?" }),
  ])("a token that says nothing is IDENTITY_TOKEN_INVALID: %j", async (token) => {
    await withSigningServers(TIME, async (bench) => {
      await expect(signed(bench, {}, token)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
      expect(bench.servers.requests).toEqual([]);
    });
  });

  it("an image's own signature is refused", async () => {
    await withSigningServers(TIME, async (bench) => {
      const signing = signerAt(bench).signMessage(payload, runWith(TOKEN), bench.host);
      await expect(signing).rejects.toMatchObject({ code: "USAGE" });
    });
  });
});

it("says beforehand what goes into a log", async () => {
  await withSigningServers(TIME, async (bench) => {
    const entersLog = (change: Change, claims: object) =>
      signerAt(bench, change).entersLog(runWith(tokenOf({ sub: "x", ...claims })), bench.host);
    expect(await entersLog({}, { repository_visibility: "public" })).toBe(true);
    expect(await entersLog({}, {})).toBe(false);
    expect(await entersLog({}, { email: "dev@octo.example", email_verified: true })).toBe(true);
    expect(await entersLog({}, { email: "dev@octo.example", email_verified: false })).toBe(false);
    expect(await entersLog({}, { repository_visibility: "private" })).toBe(false);
    expect(await entersLog({ log: "none" }, {})).toBe(false);
    for (const claims of [{ project_visibility: "private" }, {}]) {
      await expect(entersLog({ log: "public" }, claims)).rejects.toMatchObject({ code: "PRIVATE_REPOSITORY" });
    }
    expect(bench.servers.requests).toEqual([]);
  });
});

it("no message holds the token or the key", async () => {
  await withSigningServers(TIME, async (bench) => {
    const body = JSON.stringify({ message: `cannot verify ${TOKEN} at all` });
    bench.servers.fail({
      server: "fulcio",
      fault: { kind: "answer", status: 400, body, headers: { "x-request-id": "f-1" } },
    });
    const error = await signed(bench).catch((thrown: unknown) => thrown);
    if (!isTouchmarkError(error)) throw error;
    expect(error).toMatchObject({ code: "SERVICE_DENIED", actual: "status 400: cannot verify … at all (request f-1)" });
    expect(JSON.stringify([error, error.message, error.stack, String(error.cause)])).not.toContain(TOKEN.slice(0, 30));
  });
});
