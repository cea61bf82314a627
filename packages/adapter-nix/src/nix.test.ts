import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOutput } from "@touchmark/core";
import { withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nix } from "./nix.ts";

const OUT = "1ggshvppq6b5hx1xmp22k8q5lp1caf9w-greet-1.0.0";
const DOC = "hkhqfxgir7hghpa772anj9k6pyb2sjyj-greet-1.0.0-doc";
const LIST = "j4i7ga0z0glyz67qrdshnjj9h3h8cjmq-greet-list.txt";
const CA = "0ifh0ickspjnxzr422y8yp3dzjpc1yw4-greet-ca";
const SRC = "zlcv7mk4axrbhnc20s3wy4vqf7w1qcx8-greet-src";
const WORDS = "ds7km3hafy2afsb5y90n7pjrvsadkzk6-words.txt";
const GREET_DRV = "237nmr226pzppyb4ja2blnigsid8zpla-greet-1.0.0.drv";
const LIST_DRV = "dfc5vyb6mn4n6ix68rykfqdgs15gj28i-greet-list.txt.drv";
const CA_DRV = "qff14wrabr0ffiqs5s6vfkp80mm9s38r-greet-ca.drv";
const WORDS_DRV = "bvjw7hlby25zd3pirvxsz2ssfmy70cci-words.txt.drv";
const TABLES_DRV = "3zm3x7yn5pshznjy08mqhizgbvax1gj8-tables.drv";
const OUT_NAR = "4d92f34bf2f75b3b7227236e47eb1793bb6e9b4b40f9ada2f140eeaf63c7a72c";

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
const inStore = (...parts: string[]) => at("store", ...parts);

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nix-")));
  cpSync(fileURLToPath(new URL("../fixtures/greet", import.meta.url)), folder, {
    recursive: true,
    verbatimSymlinks: true,
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

function collect(options: object, roots: readonly string[] = []): Promise<BuildOutput | null> {
  const parsed = nix.options.parse({ store: "store", ...options });
  return withTestHost(folder, (host) => nix.collect(host, parsed), { roots });
}

async function output(options: object): Promise<BuildOutput> {
  const collected = await collect(options);
  if (collected === null) throw new Error("nothing was found");
  return collected;
}

async function names(options: object): Promise<readonly string[]> {
  return (await output(options)).subjects.map(({ name }) => name);
}

const refused = (options: object, code: string, text?: string) =>
  expect(collect(options)).rejects.toMatchObject({
    code,
    ...(text === undefined ? {} : { message: expect.stringContaining(text) }),
  });

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

describe("what nix build --json lists", () => {
  it("is stated with its derivation and what that was built from, however deep it was fetched", async () => {
    writeFileSync(
      at("one.json"),
      JSON.stringify([{ drvPath: `/nix/store/${GREET_DRV}`, outputs: { out: `/nix/store/${OUT}` } }]),
    );
    const { subjects, resolvedDependencies, byproducts } = await output({ path: "one.json" });
    expect(subjects).toEqual([
      {
        name: OUT,
        digest: { narSha256: OUT_NAR },
        mediaType: "application/x-nix-nar",
        annotations: { "nix.output": "out", "nix.drv": GREET_DRV },
      },
    ]);
    const drv = (base: string) => ({ uri: `nix:/nix/store/${base}`, digest: { sha256: sha256(inStore(base)) } });
    expect(new Set(resolvedDependencies)).toEqual(
      new Set([
        drv(WORDS_DRV),
        drv(TABLES_DRV),
        {
          uri: `nix:/nix/store/${SRC}`,
          digest: { narSha256: "97db7e1857ddca1e8498327c0cfee2ee5358c1d0321b74a41c29c36b408f0186" },
        },
        {
          name: "words.txt",
          uri: "https://example.com/dist/words.txt",
          digest: { sha256: "4a1e67f2fe1d1cc7b31d0ca2ec441da4778203a036a77da10344c85e24ff0f92" },
        },
        {
          name: "manual",
          uri: "https://example.org/manual-1.0.tar.gz",
          digest: { narSha256: "6b544ee64d99c45b07fd66f483afa86c9e85c9db85c9bcac14dd9f8c68f2d349" },
        },
      ]),
    );
    expect(byproducts).toEqual([
      { name: "one.json", digest: { sha256: sha256(at("one.json")) } },
      { name: GREET_DRV, uri: `nix:/nix/store/${GREET_DRV}`, digest: { sha256: sha256(inStore(GREET_DRV)) } },
    ]);
  });

  it("is known by its beginning too, where the file has another name", async () => {
    renameSync(at("build.json"), at("printed"));
    expect(await names({ path: "printed" })).toContain(OUT);
  });

  it("has no digest for inputs that are gone", async () => {
    rmSync(inStore(SRC), { recursive: true });
    rmSync(inStore(TABLES_DRV));
    const uris = (await output({ path: "build.json" })).resolvedDependencies;
    expect(uris).toContainEqual({ uri: `nix:/nix/store/${SRC}` });
    expect(uris).toContainEqual({ uri: `nix:/nix/store/${TABLES_DRV}` });
    expect(uris.map(({ name }) => name)).not.toContain("manual");
  });

  it("is refused without the derivation", async () => {
    rmSync(inStore(GREET_DRV));
    await refused({ path: "build.json" }, "INPUT_MISSING", GREET_DRV);
  });

  it("is refused when the text of a derivation is not the one that its path was made from", async () => {
    writeFileSync(inStore(GREET_DRV), readFileSync(inStore(GREET_DRV), "latin1").replace("greet.sh", "greed.sh"));
    await refused({ path: "build.json" }, "DIGEST_MISMATCH", GREET_DRV);
  });

  it("is refused when an input's derivation was changed", async () => {
    writeFileSync(inStore(WORDS_DRV), readFileSync(inStore(WORDS_DRV), "latin1").replace("example.com", "example.org"));
    await refused({ path: "build.json" }, "DIGEST_MISMATCH", WORDS_DRV);
  });

  it.each([
    ["another output's path", { out: `/nix/store/${DOC}` }],
    ["an output that the derivation has not", { lib: `/nix/store/${OUT}` }],
  ])("is refused where it names %s", async (_what, outputs) => {
    writeFileSync(at("one.json"), JSON.stringify([{ drvPath: `/nix/store/${GREET_DRV}`, outputs }]));
    await refused({ path: "one.json" }, "STALE_OUTPUT", GREET_DRV);
  });
});

describe("a link, a store path", () => {
  it("leads to an output, of which nobody says what made it", async () => {
    symlinkSync(join("store", OUT), at("result"));
    const linked = await output({ path: "result" });
    expect(linked).toEqual({
      subjects: [{ name: OUT, digest: { narSha256: OUT_NAR }, mediaType: "application/x-nix-nar" }],
      resolvedDependencies: [],
      byproducts: [],
    });
    expect(await output({ path: `store/${OUT}` })).toEqual(linked);
    expect(await output({ path: ["result", `store/${OUT}`] })).toEqual(linked);
  });

  it("is looked for where none is named: every result link, and nothing else", async () => {
    expect(await collect({})).toBe(null);
    for (const [link, base] of [
      ["result", OUT],
      ["result-doc", DOC],
      ["result-2", LIST],
      ["results", CA],
    ] as const) {
      symlinkSync(join("store", base), at(link));
    }
    writeFileSync(at("result-notes"), "");
    expect([...(await names({}))].sort()).toEqual([OUT, DOC, LIST]);
  });

  it("may lie in a store that is itself reached by a link, and outside of the workspace", async () => {
    const other = mkdtempSync(join(tmpdir(), "nix-store-"));
    renameSync(at("store"), join(other, "real"));
    symlinkSync(join(other, "real"), join(other, "store"));
    symlinkSync(join(other, "store", OUT), at("result"));
    expect((await collect({ path: "result", store: join(other, "store") }, [other]))?.subjects[0]?.name).toBe(OUT);
    rmSync(other, { recursive: true });
  });

  it("gives more when its derivation is named", async () => {
    symlinkSync(join("store", OUT), at("result"));
    const drv = `store/${GREET_DRV}`;
    const { subjects, resolvedDependencies } = await output({ path: "result", drv });
    expect(subjects[0]?.annotations).toEqual({ "nix.output": "out", "nix.drv": GREET_DRV });
    expect(resolvedDependencies).toHaveLength(5);
    // Its own path is not in the file, only its name.
    const content = await output({ path: `store/${CA}`, drv: `store/${CA_DRV}` });
    expect(content.subjects[0]?.annotations).toEqual({ "nix.output": "out", "nix.drv": CA_DRV });
    cpSync(inStore(GREET_DRV), at("copied.drv"));
    expect((await output({ path: "result", drv: "copied.drv" })).subjects[0]?.annotations?.["nix.output"]).toBe("out");
    await refused({ path: "result", drv: `store/${LIST_DRV}` }, "STALE_OUTPUT", "no given derivation makes");
    await refused({ path: "result", drv: `store/${CA_DRV}` }, "STALE_OUTPUT");
    await refused({ path: "result", drv: [drv, `store/${LIST_DRV}`] }, "STALE_OUTPUT", "makes none of the outputs");
    await refused({ path: "build.json", drv }, "STALE_OUTPUT", "makes none of the outputs");
    await refused({ path: "default.nix", drv }, "STALE_OUTPUT");
    await refused({ path: "result", drv: "default.nix" }, "INPUT_INVALID");
  });

  it.each([
    ["a file in an output", `store/${OUT}/bin/greet`],
    ["the store itself", "store"],
    ["what is no store path", "store/loose"],
  ])("is refused when it is %s", async (_what, path) => {
    writeFileSync(inStore("loose"), "");
    await refused({ path }, "STORE_PATH_INVALID");
    symlinkSync(path, at("result"));
    await refused({ path: "result" }, "STORE_PATH_INVALID");
  });

  it("is refused when it leads elsewhere", async () => {
    mkdirSync(at("tree"));
    symlinkSync("tree", at("result"));
    symlinkSync("default.nix", at("result-file"));
    symlinkSync("/etc", at("result-out"));
    await refused({ path: "result" }, "STORE_PATH_INVALID", "result is a link");
    await refused({ path: "result-file" }, "STORE_PATH_INVALID", "result-file is a link");
    await refused({ path: "result-out" }, "OUTSIDE_ROOTS");
  });

  it("is missed when it leads to nothing, or was removed meanwhile", async () => {
    symlinkSync(join("store", OUT), at("result"));
    rmSync(inStore(OUT), { recursive: true });
    await refused({ path: "result" }, "ARTIFACT_MISSING", "result leads to nothing");
    await refused({ path: "build.json" }, "ARTIFACT_MISSING", OUT);
    await refused({ path: `store/${OUT}` }, "INPUT_MISSING");
  });

  it("is refused when the output is itself a link", async () => {
    rmSync(inStore(LIST));
    symlinkSync(CA, inStore(LIST));
    await refused({ path: "build.json" }, "FILE_REFUSED", `${LIST} is itself a link`);
    rmSync(inStore(LIST));
    symlinkSync(OUT, inStore(LIST));
    await refused({ path: "build.json" }, "FILE_REFUSED", `${LIST} is itself a link`);
  });
});

describe("recorded hashes", () => {
  const recording = (change: (entry: Record<string, unknown>) => void) => {
    const entries = JSON.parse(readFileSync(at("path-info.json"), "utf8")) as Record<string, unknown>[];
    for (const entry of entries) if (entry["path"] === `/nix/store/${LIST}`) change(entry);
    writeFileSync(at("path-info.json"), JSON.stringify(entries));
  };
  const options = { path: "build.json", pathInfo: "path-info.json" };

  it("are compared with the bytes, also of a file that has no NAR digest as subject", async () => {
    expect(await names(options)).toHaveLength(5);
    expect(await names({ path: "build.json", pathInfo: "outputs.narinfo" }).catch((error) => error.code)).toBe(
      "STORE_PATH_INVALID", // it says nothing about greet-ca
    );
    recording((entry) => (entry["narHash"] = `sha256:${"0".repeat(64)}`));
    await refused(options, "DIGEST_MISMATCH", LIST);
    await refused({ path: "path-info.json" }, "DIGEST_MISMATCH", LIST);
  });

  it("say how long the NAR is", async () => {
    recording((entry) => (entry["narSize"] = 129));
    await refused(options, "DIGEST_MISMATCH", LIST);
  });

  it("see an executable bit that was added to a file", async () => {
    chmodSync(inStore(LIST), 0o755);
    await refused(options, "DIGEST_MISMATCH", LIST);
  });

  it("must be there for every output", async () => {
    recording((entry) => (entry["path"] = "/nix/store/00000000000000000000000000000000-other"));
    await refused(options, "STORE_PATH_INVALID", `says nothing about ${LIST}`);
  });

  it("are those that a derivation fixes, too", async () => {
    writeFileSync(inStore(WORDS), "hello\nworld\n");
    const fixed = { path: `store/${WORDS}`, drv: `store/${WORDS_DRV}` };
    expect(await names(fixed)).toEqual([WORDS]);
    appendFileSync(inStore(WORDS), "!");
    await refused(fixed, "DIGEST_MISMATCH", WORDS);
    rmSync(inStore(WORDS));
    mkdirSync(inStore(WORDS));
    await refused(fixed, "DIGEST_MISMATCH", WORDS);
  });
});

describe("any file or tree", () => {
  it("is named by its base name", async () => {
    expect(await output({ path: "default.nix", store: "/nix/store" })).toEqual({
      subjects: [{ name: "default.nix", digest: { sha256: sha256(at("default.nix")) } }],
      resolvedDependencies: [],
      byproducts: [],
    });
    const [tree] = (await output({ path: "./src/../src/" })).subjects;
    expect(tree?.name).toBe("src");
    expect(tree?.digest["narSha256"]).toBe("97db7e1857ddca1e8498327c0cfee2ee5358c1d0321b74a41c29c36b408f0186");
    expect(tree?.digest["dirHash"]).toMatch(/^[0-9a-f]{64}$/);
  });

  it("may come with a subject for each of its files", async () => {
    const files = await output({ path: "build.json", files: true, expect: 10 });
    expect(files.subjects.map(({ name }) => name)).toContain(`${OUT}/share/words.txt`);
    const words = files.subjects.find(({ name }) => name === `${OUT}/share/words.txt`);
    expect(words).toEqual({
      name: `${OUT}/share/words.txt`,
      digest: { sha256: sha256(inStore(OUT, "share/words.txt")) },
    });
    await refused({ path: "build.json", files: true, expect: 11 }, "ARTIFACT_MISSING");
    await refused({ path: "build.json", expect: [OUT] }, "ARTIFACT_UNEXPECTED");
  });

  it("is refused where two have one base name, and where there is nothing to hash", async () => {
    mkdirSync(at("other"));
    writeFileSync(at("other", "default.nix"), "");
    await refused({ path: ["default.nix", "other/default.nix"] }, "SUBJECT_CONFLICT");
    expect(await names({ path: ["default.nix", "default.nix"] })).toEqual(["default.nix"]);
    execFileSync("mkfifo", [at("pipe")]);
    await refused({ path: "pipe" }, "FILE_REFUSED");
    await refused({ path: "none" }, "INPUT_MISSING");
  });

  it("is never a file named .json, of which Nix could have written a part", async () => {
    writeFileSync(at("data.json"), "{}");
    await refused({ path: "data.json" }, "SUBJECTS_EMPTY");
  });
});

describe("flake.lock", () => {
  const lock = fileURLToPath(new URL("../fixtures/flake/kinds.lock", import.meta.url));
  const dependencies = async (options: object) => (await output(options)).resolvedDependencies.length;

  it("is read where it lies beside the input, unless the user says otherwise", async () => {
    mkdirSync(at("sub"));
    cpSync(lock, at("sub", "flake.lock"));
    symlinkSync(join("..", "store", OUT), at("sub", "result"));
    symlinkSync(join("store", OUT), at("result"));
    expect(await dependencies({ path: "result" })).toBe(0);
    expect(await dependencies({ path: "sub/result" })).toBe(8);
    expect(await dependencies({ path: "sub/result", lock: false })).toBe(0);
    expect(await dependencies({ path: "result", lock: "sub/flake.lock" })).toBe(8);
    expect((await output({ path: "sub/result" })).byproducts).toEqual([
      { name: "flake.lock", digest: { sha256: sha256(lock) } },
    ]);
    await refused({ path: "result", lock: "flake.lock" }, "INPUT_MISSING");
  });

  it("is the workspace's for a path from elsewhere", async () => {
    cpSync(lock, at("flake.lock"));
    expect(await dependencies({ path: inStore(OUT) })).toBe(8);
    symlinkSync(join("store", OUT), at("result"));
    expect(await dependencies({})).toBe(8);
  });
});
