import { isTouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Content, content, NOW, publish, tufKey } from "../test/tuf-repository.ts";
import { MIRROR, mirrorHost, update, updatedByTufJs, updateOptions } from "../test/update.ts";
import { MAX_ROOT_ROTATIONS } from "./limits.ts";
import { updateRoots } from "./update-roots.ts";

const first = content();
const base = publish(first);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const PAST = "2026-05-31T23:59:59Z";

/** The repository one step later: everything has a new version but the root. */
function later(state: Content, changes: Partial<Content> = {}): Content {
  const versions = { timestamp: 0, snapshot: 0, targets: 0 };
  for (const role of ["timestamp", "snapshot", "targets"] as const) versions[role] = state.versions[role] + 1;
  return { ...state, versions, target: "roots, second", ...changes };
}

describe("an update", () => {
  it("reads the roots, and what is kept holds all that the next one needs", async () => {
    const { bytes, files, rootVersion } = await update(base);
    expect([text(bytes), rootVersion]).toEqual(["roots, first", 1]);
    expect([...files.keys()]).toEqual(["timestamp.json", "snapshot.json", "targets.json", "trusted_root.json"]);
    const { host, asked } = mirrorHost(base);
    const again = await updateRoots(updateOptions(base, files), host);
    expect(again.files).toEqual(files);
    expect(asked).toEqual(["2.root.json", "timestamp.json"]);
  });

  it("takes new roots, by the digests in consistent snapshots", async () => {
    const { files } = await update(base);
    const next = publish(later(first), base);
    const { host, asked } = mirrorHost(next);
    const { bytes } = await updateRoots(updateOptions(base, files), host);
    expect(text(bytes)).toBe("roots, second");
    expect(asked.slice(2)).toEqual([
      "2.snapshot.json",
      "2.targets.json",
      expect.stringMatching(/^targets\/[0-9a-f]{64}\.trusted_root\.json$/),
    ]);
  });

  it("takes them by their plain names where snapshots are not consistent", async () => {
    const { host, asked } = mirrorHost(publish({ ...first, consistent: false }));
    await updateRoots(updateOptions(publish({ ...first, consistent: false })), host);
    expect(asked).toEqual([
      "2.root.json",
      "timestamp.json",
      "snapshot.json",
      "targets.json",
      "targets/trusted_root.json",
    ]);
  });

  it("follows new keys from root to root, and keeps the way", async () => {
    const [x, y, z] = [tufKey(), tufKey(), tufKey()];
    const [a, b] = first.keys.root;
    if (a === undefined || b === undefined) throw new Error("no keys");
    // Signed by two of the old ones, and by two of its own.
    const second = { ...first, root: 2, keys: { ...first.keys, root: [b, x, y] }, signers: () => [a, b, x] };
    const rotated = publish({ ...second, signers: (role, keys) => (role === "root" ? [a, b, x] : keys) }, base);
    const third = { ...second, root: 3, keys: { ...second.keys, root: [x, y, z], timestamp: [tufKey()] } };
    const files = publish({ ...third, signers: (role, keys) => (role === "root" ? [x, y] : keys) }, rotated);
    const updated = await update(files, { first: base });
    expect(updated.rootVersion).toBe(3);
    expect([...updated.files.keys()].slice(0, 2)).toEqual(["2.root.json", "3.root.json"]);
    expect(await updatedByTufJs(files, { first: base })).toBe(true);
    // A mirror that hides the newer roots does not bring the old keys back.
    const hidden = new Map([...base].filter(([name]) => !/^[23]\.root/.test(name)));
    await expect(update(hidden, { first: base, kept: updated.files })).rejects.toMatchObject({
      code: "SERVICE_INVALID",
      message: "timestamp.json of the roots' mirror cannot be used",
    });
  });

  it("begins with a root that has expired, if a newer one has not", async () => {
    const old = publish({ ...first, expires: { ...first.expires, root: PAST } });
    await expect(update(old)).rejects.toMatchObject({ code: "ROOTS_STALE" });
    expect((await update(publish({ ...first, root: 2 }, old), { first: old })).rootVersion).toBe(2);
  });

  it("looks at no name but its own: others lead nowhere", async () => {
    const others = { "../../evil": "x", "/etc/passwd": "x", "..\\evil": "x", __proto__x: "x" };
    const { host, asked } = mirrorHost(publish({ ...first, others }));
    const { files } = await updateRoots(updateOptions(publish({ ...first, others })), host);
    expect(asked.filter((path) => path.includes("evil") || path.includes("passwd"))).toEqual([]);
    expect([...files.keys()]).toEqual(["timestamp.json", "snapshot.json", "targets.json", "trusted_root.json"]);
  });
});

describe("what was kept", () => {
  it.each(["timestamp.json", "snapshot.json", "targets.json", "trusted_root.json"])(
    "is not believed: %s",
    async (name) => {
      const { files } = await update(base);
      for (const bad of [
        new Uint8Array(),
        Buffer.from("{}"),
        Buffer.from(String(files.get(name)).replace(/.$/, " ")),
      ]) {
        const updated = await update(base, { kept: new Map([...files, [name, bad]]) });
        expect(updated.files).toEqual(files);
      }
    },
  );

  it("is not believed: a root that the first one did not sign", async () => {
    const forged = publish({ ...content(), root: 2 }).get("2.root.json") ?? new Uint8Array();
    expect((await update(base, { kept: new Map([["2.root.json", forged]]) })).rootVersion).toBe(1);
  });

  it("says whether somebody else has kept newer metadata meanwhile", async () => {
    const updated = await update(base);
    const newer = publish(later(first)).get("timestamp.json") ?? new Uint8Array();
    expect(updated.isOlderThan(newer)).toBe(true);
    expect(updated.isOlderThan(base.get("timestamp.json") ?? new Uint8Array())).toBe(false);
    expect(updated.isOlderThan(publish(later(content())).get("timestamp.json") ?? new Uint8Array())).toBe(false);
  });
});

type Versions = Content["versions"];
const second = later(first);
const back = (versions: Partial<Versions>) => publish({ ...second, versions: { ...second.versions, ...versions } });

describe("an older version than before is refused", () => {
  it.each<[string, Partial<Versions>, string]>([
    ["timestamp", { timestamp: 1 }, "timestamp.json"],
    ["snapshot", { timestamp: 3, snapshot: 1 }, "snapshot.json"],
    ["targets", { timestamp: 3, snapshot: 3, targets: 1 }, "targets.json"],
  ])("%s", async (_, versions, name) => {
    const { files: kept } = await update(publish(second));
    await expect(update(back(versions), { kept })).rejects.toMatchObject({
      code: "ROOTS_ROLLBACK",
      message: `the roots' mirror gives an older ${name} than before`,
      expected: "version 2 or newer",
      actual: "version 1",
    });
    expect(await updatedByTufJs(back(versions), { first: base, kept })).toBe(false);
  });

  it("where the library of others takes the newer ones", async () => {
    const { files: kept } = await update(base);
    expect(await updatedByTufJs(publish(second, base), { first: base, kept })).toBe(true);
  });

  it("also after it has expired", async () => {
    const { files: kept } = await update(publish(second));
    const now = new Date("2026-07-02T00:00:00Z");
    const files = publish({
      ...first,
      expires: {
        root: "2027-01-01T00:00:00Z",
        timestamp: "2027-01-01T00:00:00Z",
        snapshot: "2027-01-01T00:00:00Z",
        targets: "2027-01-01T00:00:00Z",
      },
    });
    await expect(update(files, { kept, now })).rejects.toMatchObject({ code: "ROOTS_ROLLBACK" });
  });

  it("and of two with one version, the one that was seen first counts", async () => {
    const { files: kept } = await update(base);
    const other = publish({ ...first, target: "roots, other" });
    expect(text((await update(other, { kept })).bytes)).toBe("roots, first");
  });

  it("unless the keys that made it were withdrawn", async () => {
    const { files: kept } = await update(publish(second));
    const online = tufKey();
    const recovered = { ...first, root: 2, keys: { ...first.keys, timestamp: [online], snapshot: [online] } };
    expect((await update(publish(recovered, base), { first: base, kept })).rootVersion).toBe(2);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a test may break what a type holds together
const edited = (role: string, edit: (signed: any) => void): Partial<Content> => ({
  edit: (which, signed) => {
    if (which === role) edit(signed);
  },
});
const signedBy = (role: string, count: number): Partial<Content> => ({
  signers: (which, keys) => (which === role ? keys.slice(0, count) : keys),
});
const [online] = first.keys.timestamp;
const twice = { ...(online ?? tufKey()), id: "f".repeat(64) };

describe("metadata is refused", () => {
  it.each<[string, string, Partial<Content>]>([
    ["a root below its threshold", "ROOTS_INVALID", signedBy("root", 1)],
    ["a timestamp without a signature", "SERVICE_INVALID", signedBy("timestamp", 0)],
    ["a snapshot without a signature", "SERVICE_INVALID", signedBy("snapshot", 0)],
    ["targets below their threshold", "SERVICE_INVALID", signedBy("targets", 1)],
    [
      "a timestamp by others",
      "SERVICE_INVALID",
      { signers: (role, keys) => (role === "timestamp" ? [{ ...tufKey(), id: keys[0]?.id ?? "" }] : keys) },
    ],
    [
      "one key under two names for two",
      "SERVICE_INVALID",
      {
        keys: { ...first.keys, timestamp: [online ?? twice, twice] },
        threshold: { ...first.threshold, timestamp: 2 },
      },
    ],
    ["a threshold of 0", "ROOTS_INVALID", { threshold: { ...first.threshold, targets: 0 } }],
    ["a threshold below 0", "ROOTS_INVALID", { threshold: { ...first.threshold, targets: -1 } }],
    ["an expired root", "ROOTS_STALE", { expires: { ...first.expires, root: PAST } }],
    ["an expired timestamp", "ROOTS_STALE", { expires: { ...first.expires, timestamp: PAST } }],
    ["an expired snapshot", "ROOTS_STALE", { expires: { ...first.expires, snapshot: PAST } }],
    ["expired targets", "ROOTS_STALE", { expires: { ...first.expires, targets: PAST } }],
    [
      "a timestamp that expires this second",
      "ROOTS_STALE",
      { expires: { ...first.expires, timestamp: "2026-06-01T00:00:00Z" } },
    ],
    ["a date that is none", "SERVICE_INVALID", { expires: { ...first.expires, timestamp: "2026-13-01T00:00:00Z" } }],
    ["a date in words", "SERVICE_INVALID", { expires: { ...first.expires, timestamp: "never" } }],
    ["another kind", "SERVICE_INVALID", edited("timestamp", (signed) => Object.assign(signed, { _type: "snapshot" }))],
    [
      "another specification",
      "SERVICE_INVALID",
      edited("timestamp", (signed) => Object.assign(signed, { spec_version: "2.0.0" })),
    ],
    ["a version of 0", "SERVICE_INVALID", edited("timestamp", (signed) => Object.assign(signed, { version: 0 }))],
    [
      "a snapshot of another version than the timestamp says",
      "SERVICE_INVALID",
      edited("timestamp", (signed) => Object.assign(signed.meta["snapshot.json"], { version: 7 })),
    ],
    [
      "a snapshot of another digest",
      "SERVICE_INVALID",
      edited("timestamp", (signed) => Object.assign(signed.meta["snapshot.json"].hashes, { sha256: "0".repeat(64) })),
    ],
    [
      "a snapshot of another length",
      "SERVICE_INVALID",
      edited("timestamp", (signed) => Object.assign(signed.meta["snapshot.json"], { length: 10 })),
    ],
    [
      "targets of another digest",
      "SERVICE_INVALID",
      edited("snapshot", (signed) => Object.assign(signed.meta["targets.json"].hashes, { sha256: "0".repeat(64) })),
    ],
    [
      "a snapshot without targets",
      "SERVICE_INVALID",
      edited("snapshot", (signed) => Object.assign(signed, { meta: {} })),
    ],
    [
      "targets without the roots",
      "SERVICE_INVALID",
      edited("targets", (signed) => Object.assign(signed, { targets: {} })),
    ],
    [
      "roots of another digest",
      "SERVICE_INVALID",
      edited("targets", (signed) =>
        Object.assign(signed.targets["trusted_root.json"].hashes, { sha256: "0".repeat(64) }),
      ),
    ],
    [
      "roots of another length",
      "SERVICE_INVALID",
      edited("targets", (signed) => Object.assign(signed.targets["trusted_root.json"], { length: 3 })),
    ],
    [
      "roots with a weak digest alone",
      "SERVICE_INVALID",
      edited("targets", (signed) =>
        Object.assign(signed.targets["trusted_root.json"], { hashes: { md5: "0".repeat(32) } }),
      ),
    ],
    [
      "roots whose digest is a path",
      "SERVICE_INVALID",
      edited("targets", (signed) =>
        Object.assign(signed.targets["trusted_root.json"], { hashes: { sha256: "../../../evil" } }),
      ),
    ],
    [
      "roots of 2 MiB",
      "SERVICE_INVALID",
      edited("targets", (signed) => Object.assign(signed.targets["trusted_root.json"], { length: 2 * 1024 * 1024 })),
    ],
    [
      "1,001 targets",
      "SERVICE_INVALID",
      { others: Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`t${n}`, ""])) },
    ],
  ])("%s", async (_, code, changes) => {
    const files = publish({ ...first, ...changes });
    await expect(update(files)).rejects.toMatchObject({ code });
  });

  it("where the library of others refuses it too", async () => {
    const cases: readonly Partial<Content>[] = [
      signedBy("timestamp", 0),
      signedBy("snapshot", 0),
      signedBy("targets", 1),
      { expires: { ...first.expires, timestamp: PAST } },
      { expires: { ...first.expires, snapshot: PAST } },
      { expires: { ...first.expires, targets: PAST } },
      edited("timestamp", (signed) => Object.assign(signed.meta["snapshot.json"], { version: 7 })),
      edited("targets", (signed) =>
        Object.assign(signed.targets["trusted_root.json"].hashes, { sha256: "0".repeat(64) }),
      ),
    ];
    for (const changes of cases) expect(await updatedByTufJs(publish({ ...first, ...changes }))).toBe(false);
    expect(await updatedByTufJs(base)).toBe(true);
  });
});

describe("a root is refused", () => {
  const next = { ...first, root: 2 };
  it.each<[string, Partial<Content>]>([
    ["that the one before did not sign", { keys: content().keys }],
    [
      "that signs itself below its own threshold",
      {
        threshold: { ...first.threshold, root: 3 },
        signers: (role, keys) => (role === "root" ? keys.slice(0, 2) : keys),
      },
    ],
    ["of another version than its name", edited("root", (signed) => Object.assign(signed, { version: 3 }))],
    ["of the same version again", edited("root", (signed) => Object.assign(signed, { version: 1 }))],
    ["without a role", edited("root", (signed) => Reflect.deleteProperty(signed.roles, "targets"))],
  ])("%s", async (_, changes) => {
    const files = publish({ ...next, ...changes }, base);
    await expect(update(files, { first: base })).rejects.toMatchObject({ code: "SERVICE_INVALID" });
    expect(await updatedByTufJs(files, { first: base })).toBe(false);
  });

  it("where there are more than anybody follows", async () => {
    let files = base;
    for (let root = 2; root <= MAX_ROOT_ROTATIONS + 1; root += 1) files = publish({ ...first, root }, files);
    expect((await update(files, { first: base })).rootVersion).toBe(MAX_ROOT_ROTATIONS + 1);
    files = publish({ ...first, root: MAX_ROOT_ROTATIONS + 2 }, files);
    await expect(update(files, { first: base })).rejects.toMatchObject({
      code: "ROOTS_STALE",
      expected: "at most 64 newer versions than 1",
    });
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["another document", JSON.stringify({ signed: { _type: "timestamp" }, signatures: [] })],
    ["a key twice", String(base.get("1.root.json")).replace("{", '{"signatures":[],')],
    ["more than 512 KiB", `${String(base.get("1.root.json"))}${" ".repeat(512 * 1024)}`],
  ])("to begin with, when it is %s", async (_, root) => {
    const options = { ...updateOptions(base), root: Buffer.from(root) };
    await expect(updateRoots(options, mirrorHost(base).host)).rejects.toMatchObject({ code: "ROOTS_INVALID" });
  });
});

describe("a mirror", () => {
  const asked = (answer: Parameters<typeof mirrorHost>[1]) =>
    updateRoots(updateOptions(base), mirrorHost(base, answer).host);

  it.each([
    ["that has no timestamp", "timestamp.json", { status: 404 }, "SERVICE_INVALID"],
    ["that has lost a snapshot", "1.snapshot.json", { status: 404 }, "SERVICE_INVALID"],
    ["that answers 500", "timestamp.json", { status: 500 }, "SERVICE_UNAVAILABLE"],
    ["that answers 500 for a root", "2.root.json", { status: 500 }, "SERVICE_UNAVAILABLE"],
    ["that leads elsewhere", "timestamp.json", { status: 302 }, "SERVICE_INVALID"],
    ["that wants a login", "timestamp.json", { status: 401 }, "SERVICE_DENIED"],
    ["that gives nothing", "timestamp.json", { body: new Uint8Array() }, "SERVICE_INVALID"],
    [
      "that gives half",
      "timestamp.json",
      { body: (base.get("timestamp.json") ?? new Uint8Array()).slice(0, 300) },
      "SERVICE_INVALID",
    ],
    [
      "that gives more than a timestamp has",
      "timestamp.json",
      { body: new Uint8Array(16 * 1024 + 1) },
      "SERVICE_INVALID",
    ],
    ["that gives more than a root has", "2.root.json", { body: new Uint8Array(512 * 1024 + 1) }, "SERVICE_INVALID"],
  ])("%s", async (_, where, response, code) => {
    await expect(asked((path) => (path === where ? response : null))).rejects.toMatchObject({ code });
  });

  it("that may not be listed answers 403 for the root after the newest one", async () => {
    const { bytes } = await asked((path) => (path === "2.root.json" ? { status: 403 } : null));
    expect(text(bytes)).toBe("roots, first");
  });

  it.each([
    "",
    "tuf.example",
    "ftp://tuf.example",
    "https://user@tuf.example",
    "https://tuf.example/?a",
    "file:///etc",
  ])("is not %j", async (mirror) => {
    await expect(updateRoots({ ...updateOptions(base), mirror }, mirrorHost(base).host)).rejects.toMatchObject({
      code: "USAGE",
    });
  });

  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, {}]));
  const unsigned = (name: string, change: (signed: Record<string, object>) => void) => {
    const document = JSON.parse(text(base.get(name) ?? new Uint8Array()));
    change(document.signed);
    return Buffer.from(JSON.stringify(document));
  };
  const noHashes = publish({
    ...first,
    edit: (role, signed) => {
      if (role === "snapshot") Object.assign(signed, { meta: { "targets.json": { version: 1 } } });
    },
  });

  it.each<[string, string, () => Uint8Array]>([
    [
      "roles",
      "2.root.json",
      () => unsigned("1.root.json", (signed) => Object.assign(signed["roles"] ?? {}, many(9_000))),
    ],
    [
      "delegated keys",
      "1.targets.json",
      () => unsigned("1.targets.json", (signed) => Object.assign(signed, { delegations: { keys: many(9_000) } })),
    ],
    [
      "delegated roles",
      "1.targets.json",
      () =>
        unsigned("1.targets.json", (signed) =>
          Object.assign(signed, { delegations: { keys: {}, roles: Object.values(many(9_000)) } }),
        ),
    ],
  ])("cannot make anybody wait with %s that nobody signed", async (_, where, body) => {
    const { host } = mirrorHost(noHashes, (path) => (path === where ? { status: 200, body: body() } : null));
    await expect(updateRoots(updateOptions(noHashes), host)).rejects.toMatchObject({
      code: "SERVICE_INVALID",
      actual: expect.stringMatching(/more than 1000 members|9000 entries/),
    });
  });

  it("may delegate to others", async () => {
    const entry = first.keys.root[0];
    if (entry === undefined) throw new Error("no key");
    const role = { name: "a", keyids: [entry.id], threshold: 1, terminating: true, paths: ["a/*"] };
    const delegations = { keys: { [entry.id]: entry.entry }, roles: [role] };
    const files = publish({
      ...first,
      edit: (role, signed) => {
        if (role === "targets") Object.assign(signed, { delegations });
      },
    });
    expect(text((await update(files)).bytes)).toBe("roots, first");
    expect(await updatedByTufJs(files)).toBe(true);
  });

  it("may have no path", async () => {
    const asked: string[] = [];
    const fetch = async ({ url }: { readonly url: string }) => {
      asked.push(url);
      const body = base.get(url.slice("https://tuf.example/".length));
      return { status: body === undefined ? 404 : 200, headers: {}, body: body ?? new Uint8Array() };
    };
    await updateRoots({ ...updateOptions(base), mirror: "https://tuf.example" }, {
      fetch,
      elapsed: () => 0,
    } as unknown as Host);
    expect(asked.slice(0, 2)).toEqual(["https://tuf.example/2.root.json", "https://tuf.example/timestamp.json"]);
  });

  it("may have a slash at its end", async () => {
    const { host } = mirrorHost(base);
    expect(text((await updateRoots({ ...updateOptions(base), mirror: `${MIRROR}//` }, host)).bytes)).toBe(
      "roots, first",
    );
  });
});

describe("whatever a mirror gives", () => {
  const names = ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"];
  const answered = async (name: string, body: Uint8Array) => {
    try {
      const host = mirrorHost(base, (path) => (path === name ? { status: 200, body } : null)).host;
      return text((await updateRoots(updateOptions(base), host)).bytes);
    } catch (error) {
      return isTouchmarkError(error) ? error.code : error;
    }
  };

  it.each(names)("as %s, it is refused with a code", async (name) => {
    const anything = fc.oneof(fc.string(), fc.json({ maxDepth: 4 })).map((body) => Buffer.from(body));
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        expect(await answered(name, body)).toBe("SERVICE_INVALID");
      }),
    );
  });

  it.each(names.slice(1))("with a byte of %s changed, the roots are the same or refused", async (name) => {
    const right = base.get(name) ?? new Uint8Array();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: right.byteLength - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const body = Uint8Array.from(right);
        body[at] = (body[at] ?? 0) ^ flip;
        expect(["SERVICE_INVALID", "roots, first"]).toContain(await answered(name, body));
      }),
    );
  });
});

it("the tests' time is between what has expired and what has not", () => {
  expect(new Date(PAST) < NOW).toBe(true);
});
