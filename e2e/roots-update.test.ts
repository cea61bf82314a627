import { createHash } from "node:crypto";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rootOf, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { pythonProgramVersion } from "./peers/python-programs.mjs";
import { publishedSchemaOf } from "./published-schema.ts";
import { startTufMirror, type TufMirror } from "./servers/tuf-mirror.ts";
import {
  firstState,
  hasTufRepository,
  inDays,
  makeTufRepository,
  nextState,
  type TufRepository,
  type TufState,
} from "./servers/tuf-repository.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";

const PYTHON = `python-tuf ${pythonProgramVersion("python-tuf")}`;
const OLD_ROOTS = JSON.stringify(rootOf(testSigstore()));
const NEW_ROOTS = JSON.stringify(rootOf(testSigstore()));

describe.skipIf(!hasTufRepository())(`roots from a repository that ${PYTHON} makes`, () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let repository: TufRepository;
  let mirror: TufMirror;
  const first = firstState(OLD_ROOTS);
  const second = nextState(first, { targets: { "trusted_root.json": NEW_ROOTS } });
  const at = (...parts: string[]) => join(folder.path, ...parts);

  beforeAll(async () => {
    folder = await newFolder();
    repository = await makeTufRepository(at("tuf"));
    mirror = await startTufMirror(repository.folder);
  });

  // Each begins with what the repository published first, and nothing that was kept.
  beforeEach(async () => {
    for (const name of ["cache", "python", "out.json", "tuf/repo"])
      await rm(at(name), { recursive: true, force: true });
    await repository.publish(first);
    await cp(at("tuf", "repo", "1.root.json"), at("root.json"));
    mirror.asked();
  });

  afterEach(() => mirror?.mend());

  afterAll(async () => {
    await mirror?.stop();
    await folder?.remove();
  });

  const cli = (...args: string[]) => touchmark(args, { cwd: folder.path, env: { XDG_CACHE_HOME: at("cache") } });
  const from = () => ["--mirror", mirror.url, "--root", "root.json"];
  const update = () => cli("roots", "update", ...from(), "--output", "out.json");
  const python = () => repository.updatedByPython(at("root.json"), mirror.url, at("python"));
  const cacheFolder = () =>
    at("cache", "touchmark", "tuf", createHash("sha256").update(`${mirror.url}/`).digest("hex"));
  const written = () => readFile(at("out.json"), "utf8");

  /** Both clients take what is there, and it is this. */
  async function bothTake(roots: string): Promise<void> {
    expect(await update()).toMatchObject({ status: 0, stderr: "" });
    expect(await written()).toBe(roots);
    expect(await python()).toMatchObject({ status: 0, stdout: roots });
  }

  /** Both refuse it, and what was written before stays. */
  async function bothRefuse(code: string): Promise<void> {
    const before = await written().catch(() => null);
    const ended = await update();
    expect([ended.status, ended.stdout, ended.stderr]).toEqual([3, "", expect.stringContaining(code)]);
    expect(await written().catch(() => null)).toBe(before);
    expect(await python()).toMatchObject({ status: 1, stdout: "" });
  }

  it("a first update takes them, and keeps what proves them", async () => {
    const ended = await update();
    const digest = createHash("sha256").update(OLD_ROOTS).digest("hex");
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).toMatch(
      new RegExp(`^127\\.0\\.0\\.1:\\d+ {2}sha256:${digest} {2}of .*, by version 1 of its TUF root\n`),
    );
    expect(ended.stdout).toContain("wrote out.json\n");
    expect(await written()).toBe(OLD_ROOTS);
    expect((await readdir(cacheFolder())).sort()).toEqual([
      "snapshot.json",
      "targets.json",
      "timestamp.json",
      "trusted_root.json",
    ]);
    expect(mirror.asked()).toEqual([
      "2.root.json",
      "timestamp.json",
      "1.snapshot.json",
      "1.targets.json",
      `targets/${digest}.trusted_root.json`,
    ]);
  });

  it("a second update asks for what may have changed alone", async () => {
    await bothTake(OLD_ROOTS);
    mirror.asked();
    const document = JSON.parse((await cli("roots", "update", ...from(), "--json")).stdout);
    expect(publishedSchemaOf(document)).toBe("roots-update-v1");
    expect(document).toEqual({
      schema: "https://touchmark.dev/schema/roots-update-v1.json",
      name: mirror.url.slice("http://".length),
      digest: `sha256:${createHash("sha256").update(OLD_ROOTS).digest("hex")}`,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      rootVersion: 1,
      kept: cacheFolder(),
      written: null,
    });
    expect(mirror.asked()).toEqual(["2.root.json", "timestamp.json"]);
  });

  it("new roots take the place of the old ones", async () => {
    await bothTake(OLD_ROOTS);
    await repository.publish(second);
    await bothTake(NEW_ROOTS);
  });

  it("a repository without consistent snapshots is read as well", async () => {
    await rm(repository.folder, { recursive: true });
    await repository.publish({ ...first, consistent: false });
    await cp(at("tuf", "repo", "1.root.json"), at("root.json"));
    await bothTake(OLD_ROOTS);
    expect(mirror.asked()).toContain("targets/trusted_root.json");
  });

  describe("a new TUF root", () => {
    const rotated = nextState(second, {
      root: 2,
      keys: {
        root: ["c", "d", "f", "g", "h"],
        targets: ["f", "g", "h"],
        timestamp: ["online2"],
        snapshot: ["online2"],
      },
      rootSigners: ["a", "b", "c", "d", "f"],
    });

    it("counts when enough of the old holders and of the new ones sign it", async () => {
      await bothTake(OLD_ROOTS);
      await repository.publish(rotated);
      await bothTake(NEW_ROOTS);
      // Two rotations at once, from the first root on.
      await repository.publish(
        nextState(rotated, {
          root: 3,
          keys: { ...rotated.keys, root: ["f", "g", "h"] },
          rootSigners: ["d", "f", "g", "h"],
        }),
      );
      await rm(at("cache"), { recursive: true });
      await bothTake(NEW_ROOTS);
    });

    it.each([
      ["of the old holders too few sign it", ["a", "b", "f", "g", "h"]],
      ["of the new ones too few sign it", ["a", "b", "c", "ed-e"]],
    ])("does not where %s", async (_, rootSigners) => {
      await bothTake(OLD_ROOTS);
      await repository.publish({ ...rotated, rootSigners });
      await bothRefuse("SERVICE_INVALID");
    });

    it("is not forgotten where a mirror hides it again", async () => {
      await repository.publish(rotated);
      await bothTake(NEW_ROOTS);
      mirror.fail(/^[23]\.root\.json$/, { kind: "status", status: 404 });
      await repository.publish(nextState(second, { versions: { timestamp: 9, snapshot: 9, targets: 9 } }));
      await bothRefuse("SERVICE_INVALID");
    });

    it("does not count when it has expired", async () => {
      await repository.publish({ ...rotated, expires: { ...rotated.expires, root: inDays(-1) } });
      await bothRefuse("ROOTS_STALE");
    });

    it("does not count 65 times", async () => {
      const versions = Array.from({ length: 65 }, (_, index) => index + 2);
      for (const root of versions) await repository.publish({ ...first, root });
      const ended = await update();
      expect(ended).toMatchObject({ status: 3, stderr: expect.stringContaining("ROOTS_STALE") });
      expect(mirror.asked().filter((path) => path.endsWith("root.json"))).toHaveLength(65);
    });
  });

  describe("what a mirror holds back is noticed", () => {
    it.each<[string, "timestamp" | "snapshot" | "targets"]>([
      ["by the timestamp's end", "timestamp"],
      ["by the snapshot's end", "snapshot"],
      ["by the end of the targets", "targets"],
    ])("%s", async (_, role) => {
      await bothTake(OLD_ROOTS);
      await repository.publish(nextState(first, { expires: { ...first.expires, [role]: inDays(-1) } }));
      await bothRefuse("ROOTS_STALE");
    });

    it.each<[string, Partial<TufState["versions"]>]>([
      ["of the timestamp", { timestamp: 1 }],
      ["of the snapshot", { timestamp: 3, snapshot: 1 }],
      ["of the targets", { timestamp: 3, snapshot: 3, targets: 1 }],
    ])("by an older version %s", async (_, versions) => {
      await repository.publish(second);
      await bothTake(NEW_ROOTS);
      await repository.publish({ ...first, versions: { ...second.versions, ...versions } });
      await bothRefuse("ROOTS_ROLLBACK");
      // The first who asks can notice nothing: that is what the cache is for.
      await rm(at("cache"), { recursive: true });
      expect(await update()).toMatchObject({ status: 0 });
    });
  });

  it.each([/trusted_root\.json$/, /targets\.json$/, /snapshot\.json$/, /timestamp\.json$/])(
    "other bytes than were signed are refused: %s",
    async (path) => {
      mirror.fail(path, { kind: "body", body: Buffer.from(OLD_ROOTS.replace("https", "httpx")) });
      await bothRefuse("SERVICE_INVALID");
    },
  );

  it("a target whose name leads out writes nothing there", async () => {
    const targets = { "trusted_root.json": OLD_ROOTS, "../../../evil": "evil", "/tmp/evil": "evil" };
    await rm(repository.folder, { recursive: true });
    await repository.publish({ ...first, targets });
    await cp(at("tuf", "repo", "1.root.json"), at("root.json"));
    expect(await update()).toMatchObject({ status: 0 });
    expect(mirror.asked().some((path) => path.includes("evil"))).toBe(false);
    expect((await readdir(at("cache"), { recursive: true })).some((name) => name.includes("evil"))).toBe(false);
  });

  describe("a mirror that fails", () => {
    it("by answering 500 is named, and left alone after three times", async () => {
      mirror.fail(/timestamp/, { kind: "status", status: 500 });
      await bothRefuse("SERVICE_UNAVAILABLE");
      expect(mirror.asked().filter((path) => path === "timestamp.json").length).toBeGreaterThanOrEqual(3);
    });

    it("by half of a file", async () => {
      mirror.fail(/snapshot/, { kind: "half" });
      await bothRefuse("SERVICE_INVALID");
    });

    it("by bytes without an end is left alone", async () => {
      mirror.fail(/timestamp/, { kind: "endless" });
      await bothRefuse("SERVICE_INVALID");
      expect(mirror.given()).toBeLessThan(64 * 1024 * 1024);
    });

    it("by leading elsewhere", async () => {
      mirror.fail(/timestamp/, { kind: "status", status: 302 });
      expect(await update()).toMatchObject({ status: 3, stderr: expect.stringContaining("SERVICE_INVALID") });
    });

    it("by being slow for a while is waited for", async () => {
      mirror.fail(/timestamp/, { kind: "late", ms: 2_000 });
      await bothTake(OLD_ROOTS);
    });

    it("by being slow can be interrupted", async () => {
      mirror.fail(/timestamp/, { kind: "late", ms: 60_000 });
      const began = performance.now();
      const ended = await touchmark(["roots", "update", ...from()], {
        cwd: folder.path,
        env: { XDG_CACHE_HOME: at("cache") },
        started: (kill) => setTimeout(() => kill("SIGINT"), 1_500),
      });
      expect(ended).toMatchObject({ status: 3, stderr: expect.stringContaining("ABORTED") });
      expect(performance.now() - began).toBeLessThan(20_000);
    });

    it("by being away", async () => {
      const gone = ["--mirror", "http://127.0.0.1:1", "--root", "root.json"];
      expect(await cli("roots", "update", ...gone)).toMatchObject({
        status: 3,
        stderr: expect.stringContaining("NETWORK_UNAVAILABLE"),
      });
    });
  });

  describe("the cache", () => {
    it("is not believed when somebody wrote into it", async () => {
      await update();
      for (const name of await readdir(cacheFolder())) await writeFile(join(cacheFolder(), name), "{}");
      // Signed by nobody whom our root names.
      await writeFile(
        join(cacheFolder(), "2.root.json"),
        (await readFile(at("root.json"), "utf8")).replace('"version":1', '"version":2'),
      );
      expect(await update()).toMatchObject({ status: 0 });
      expect(await written()).toBe(OLD_ROOTS);
      expect(await readFile(join(cacheFolder(), "trusted_root.json"), "utf8")).toBe(OLD_ROOTS);
    });

    it("does not stand in for a mirror that is away", async () => {
      await update();
      mirror.fail(/./, { kind: "status", status: 503 });
      expect(await update()).toMatchObject({ status: 3, stderr: expect.stringContaining("SERVICE_UNAVAILABLE") });
    });

    it("survives processes that update at once", async () => {
      await update();
      await repository.publish(second);
      const all = await Promise.all(
        Array.from({ length: 4 }, (_, n) => cli("roots", "update", ...from(), "--output", `out${n}.json`)),
      );
      for (const [n, ended] of all.entries()) {
        expect(ended).toMatchObject({ status: 0, stderr: "" });
        expect(await readFile(at(`out${n}.json`), "utf8")).toBe(NEW_ROOTS);
      }
      expect((await readdir(cacheFolder())).sort()).toEqual([
        "snapshot.json",
        "targets.json",
        "timestamp.json",
        "trusted_root.json",
      ]);
      await repository.publish(first);
      await bothRefuseRollback();
    });

    it("that cannot be written is said, and costs nothing else", async () => {
      await writeFile(at("cache"), "a file");
      const ended = await update();
      expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining("the roots are not kept") });
      expect(await cli("roots", "update", ...from())).toMatchObject({
        status: 3,
        stderr: expect.stringContaining("OUTPUT_UNWRITABLE"),
      });
    });

    async function bothRefuseRollback(): Promise<void> {
      expect(await update()).toMatchObject({ status: 3, stderr: expect.stringContaining("ROOTS_ROLLBACK") });
    }
  });

  it.each([
    [["--mirror", "http://127.0.0.1:1"], "USAGE", 2],
    [["--root", "root.json"], "USAGE", 2],
    [["--mirror", "http://tuf.example", "--root", "root.json"], "USAGE", 2],
    [["--mirror", "tuf.example", "--root", "root.json"], "USAGE", 2],
    [["--mirror", "http://127.0.0.1:1", "--root", "none.json"], "INPUT_MISSING", 2],
    [["--mirror", "http://127.0.0.1:1", "--root", "out.json"], "ROOTS_INVALID", 2],
  ])("roots update %j is %s", async (args, code, status) => {
    await writeFile(at("out.json"), OLD_ROOTS);
    expect(await cli("roots", "update", ...args)).toMatchObject({ status, stderr: expect.stringContaining(code) });
  });
});
