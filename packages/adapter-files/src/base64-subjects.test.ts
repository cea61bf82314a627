import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { adapterLaws, withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { base64Subjects } from "./base64-subjects.ts";

const A = "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7";
const B = "0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f";

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "base64-")));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

async function collect(file: string, expected?: readonly string[] | number) {
  const output = await withTestHost(folder, (host) => base64Subjects.collect(host, { file, expect: expected }));
  return output?.subjects;
}

/** Writes the base64 of a list and collects it. */
async function collectList(list: string) {
  await write("subjects.b64", base64(list));
  return collect("subjects.b64");
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function declared(name: string, sha256: string) {
  return { name, digest: { sha256 }, declared: true };
}

const LIST = `${A}  linux/tool\n${B}  tool.exe\n`;

adapterLaws(base64Subjects, [
  {
    name: "subjects",
    fixture: (place) => writeFile(join(place, "subjects.b64"), base64(LIST)),
    options: { file: "subjects.b64", expect: ["linux/tool", "tool.exe"] },
    metadata: ["subjects.b64"],
    shuffle: async (place, order) => {
      const text = Buffer.from(await readFile(join(place, "subjects.b64"), "utf8"), "base64").toString();
      await writeFile(join(place, "subjects.b64"), base64(order(text.trimEnd().split("\n")).join("\n")));
    },
    absent: "INPUT_MISSING",
    declared: true,
    subjects: { "linux/tool": `sha256:${A}`, "tool.exe": `sha256:${B}` },
  },
  {
    name: "a handle",
    fixture: async (place) => {
      const list = base64(LIST);
      await writeFile(join(place, "list.b64"), list);
      await writeFile(join(place, "handle"), handle({ sha256: sha256(list) }));
    },
    options: { file: "handle" },
    metadata: ["handle", "list.b64"],
    absent: "INPUT_MISSING",
    declared: true,
    subjects: { "linux/tool": `sha256:${A}`, "tool.exe": `sha256:${B}` },
  },
]);

/** As create-base64-subjects-from-file of slsa-github-generator v2 writes it. */
function handle(change: Readonly<Record<string, string>>): string {
  const fields = { artifact_name: "list.b64-a1b2c3", sha256: "", filename: "list.b64", ...change };
  return base64(
    `{"artifact_name": "${fields.artifact_name}", "sha256": "${fields.sha256}", "filename": "${fields.filename}"}\n`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

describe("what the generator's parser accepts", () => {
  test.each([
    ["two spaces", `${A}  tool\n`, "tool"],
    ["one space", `${A} tool\n`, "tool"],
    ["a tab", `${A}\ttool\n`, "tool"],
    ["upper case", `${A.toUpperCase()}  tool\n`, "tool"],
    ["no line end", `${A}  tool`, "tool"],
    ["CRLF and empty lines", `\r\n${A}  tool\r\n\r\n`, "tool"],
    ["white space around", `  ${A}  tool  \n`, "tool"],
    ["a name with spaces", `${A}  my tool\n`, "my tool"],
    ["a package", `${A}  pkg:npm/tool@1.0.0\n`, "pkg:npm/tool@1.0.0"],
  ])("%s", async (_what, list, name) => {
    expect(await collectList(list)).toEqual([declared(name, A)]);
  });

  test("base64 that was wrapped, and a line end after it", async () => {
    const text = base64(LIST);
    await write("subjects.b64", `${text.slice(0, 76)}\n${text.slice(76)}\r\n`);
    expect(await collect("subjects.b64")).toEqual([declared("linux/tool", A), declared("tool.exe", B)]);
  });
});

describe("other than the generator", () => {
  test.each([
    ["the binary flag is no part of the name", `${A} *tool\n`, "tool"],
    ["an asterisk after two spaces is", `${A}  *tool\n`, "*tool"],
    ["a leading ./ is dropped", `${A}  ./bin/tool\n`, "bin/tool"],
  ])("%s", async (_what, list, name) => {
    expect(await collectList(list)).toEqual([declared(name, A)]);
  });
});

describe("what is refused", () => {
  test.each([
    ["sha512", `${"a".repeat(128)}  tool\n`, "INPUT_INVALID"],
    ["a digest that is not hex", `${A.replace("8", "g")}  tool\n`, "INPUT_INVALID"],
    ["a digest without a name", `${A}\n`, "INPUT_INVALID"],
    ["an escaped name", `\\${A}  a\\nb\n`, "INPUT_INVALID"],
    ["a name twice", `${A}  tool\n${A}  tool\n`, "INPUT_INVALID"],
    ["a name with two digests", `${A}  tool\n${B}  tool\n`, "SUBJECT_CONFLICT"],
    ["a name twice, once with ./", `${A}  tool\n${B}  ./tool\n`, "SUBJECT_CONFLICT"],
    ["no subject", "\n\n", "SUBJECTS_EMPTY"],
    ["nothing at all", "", "SUBJECTS_EMPTY"],
    ["another folder", `${A}  ../tool\n`, "NAME_REFUSED"],
    ["an absolute path", `${A}  /tool\n`, "NAME_REFUSED"],
    ["standard input", `${A}  -\n`, "NAME_REFUSED"],
    ["JSON that is no handle", '{"subjects": []}', "INPUT_INVALID"],
    ["a handle with a digest that is none", '{"artifact_name":"a","filename":"b","sha256":"c"}', "INPUT_INVALID"],
  ])("%s", async (_what, list, code) => {
    await expect(collectList(list)).rejects.toMatchObject({ code });
  });

  test("the line's number is in the message", async () => {
    await expect(collectList(`${A}  a\n\nwrong\n`)).rejects.toMatchObject({
      message: "subjects.b64 line 3 is not a subject",
      actual: '"wrong"',
    });
  });

  test("bytes that are not UTF-8 inside the base64", async () => {
    await write("subjects.b64", Buffer.from([0xff, 0xfe]).toString("base64"));
    await expect(collect("subjects.b64")).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("base64 that was cut off", async () => {
    await write("subjects.b64", base64(LIST).slice(0, -2));
    await expect(collect("subjects.b64")).rejects.toMatchObject({ message: "subjects.b64 is not valid base64" });
  });

  test("what is not expected", async () => {
    await write("subjects.b64", base64(LIST));
    await expect(collect("subjects.b64", 3)).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    await expect(collect("subjects.b64", ["tool.exe"])).rejects.toMatchObject({ code: "ARTIFACT_UNEXPECTED" });
  });
});

describe("near misses say what to do instead", () => {
  test.each([
    ["a plain list", LIST, "--from checksums:input"],
    ["a plain list with tabs", LIST.replaceAll("  ", "\t"), "--from checksums:input"],
    ["a plain list of SHA-512", `${"a".repeat(128)}  tool\n`, "--from checksums:input"],
    ["a tagged list", `SHA256 (tool) = ${A}\n`, "--from checksums:input"],
    ["openssl's list", `SHA2-256(tool)= ${A}\n`, "--from checksums:input"],
    ["the decoded handle", '{"artifact_name": "x"}', "in base64"],
    ["a subjects file", '{"type":"https://touchmark.dev/subjects/v1"}', "--subjects FILE"],
    ["GitHub's list", '{"version":1,"subjects":[{"kind":"file"}]}', "--from artifacts-list:FILE"],
    ["other JSON", '["a"]', "base64 of sha256sum lines"],
  ])("%s", async (_what, text, advice) => {
    await write("input", text);
    await expect(collect("input")).rejects.toMatchObject({
      code: "INPUT_INVALID",
      expected: expect.stringContaining(advice),
    });
  });
});

describe("the handle of base64-subjects-as-file", () => {
  const list = base64(`${A}  tool\n`);

  test.each(["list.b64", "list.b64-a1b2c3/list.b64"])("finds %s", async (place) => {
    await write("dl/handle", handle({ sha256: sha256(list) }));
    await write(`dl/${place}`, list);
    expect(await collect("dl/handle")).toEqual([declared("tool", A)]);
  });

  test("a file with other bytes", async () => {
    await write("handle", handle({ sha256: sha256(list) }));
    await write("list.b64", base64(`${B}  tool\n`));
    await expect(collect("handle")).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      expected: `sha256:${sha256(list)}`,
    });
  });

  test("a file that is not here", async () => {
    await write("handle", handle({ sha256: sha256(list) }));
    await expect(collect("handle")).rejects.toMatchObject({ code: "INPUT_MISSING" });
  });

  test.each([{ filename: "../list.b64" }, { filename: "/etc/passwd" }, { filename: "a/b" }, { artifact_name: "../x" }])(
    "a name that leads elsewhere: %j",
    async (change) => {
      await write("handle", handle({ sha256: sha256(list), ...change }));
      await expect(collect("handle")).rejects.toMatchObject({ code: "NAME_REFUSED" });
    },
  );

  test("a handle that names a handle leads nowhere", async () => {
    const inner = handle({ sha256: A });
    await write("list.b64", inner);
    await write("handle", handle({ sha256: sha256(inner) }));
    await expect(collect("handle")).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: "the file that the handle names line 1 is not a subject",
    });
  });
});

test("--from base64-subjects:FILE", () => {
  expect(base64Subjects.options.safeParse(base64Subjects.fromArgument("x.b64")).success).toBe(true);
  expect(base64Subjects.options.safeParse(base64Subjects.suggest).success).toBe(true);
  expect(() => base64Subjects.fromArgument(null)).toThrowError(expect.objectContaining({ code: "USAGE" }));
});
