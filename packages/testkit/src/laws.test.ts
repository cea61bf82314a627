import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BuildOutput, MAX_METADATA_BYTES, mergeSubjects, parseJsonText, TouchmarkError } from "@touchmark/core";
import { type Adapter, API_VERSION, defineAdapter, type Host, requireAll, subjectsOf, z } from "@touchmark/plugin";
import { describe, expect, test } from "vitest";
import { adapterLaws, LAWS } from "./adapter-laws.ts";
import { explainBroken, type LawCase } from "./law.ts";
import { shuffleArray } from "./shuffle.ts";

const FILES = { "out/a.txt": "a\n", "out/b.txt": "b\n", "out/linux/c": "c\n" };

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** A tool that writes a list of its outputs, with digests. */
async function manifestFixture(folder: string): Promise<void> {
  const entries = Object.entries(FILES).map(([path, text]) => ({ path, sha256: sha256(text) }));
  await write(folder, { ...FILES, "out/manifest.json": JSON.stringify(entries) });
}

const manifestCase: LawCase = {
  name: "manifest",
  fixture: manifestFixture,
  options: {},
  metadata: ["out/manifest.json"],
  shuffle: shuffleArray("out/manifest.json"),
  subjects: Object.fromEntries(Object.entries(FILES).map(([path, text]) => [path, `sha256:${sha256(text)}`])),
};

interface Entry {
  readonly path: string;
  readonly sha256: string;
}

/** What an adapter for that tool does, in steps that a planted fault can replace. */
interface Steps {
  absent(host: Host): Promise<BuildOutput | null>;
  parse(text: string): readonly Entry[];
  keep(host: Host, entries: readonly Entry[]): Promise<readonly Entry[]>;
  compare(entry: Entry, actual: string | undefined): void;
  finish(output: BuildOutput, host: Host): Promise<BuildOutput>;
}

const GOOD: Steps = {
  absent: async () => null,
  parse: (text) =>
    z
      .array(z.object({ path: z.string(), sha256: z.string() }))
      .parse(parseJsonText(text, { what: "manifest.json", maxBytes: MAX_METADATA_BYTES })),
  keep: async (host, entries) => {
    for (const { path } of entries) {
      if ((await host.kind(path)) === null) throw new TouchmarkError("ARTIFACT_MISSING", `${path} should be there`);
    }
    return entries;
  },
  compare: (entry, actual) => {
    if (entry.sha256 !== actual) throw new TouchmarkError("DIGEST_MISMATCH", `${entry.path} has another digest`);
  },
  finish: async (output) => output,
};

function manifestAdapter(fault: Partial<Steps> = {}): Adapter<object> {
  const steps = { ...GOOD, ...fault };
  return defineAdapter({
    apiVersion: API_VERSION,
    name: "planted",
    completeness: "manifest",
    marks: [],
    suggest: {},
    options: z.strictObject({}),
    fromArgument: () => ({}),
    async collect(host) {
      if ((await host.kind("out/manifest.json")) === null) return steps.absent(host);
      const entries = await steps.keep(host, steps.parse(await host.readText("out/manifest.json", { max: 1 << 20 })));
      const files = await Promise.all(entries.map(({ path }) => host.file(path)));
      const subjects = await subjectsOf(host, files, { name: (file) => file.path });
      for (const [index, entry] of entries.entries()) steps.compare(entry, subjects[index]?.digest["sha256"]);
      return steps.finish({ subjects: mergeSubjects(subjects), resolvedDependencies: [], byproducts: [] }, host);
    },
  });
}

/** A tool that writes no list. */
function listingAdapter(compare: typeof requireAll = requireAll): Adapter<{ expect?: readonly string[] | undefined }> {
  return defineAdapter({
    apiVersion: API_VERSION,
    name: "planted-listing",
    completeness: "listing",
    marks: [],
    suggest: {},
    options: z.strictObject({ expect: z.array(z.string()).optional() }),
    fromArgument: () => ({}),
    async collect(host, options) {
      const files = await host.glob("out/**");
      if (files.length === 0) return null;
      compare(
        files.map((file) => file.path),
        options.expect ?? null,
      );
      return {
        subjects: await subjectsOf(host, files, { name: (file) => file.path }),
        resolvedDependencies: [],
        byproducts: [],
      };
    },
  });
}

const listingCase: LawCase = {
  name: "listing",
  fixture: (folder) => write(folder, FILES),
  options: { expect: Object.keys(FILES) },
};

/** The numbers of the laws that an adapter breaks, and what it is told. */
async function judge(
  adapter: Adapter,
  lawCase: LawCase,
): Promise<{ broken: number[]; skipped: number[]; text: string }> {
  const broken: number[] = [];
  const skipped: number[] = [];
  let text = "";
  for (const law of LAWS) {
    const result = await law.check(adapter, lawCase);
    if (result.status === "skipped") skipped.push(law.number);
    if (result.status !== "broken") continue;
    broken.push(law.number);
    text += `${explainBroken(law, result)}\n`;
  }
  return { broken, skipped, text };
}

adapterLaws(manifestAdapter(), [manifestCase]);
adapterLaws(listingAdapter(), [listingCase]);

test("good adapters keep every law that applies to them", async () => {
  expect(await judge(manifestAdapter(), manifestCase)).toEqual({ broken: [], skipped: [], text: "" });
  expect(await judge(listingAdapter(), listingCase)).toEqual({ broken: [], skipped: [5], text: "" });
});

describe("each planted fault breaks its law and no other", () => {
  const pwd = async (host: Host) => new TextDecoder().decode((await host.run("pwd", [], { timeoutMs: 10_000 })).stdout);
  const faults: readonly (readonly [string, readonly number[], Partial<Steps>, string])[] = [
    [
      "an empty list where nothing is",
      [1],
      { absent: async () => ({ subjects: [], resolvedDependencies: [], byproducts: [] }) },
      "0 subjects",
    ],
    [
      "an error where nothing is",
      [1],
      {
        absent: async (host) => ({
          subjects: await subjectsOf(host, [await host.file("out/manifest.json")]),
          resolvedDependencies: [],
          byproducts: [],
        }),
      },
      "INPUT_MISSING",
    ],
    [
      "the first entry is special",
      [2],
      {
        keep: async (host, entries) => {
          const [first, ...rest] = await GOOD.keep(host, entries);
          return first?.path === "out/a.txt" ? [first, ...rest] : rest;
        },
      },
      "2 subjects",
    ],
    [
      "a digest that nobody computed",
      [3],
      {
        finish: async (output) => ({
          ...output,
          subjects: output.subjects.map((subject) => ({
            ...subject,
            digest: { ...subject.digest, sha512: "0".repeat(128) },
          })),
        }),
      },
      "sha512:000",
    ],
    [
      "missing files are passed over",
      [4],
      {
        keep: async (host, entries) => {
          const kinds = await Promise.all(entries.map(({ path }) => host.kind(path)));
          return entries.filter((_, index) => kinds[index] !== null);
        },
      },
      "removed out/a.txt",
    ],
    [
      "what can still be read of a broken list",
      [5],
      {
        parse: (text) =>
          [...text.matchAll(/\{"path":"([^"]+)","sha256":"([0-9a-f]{64})"\}/g)].map(([, path = "", hex = ""]) => ({
            path,
            sha256: hex,
          })),
      },
      "cut out/manifest.json to",
    ],
    [
      "every subject twice",
      [6],
      { finish: async (output) => ({ ...output, subjects: [...output.subjects, ...output.subjects] }) },
      "out/a.txt twice",
    ],
    [
      "a local path; law 2 sees it too, since it runs in two folders",
      [2, 7],
      { finish: async (output, host) => ({ ...output, byproducts: [{ uri: `file://${await pwd(host)}` }] }) },
      "byproducts.0.uri = file:///",
    ],
    [
      "a variable of the environment, in base64",
      [7],
      {
        finish: async (output) => ({
          ...output,
          byproducts: [{ name: "env", content: Buffer.from(`home ${process.env["HOME"]}`).toString("base64") }],
        }),
      },
      "byproducts.0.content",
    ],
    [
      "a local path in an error",
      [7],
      {
        keep: async (host, entries) => {
          const place = (await pwd(host)).trim();
          for (const { path } of entries) {
            if ((await host.kind(path)) === null)
              throw new TouchmarkError("ARTIFACT_MISSING", `${place}/${path} is gone`);
          }
          return entries;
        },
      },
      "error.message",
    ],
    [
      "an interruption taken for absence",
      [8],
      {
        finish: async (output, host) => {
          await host.kind("out").catch(() => null);
          return output;
        },
      },
      "before call",
    ],
    ["digests that are not compared", [9], { compare: () => {} }, "changed a byte of out/a.txt"],
  ];

  test.each(faults)("%s", async (_what, numbers, fault, got) => {
    const { broken, text } = await judge(manifestAdapter(fault), manifestCase);
    expect(broken).toEqual(numbers);
    expect(text).toContain(got);
    expect(text).toMatch(/^LAW \d .+\n {4}did {7}.+\n {4}got {7}.+\n {4}expected {2}.+\n {4}why {7}.+\n {4}do {8}.+$/m);
  });

  test("a listing that nothing is expected of", async () => {
    const { broken, text } = await judge(
      listingAdapter(() => {}),
      listingCase,
    );
    expect(broken).toEqual([4]);
    expect(text).toContain("options.expect");
  });

  test("a listing with digests that are made up", async () => {
    const honest = listingAdapter();
    const frozen: Adapter = {
      ...honest,
      collect: async (host, options) => {
        const output = await honest.collect(host, options as { expect?: string[] });
        const subjects = output?.subjects.map(({ name }) => ({
          name,
          digest: { sha256: sha256(FILES[name as keyof typeof FILES]) },
        }));
        return output === null ? null : { ...output, subjects: subjects ?? [] };
      },
    };
    expect((await judge(frozen, listingCase)).broken).toEqual([9]);
  });

  test("falling over is not noticing", async () => {
    const keep = async (host: Host, entries: readonly Entry[]) => {
      for (const { path } of entries)
        if ((await host.kind(path)) === null) throw new TypeError("undefined is not a file");
      return entries;
    };
    const { broken, text } = await judge(manifestAdapter({ keep }), manifestCase);
    expect(broken).toEqual([4]);
    expect(text).toContain("no TouchmarkError: TypeError");
  });
});

describe("a case that proves nothing is a broken law", () => {
  test("an adapter that finds nothing in its fixture", async () => {
    const empty: LawCase = { ...manifestCase, fixture: async () => {} };
    expect((await judge(manifestAdapter(), empty)).broken).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("options that the adapter refuses", async () => {
    const misspelled: LawCase = { ...listingCase, options: { exepct: [] } };
    expect((await judge(listingAdapter(), misspelled)).text).toContain("CONFIG_INVALID");
  });

  test("a manifest without metadata", async () => {
    const { metadata: _metadata, shuffle: _shuffle, ...rest } = manifestCase;
    expect((await judge(manifestAdapter(), rest)).broken).toEqual([5]);
  });

  test("a shuffle that changes nothing", async () => {
    const { broken, text } = await judge(manifestAdapter(), { ...manifestCase, shuffle: async () => {} });
    expect(broken).toEqual([2]);
    expect(text).toContain("the same bytes");
  });

  test("subjects that are no files of the fixture", async () => {
    const elsewhere = manifestAdapter({
      finish: async (output) => ({ ...output, subjects: [{ name: "x", digest: { sha256: sha256("elsewhere") } }] }),
    });
    const { subjects: _subjects, ...rest } = manifestCase;
    expect((await judge(elsewhere, rest)).broken).toEqual([3, 4, 9]);
  });

  test.each([
    ["one is missing", { "out/a.txt": `sha256:${sha256("a\n")}` }, "out/b.txt, out/linux/c besides"],
    ["one is too many", { ...manifestCase.subjects, "out/d": "sha256:00" }, "no subject out/d"],
    ["one has another digest", { ...manifestCase.subjects, "out/a.txt": "sha256:00" }, "out/a.txt with sha256:"],
  ])("pinned subjects of which %s", async (_what, subjects, got) => {
    const { broken, text } = await judge(manifestAdapter(), { ...manifestCase, subjects });
    expect(broken).toEqual([3]);
    expect(text).toContain(got);
  });

  test("no case at all", () => {
    expect(() => adapterLaws(manifestAdapter(), [])).toThrowError(/at least one case/);
  });
});

describe("cases that say what they are", () => {
  test("absent: the documented error, and only that one", async () => {
    const absent = async () => {
      throw new TouchmarkError("INPUT_MISSING", "no manifest");
    };
    expect((await judge(manifestAdapter({ absent }), { ...manifestCase, absent: "INPUT_MISSING" })).broken).toEqual([]);
    expect((await judge(manifestAdapter({ absent }), { ...manifestCase, absent: "USAGE" })).broken).toEqual([1]);
    expect((await judge(manifestAdapter(), { ...manifestCase, absent: "INPUT_MISSING" })).broken).toEqual([1]);
  });

  test("declared: what needs bytes is skipped, in so many words", async () => {
    const declared = manifestAdapter({
      finish: async (output) => ({
        ...output,
        subjects: output.subjects.map((one) => ({ ...one, declared: true as const })),
      }),
    });
    expect(await judge(declared, { ...manifestCase, declared: true })).toMatchObject({ broken: [], skipped: [4, 9] });
  });

  test("undeclared: where a tool declares no digest, a change must show in the output", async () => {
    const hashing = manifestAdapter({ compare: () => {} });
    const some = ["out/a.txt", "out/b.txt"];
    expect((await judge(hashing, { ...manifestCase, undeclared: "all" })).broken).toEqual([]);
    expect((await judge(hashing, { ...manifestCase, undeclared: some })).text).toContain("a byte of out/linux/c");
    const { subjects: _subjects, ...unpinned } = manifestCase;
    const frozen = manifestAdapter({
      compare: () => {},
      finish: async (output) => ({
        ...output,
        subjects: output.subjects.map(({ name }) => ({ name, digest: { sha256: sha256(FILES[name as "out/a.txt"]) } })),
      }),
    });
    expect((await judge(frozen, { ...unpinned, undeclared: "all" })).broken).toEqual([9]);
  });
});
