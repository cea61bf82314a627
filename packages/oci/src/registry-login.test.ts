import { isTouchmarkError } from "@touchmark/core";
import type { RegistryCredentials } from "@touchmark/plugin";
import { type Fault, type RegistryBench, type TestLogin, withTestRegistry } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";
import { sha256Text } from "./image-digest.ts";
import { OCI_INDEX } from "./media-types.ts";
import { openRegistry } from "./registry.ts";

const MANIFEST = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }));
const DIGEST = sha256Text(MANIFEST);
const INDEX = { schemaVersion: 2, manifests: [] };
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const said = (message: string): Fault["fault"] => ({
  kind: "answer",
  status: 400,
  body: JSON.stringify({ errors: [{ code: "ECHO", message }] }),
});
const redirect = (location: string): Fault["fault"] => ({ kind: "answer", status: 307, headers: { location } });
const BLOB = new TextEncoder().encode("content");

const ME = { username: "octo", password: "pass:word-canary" };
const KNOWN: RegistryCredentials = { kind: "basic", ...ME };
const BASIC: TestLogin = { kind: "basic", ...ME };
const BEARER: TestLogin = { kind: "bearer", ...ME, identityToken: "identity-canary" };

interface Setting {
  readonly login: TestLogin;
  readonly knows?: RegistryCredentials;
  readonly faults?: readonly Fault[];
  readonly blobsElsewhere?: boolean;
}

function withLogin<T>(setting: Setting, run: (bench: RegistryBench) => Promise<T>): Promise<T> {
  return withTestRegistry(setting, (bench) => {
    for (const name of ["octo/app", "octo/other"]) {
      bench.registry.addManifest(name, MANIFEST, { mediaType: OCI_INDEX, tag: "v1" });
      bench.registry.addBlob(name, BLOB);
    }
    return run(bench);
  });
}

const open = ({ registry, host }: RegistryBench) => openRegistry(registry.host, host);
const read = (bench: RegistryBench) => open(bench).repository("octo/app").manifest({ digest: DIGEST });
const push = (bench: RegistryBench) =>
  open(bench).repository("octo/app", { push: true }).pushManifest(MANIFEST, { mediaType: OCI_INDEX });

async function wordsOf(failing: Promise<unknown>): Promise<string> {
  const error = await failing.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isTouchmarkError(error)) throw error;
  return `${error.code} ${error.message} ${error.expected} ${error.actual} ${error.stack} ${error.cause}`;
}

describe("a registry that asks for a name and a password", () => {
  it("gets them when it asks, and from then on", async () => {
    await withLogin({ login: BASIC, knows: KNOWN }, async (bench) => {
      const repository = open(bench).repository("octo/app");
      await repository.manifest({ digest: DIGEST });
      await repository.manifest({ digest: DIGEST });
      expect(bench.registry.requests.map((one) => one.headers["authorization"] !== undefined)).toEqual([
        false,
        true,
        true,
      ]);
    });
  });

  it.each<[string, RegistryCredentials | null]>([
    ["nothing", null],
    ["the wrong password", { kind: "basic", username: "octo", password: "wrong-canary" }],
    ["an identity token", { kind: "identity-token", token: "identity-canary" }],
  ])("lets nobody in who has %s", async (_, knows) => {
    await withLogin({ login: BASIC, ...(knows === null ? {} : { knows }) }, async (bench) => {
      const words = await wordsOf(read(bench));
      expect(words).toContain("REGISTRY_DENIED");
      expect(words).not.toContain("canary");
      expect(bench.registry.requests.length).toBeLessThanOrEqual(2);
    });
  });

  it("gets nothing when it asks in a way that we do not know", async () => {
    const fault = { kind: "answer", status: 401, headers: { "www-authenticate": 'Digest realm="x"' } } as const;
    await withLogin({ login: { kind: "none" }, knows: KNOWN, faults: [{ fault }] }, async (bench) => {
      await expect(read(bench)).rejects.toMatchObject({ code: "REGISTRY_DENIED" });
      expect(bench.registry.requests.map((one) => one.headers["authorization"])).toEqual([undefined]);
    });
  });
});

describe("a registry with a token service", () => {
  const tokenRequests = ({ registry }: RegistryBench) => registry.requests.filter((one) => one.server === "tokens");

  it("gives tokens for a name and a password, for what is wanted", async () => {
    await withLogin({ login: BEARER, knows: KNOWN }, async (bench) => {
      await read(bench);
      await push(bench);
      expect(
        tokenRequests(bench).map((one) => Object.fromEntries(new URLSearchParams(one.path.split("?")[1]))),
      ).toEqual([
        { service: "test registry", scope: "repository:octo/app:pull", client_id: "touchmark", account: "octo" },
        { service: "test registry", scope: "repository:octo/app:pull,push", client_id: "touchmark", account: "octo" },
      ]);
    });
  });

  it("gives tokens for an identity token, by a form", async () => {
    const knows: RegistryCredentials = { kind: "identity-token", token: "identity-canary" };
    await withLogin({ login: BEARER, knows }, async (bench) => {
      await push(bench);
      const [request] = tokenRequests(bench);
      expect(request).toMatchObject({ method: "POST", path: "/token" });
      expect(request?.headers["authorization"]).toBeUndefined();
    });
  });

  it("gives tokens to anybody for what is public", async () => {
    const login: TestLogin = { ...BEARER, anonymousPull: true };
    await withLogin({ login }, async (bench) => {
      expect(await read(bench)).toMatchObject({ digest: DIGEST });
      expect(await wordsOf(push(bench))).toContain("REGISTRY_DENIED");
    });
  });

  it.each<[string, RegistryCredentials | null]>([
    ["nothing", null],
    ["the wrong password", { kind: "basic", username: "octo", password: "wrong-canary" }],
    ["the wrong identity token", { kind: "identity-token", token: "wrong-canary" }],
  ])("gives none to who has %s", async (_, knows) => {
    await withLogin({ login: BEARER, ...(knows === null ? {} : { knows }) }, async (bench) => {
      const words = await wordsOf(read(bench));
      expect(words).toContain("REGISTRY_DENIED");
      expect(words).not.toContain("canary");
    });
  });

  it("is asked once for one repository, by however many at a time", async () => {
    await withLogin({ login: BEARER, knows: KNOWN }, async (bench) => {
      const registry = open(bench);
      const all = Array.from({ length: 20 }, (_, number) =>
        registry.repository(number % 2 === 0 ? "octo/app" : "octo/other").manifest({ digest: DIGEST }),
      );
      await Promise.all(all);
      expect(tokenRequests(bench)).toHaveLength(2);
    });
  });

  it("is asked again when a token is used up", async () => {
    const login: TestLogin = { ...BEARER, tokenUses: 2 };
    await withLogin({ login, knows: KNOWN }, async (bench) => {
      const repository = open(bench).repository("octo/app");
      for (let times = 0; times < 5; times += 1) await repository.manifest({ digest: DIGEST });
      expect(tokenRequests(bench)).toHaveLength(3);
    });
  });

  it("is not asked without end when its tokens are good for nothing", async () => {
    await withLogin({ login: { ...BEARER, tokenUses: 0 }, knows: KNOWN }, async (bench) => {
      await expect(read(bench)).rejects.toMatchObject({ code: "REGISTRY_DENIED" });
      expect(tokenRequests(bench)).toHaveLength(1);
    });
  });

  it("may fail for a while", async () => {
    const fault: Fault = { server: "tokens", times: 2, fault: { kind: "answer", status: 503 } };
    await withLogin({ login: BEARER, knows: KNOWN, faults: [fault] }, async (bench) => {
      await read(bench);
      expect(bench.pauses).toEqual([250, 500]);
    });
  });

  it.each<[string, Fault["fault"], string]>([
    ["no JSON", { kind: "answer", status: 200, body: "canary" }, "REGISTRY_INVALID"],
    ["no token", { kind: "answer", status: 200, body: '{"tocen":"canary"}' }, "REGISTRY_INVALID"],
    ["an empty token", { kind: "answer", status: 200, body: '{"token":""}' }, "REGISTRY_INVALID"],
    [
      "a token with a line break",
      { kind: "answer", status: 200, body: '{"token":"canary\\r\\nx: y"}' },
      "REGISTRY_INVALID",
    ],
    ["a token without end", { kind: "answer", status: 200, body: "x".repeat(300_000) }, "INPUT_TOO_LARGE"],
    ["a redirect", { kind: "answer", status: 307, headers: { location: "/canary" } }, "REGISTRY_INVALID"],
    ["503 for ever", { kind: "answer", status: 503 }, "REGISTRY_UNAVAILABLE"],
    ["404", { kind: "answer", status: 404 }, "REGISTRY_DENIED"],
  ])("that answers with %s is an error", async (_, fault, code) => {
    const faults: Fault[] = [{ server: "tokens", times: 9, fault }];
    await withLogin({ login: BEARER, knows: KNOWN, faults }, async (bench) => {
      const words = await wordsOf(read(bench));
      expect(words).toContain(code);
      expect(words).not.toContain("canary");
    });
  });

  it.each([
    ["over plain http on another machine", "http://auth.example/token"],
    ["nowhere", ""],
    ["with userinfo", "https://canary:canary@auth.example/token"],
    ["by another protocol", "file:///etc/passwd"],
  ])("is not asked when it is said to be %s", async (_, realm) => {
    const headers = { "www-authenticate": `Bearer realm="${realm}",service="x"` };
    const faults: Fault[] = [{ times: 9, fault: { kind: "answer", status: 401, headers } }];
    await withLogin({ login: { kind: "none" }, knows: KNOWN, faults }, async (bench) => {
      const words = await wordsOf(read(bench));
      // A realm that is empty leads to the registry itself, which is asked for a token and has none.
      expect(words).toMatch(/^REGISTRY_(INVALID|DENIED)/);
      expect(words).not.toContain("canary");
    });
  });

  it("gets the names that a registry protects a repository by beside our own", async () => {
    const headers = {
      "www-authenticate": 'Bearer realm="REALM",scope="repository:octo/app:pull repository:docker-local/octo/app:pull"',
    };
    await withLogin({ login: BEARER, knows: KNOWN }, async (bench) => {
      const challenge = headers["www-authenticate"].replace("REALM", `http://${bench.registry.tokenHost}/token`);
      bench.registry.fail({ fault: { kind: "answer", status: 401, headers: { "www-authenticate": challenge } } });
      await read(bench);
      expect(new URLSearchParams(tokenRequests(bench)[0]?.path.split("?")[1]).getAll("scope")).toEqual([
        "repository:octo/app:pull",
        "repository:docker-local/octo/app:pull",
      ]);
    });
  });
});

describe("what is secret", () => {
  const readBlob = (bench: RegistryBench) =>
    open(bench)
      .repository("octo/app")
      .blob({ digest: sha256Text(BLOB), size: BLOB.byteLength }, { max: 100 });

  it.each([BASIC, BEARER])("does not go along a redirect to another host: $kind", async (login) => {
    await withLogin({ login, knows: KNOWN, blobsElsewhere: true }, async (bench) => {
      expect(await readBlob(bench)).toEqual(BLOB);
      const elsewhere = bench.registry.requests.filter((one) => one.server === "blobs");
      expect(elsewhere).toHaveLength(1);
      expect(JSON.stringify(elsewhere)).not.toMatch(/canary|authorization/);
    });
  });

  it("does not come back to it when a redirect leads back", async () => {
    await withLogin({ login: BASIC, knows: KNOWN, blobsElsewhere: true }, async (bench) => {
      const { registry } = bench;
      await open(bench).repository("octo/app").manifest({ digest: DIGEST });
      const location = `http://${registry.host}/v2/octo/app/blobs/${sha256Text(BLOB)}`;
      registry.fail({ server: "blobs", fault: { kind: "answer", status: 307, headers: { location } } });
      await expect(readBlob(bench)).rejects.toMatchObject({ code: "REGISTRY_DENIED" });
      expect(registry.requests.at(-1)?.headers["authorization"]).toBeUndefined();
    });
  });

  it("is not given to another host that asks for it", async () => {
    await withLogin({ login: BEARER, knows: KNOWN, blobsElsewhere: true }, async (bench) => {
      const { registry } = bench;
      const challenge = `Bearer realm="http://${registry.blobHost}/token",service="x"`;
      const headers = { "www-authenticate": challenge };
      registry.fail({ server: "blobs", times: 9, fault: { kind: "answer", status: 401, headers } });
      await expect(readBlob(bench)).rejects.toMatchObject({ code: "REGISTRY_DENIED" });
      expect(registry.requests.filter((one) => one.server === "blobs")).toHaveLength(1);
      expect(JSON.stringify(registry.requests.filter((one) => one.server === "blobs"))).not.toContain("canary");
    });
  });

  it("is given to the token service and to nobody as a password, and the token to the registry", async () => {
    await withLogin({ login: BEARER, knows: KNOWN }, async (bench) => {
      await push(bench);
      const password = Buffer.from(`${ME.username}:${ME.password}`).toString("base64");
      for (const { server, headers, path, body } of bench.registry.requests) {
        expect(`${path} ${new TextDecoder().decode(body)}`).not.toContain("canary");
        if (server === "registry") expect(headers["authorization"] ?? "").not.toContain(password);
        else expect(headers["authorization"]).toBe(`Basic ${password}`);
      }
    });
  });

  it.each<[string, Setting]>([
    ["a name and a password", { login: BASIC, knows: KNOWN }],
    ["a token", { login: BEARER, knows: KNOWN }],
    ["an identity token", { login: BEARER, knows: { kind: "identity-token", token: "identity-canary" } }],
  ])("is not shown when a registry repeats it: %s", async (_, setting) => {
    await withLogin(setting, async (bench) => {
      const { registry } = bench;
      const repository = open(bench).repository("octo/app");
      await repository.manifest({ digest: DIGEST });
      const sent = registry.requests.flatMap((one) => one.headers["authorization"] ?? []);
      const form = registry.requests.map((one) => new TextDecoder().decode(one.body));
      const message = `you sent ${sent.join(" and ")} ${form} ${ME.password}`;
      expect(message).toContain("canary");
      const body = JSON.stringify({ errors: [{ code: "ECHO", message }] });
      for (const status of [400, 403, 503]) {
        registry.fail({ times: status === 503 ? 5 : 1, fault: { kind: "answer", status, body } });
        const words = await wordsOf(repository.manifest({ digest: DIGEST }));
        expect(words).toContain("ECHO");
        for (const secret of [...sent.map((one) => one.split(" ")[1] ?? ""), "identity-canary"]) {
          expect(words).not.toContain(secret);
        }
      }
    });
  });

  it.each<[string, (secret: string) => Fault["fault"]]>([
    [
      "at the end of what is shown of an answer",
      (secret) => said(`${"x".repeat(300 - 20 - "ECHO, ".length)}${secret}`),
    ],
    ["in a media type", (secret) => ({ kind: "bytes", bytes: encode({ ...INDEX, mediaType: secret }) })],
    ["in a place to go to", (secret) => redirect(`http://${secret.replaceAll(/[^\w-]/g, "-").slice(0, 60)}.example/`)],
  ])("is not shown when a registry repeats it %s", async (_, fault) => {
    const long = { kind: "basic", username: "octo", password: `canary-${"q8".repeat(40)}` } as const;
    await withLogin({ login: long, knows: long }, async (bench) => {
      const repository = open(bench).repository("octo/app");
      await repository.manifest({ digest: DIGEST });
      bench.registry.fail({ fault: fault(long.password) });
      expect(await wordsOf(repository.manifestByTag("v1"))).not.toContain("canary-q8");
    });
  });

  it("is not shown in what a registry says that it stored", async () => {
    await withLogin({ login: BASIC, knows: KNOWN }, async (bench) => {
      const repository = open(bench).repository("octo/app", { push: true });
      await repository.pushManifest(MANIFEST, { mediaType: OCI_INDEX });
      const headers = { "docker-content-digest": `sha256:${ME.password}` };
      bench.registry.fail({ fault: { kind: "answer", status: 201, headers } });
      const words = await wordsOf(repository.pushManifest(MANIFEST, { mediaType: OCI_INDEX }));
      expect(words).toContain("sha256:…");
      expect(words).not.toContain("canary");
    });
  });

  it("is not shown when a registry repeats what another login of the same user sent", async () => {
    await withLogin({ login: BASIC, knows: KNOWN }, async (bench) => {
      await read(bench);
      const body = JSON.stringify({ errors: [{ code: "ECHO", message: `you sent ${ME.password} before` }] });
      bench.registry.fail({ times: 1, fault: { kind: "answer", status: 403, body } });
      const words = await wordsOf(read(bench));
      expect(words).toContain("ECHO, you sent");
      expect(words).not.toContain(ME.password);
    });
  });

  it.each<[string, Fault["fault"]]>([
    ["hangs up", { kind: "hang-up" }],
    ["breaks off", { kind: "half-body" }],
    ["sends too much", { kind: "bytes", bytes: new Uint8Array(5_000_000) }],
    ["sends something else", { kind: "bytes", bytes: new Uint8Array(5) }],
    ["redirects without end", { kind: "answer", status: 307, headers: { location: "?canary" } }],
    ["redirects elsewhere", { kind: "answer", status: 307, headers: { location: "http://cdn.example/?canary" } }],
    ["redirects to a third", { kind: "answer", status: 307, headers: { location: "https://cdn.example/?sig=canary" } }],
  ])(
    "is in no error of a registry that %s",
    async (_, fault) => {
      await withLogin({ login: BEARER, knows: KNOWN }, async (bench) => {
        const repository = open(bench).repository("octo/app");
        await repository.manifest({ digest: DIGEST });
        // The host may not talk to cdn.example unless it was referred there; it is, and there is no such host.
        bench.registry.fail({ times: 9, fault });
        expect(await wordsOf(repository.manifest({ digest: DIGEST }))).not.toContain("canary");
      });
    },
    30_000,
  );
});

it("Docker Hub's credentials are asked for by the name that users know", async () => {
  const asked: string[] = [];
  const refused = Object.assign(new Error("no network in this test"), { name: "TouchmarkError", code: "ABORTED" });
  await withLogin({ login: { kind: "none" } }, async ({ host }) => {
    const urls: string[] = [];
    const registry = openRegistry("docker.io", {
      ...host,
      credentials: async (name) => {
        asked.push(name);
        throw refused;
      },
      fetch: async ({ url }) => {
        urls.push(url);
        const challenge = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"';
        return { status: 401, headers: { "www-authenticate": challenge }, body: new Uint8Array() };
      },
    });
    await expect(registry.repository("library/alpine").resolveTag("3")).rejects.toBe(refused);
    expect(urls).toEqual(["https://registry-1.docker.io/v2/library/alpine/manifests/3"]);
    expect(asked).toEqual(["docker.io"]);
  });
});
