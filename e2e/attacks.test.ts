import { execFileSync } from "node:child_process";
import { access, cp, mkdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hex, provenance, type SubjectEntry, signedBundle, statement } from "./signed-bundle.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";

interface Judged {
  readonly name: string;
  readonly status: string;
  readonly findings: readonly { readonly code: string }[];
}

interface Report {
  readonly result: string;
  readonly artifacts: readonly Judged[];
  readonly findings: readonly { readonly code: string; readonly message: string }[];
  readonly ignored: { readonly count: number };
}

const FILES = { "tool-amd64": "amd64 bytes", "tool-arm64": "arm64 bytes", "tool-debug": "debug bytes" };

let folder: Awaited<ReturnType<typeof newFolder>>;
let privatePem: string;
let copies = 0;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (args: readonly string[], cwd = folder.path) => touchmark(args, { cwd });
const subjectOf = (name: string, bytes: string): SubjectEntry => ({ name, digest: { sha256: hex("sha256", bytes) } });

beforeAll(async () => {
  folder = await newFolder();
  await mkdir(at("release"));
  for (const [name, bytes] of Object.entries(FILES)) await writeFile(at("release", name), bytes);
  expect(await run(["keys", "generate"])).toMatchObject({ status: 0 });
  privatePem = await readFile(at("touchmark.key"), "utf8");
  const signed = await run(["attest", "--from", "files:release/*", "--key", "touchmark.key", "--name", "r"]);
  expect(signed).toMatchObject({ status: 0 });
  await cp(at("touchmark-out", "r.sigstore.json"), at("release", "r.sigstore.json"));
});

afterAll(() => folder.remove());

/** A copy of the release, to damage. */
async function copy(): Promise<string> {
  copies += 1;
  await cp(at("release"), at(`copy-${copies}`), { recursive: true });
  return `copy-${copies}`;
}

async function verify(args: readonly string[], cwd = folder.path) {
  const ended = await run(["verify", ...args, "--key", at("touchmark.pub"), "--json"], cwd);
  const report = JSON.parse(ended.stdout) as Report;
  const judged = (name: string) => report.artifacts.find((one) => one.name === name);
  return { status: ended.status, report, judged, stderr: ended.stderr };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe("A29: digests of two files in one subject", () => {
  it.each([
    ["sha256 of this file", { sha256: hex("sha256", "good"), sha512: hex("sha512", "evil") }],
    ["sha512 of this file", { sha256: hex("sha256", "evil"), sha512: hex("sha512", "good") }],
  ])("with the bytes at hand, the %s is not enough", async (_which, digest) => {
    await mkdir(at("a29"), { recursive: true });
    await writeFile(at("a29", "tool"), "good");
    await writeFile(at("a29", "r.sigstore.json"), signedBundle(privatePem, provenance([{ name: "tool", digest }])));
    const { status, judged } = await verify(["a29"]);
    expect(status).toBe(1);
    expect(judged("tool")?.status).toBe("tampered");
    expect(judged("tool")?.findings.map((finding) => finding.code)).toContain("SUBJECT_MISMATCH");
  });

  it("both right digests verify", async () => {
    const digest = { sha256: hex("sha256", "good"), sha512: hex("sha512", "good") };
    await writeFile(at("a29", "r.sigstore.json"), signedBundle(privatePem, provenance([{ name: "tool", digest }])));
    expect(await verify(["a29"])).toMatchObject({ status: 0, report: { result: "verified" } });
  });
});

describe("A30: bytes under another name", () => {
  it("two files that changed names", async () => {
    const name = await copy();
    await writeFile(at(name, "tool-amd64"), FILES["tool-arm64"]);
    await writeFile(at(name, "tool-arm64"), FILES["tool-amd64"]);
    const { status, judged } = await verify([name]);
    expect(status).toBe(1);
    for (const swapped of ["tool-amd64", "tool-arm64"]) {
      expect(judged(swapped)).toMatchObject({ status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] });
    }
    expect(judged("tool-debug")?.status).toBe("verified");
  });

  it("a debug build as the installer, unless any name is accepted", async () => {
    await mkdir(at("a30"));
    await writeFile(at("a30", "install"), FILES["tool-debug"]);
    const args = ["a30/install", "--bundle", "release/r.sigstore.json"];
    const refused = await verify(args);
    expect(refused.status).toBe(1);
    expect(refused.judged("install")?.findings).toMatchObject([{ code: "SUBJECT_MISMATCH" }]);
    expect(await verify([...args, "--any-name"])).toMatchObject({ status: 0 });
  });
});

describe("A31: trust from the release", () => {
  const sideEffect = (marker: string) =>
    `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(marker)}, "ran");\nexport default {};\n`;

  it("neither the target nor the working directory says what is trusted, and nothing in them runs", async () => {
    const name = await copy();
    const marker = at("ran");
    expect(await run(["keys", "generate", "--out", "evil"])).toMatchObject({ status: 0 });
    const evil = await readFile(at("evil", "touchmark.key"), "utf8");
    await writeFile(at(name, "extra"), "evil bytes");
    await writeFile(
      at(name, "e.sigstore.json"),
      signedBundle(evil, provenance([subjectOf("extra", "evil bytes"), subjectOf("tool-amd64", FILES["tool-amd64"])])),
    );
    await writeFile(at(name, "touchmark.yaml"), "version: 1\nverify: {key: touchmark.pub}\n");
    await writeFile(at(name, "touchmark.config.ts"), sideEffect(marker));
    await writeFile(at(name, "touchmark.config.mjs"), sideEffect(marker));
    await mkdir(at(name, ".touchmark"));
    for (const file of ["trust.yaml", "policy.yaml", "touchmark.pub"]) {
      await cp(at("evil", "touchmark.pub"), at(name, ".touchmark", file));
    }
    for (const [target, cwd] of [
      [name, folder.path],
      [".", at(name)],
    ] as const) {
      const { status, judged } = await verify([target], cwd);
      expect(status).toBe(1);
      expect(judged("extra")?.status).toBe("untrusted");
      expect(judged("tool-amd64")?.status).toBe("verified");
      expect(judged("touchmark.config.ts")?.status).toBe("not-covered");
      expect(judged(".touchmark/trust.yaml")?.status).toBe("not-covered");
    }
    expect((await run(["verify", "."], at(name))).stderr).toContain("E TRUST_UNSET");
    expect(await exists(marker)).toBe(false);
  });
});

describe("A32: smuggling", () => {
  it("sets aside only what is evidence as a whole, and passes over nothing else", async () => {
    const name = await copy();
    const bundle = (await readFile(at("release", "r.sigstore.json"), "utf8")).trimEnd();
    await writeFile(at(name, "x.intoto.jsonl"), "#!/bin/sh\necho owned\n");
    await writeFile(at(name, "tail.sigstore.json"), `${bundle} #!/bin/sh`);
    await writeFile(at(name, "lines.intoto.jsonl"), `${bundle}\nrm -rf /\n`);
    await writeFile(at(name, "upper.SIGSTORE.JSON"), bundle);
    await writeFile(at(name, ".hidden"), "");
    await writeFile(at(name, "TOOL-AMD64"), FILES["tool-amd64"]);
    await symlink("tool-amd64", at(name, "link"));
    await symlink("/etc", at(name, "outside"));
    execFileSync("mkfifo", [at(name, "fifo"), at(name, "fifo.intoto.jsonl")]);
    const { status, report, judged } = await verify([name]);
    expect(status).toBe(1);
    const byStatus = (wanted: string) => report.artifacts.filter((one) => one.status === wanted).map((one) => one.name);
    expect(byStatus("evidence")).toEqual(["r.sigstore.json"]);
    expect(byStatus("verified").sort()).toEqual(Object.keys(FILES));
    expect(byStatus("not-covered").sort()).toEqual([
      ".hidden",
      "fifo",
      "fifo.intoto.jsonl",
      "lines.intoto.jsonl",
      "link",
      "outside",
      "tail.sigstore.json",
      "upper.SIGSTORE.JSON",
      "x.intoto.jsonl",
    ]);
    expect(judged("TOOL-AMD64")).toMatchObject({ status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] });
    expect(judged("outside")?.findings).toMatchObject([{ code: "LINK_REFUSED" }]);
    expect(judged("fifo")?.findings).toMatchObject([{ code: "FILE_REFUSED" }]);
  });

  it("a link or a FIFO that is the target itself fails the verification", async () => {
    const name = await copy();
    await symlink("/etc/passwd", at(name, "outside"));
    await symlink("tool-amd64", at(name, "inside"));
    execFileSync("mkfifo", [at(name, "fifo")]);
    for (const [target, code] of [
      ["outside", "LINK_REFUSED"],
      ["inside", "LINK_REFUSED"],
      ["fifo", "FILE_REFUSED"],
    ] as const) {
      const { status, judged } = await verify([`${name}/${target}`]);
      expect({ target, status }).toEqual({ target, status: 1 });
      expect(judged(target)?.findings).toMatchObject([{ code }]);
    }
  });
});

describe("A33: the right signer, another predicate", () => {
  it.each([
    ["an SBOM", "https://spdx.dev/Document/v2.3", { spdxVersion: "SPDX-2.3" }],
    ["a failed test", "https://in-toto.io/attestation/test-result/v0.1", { result: "FAILED" }],
  ])("%s covers nothing", async (_what, type, predicate) => {
    await mkdir(at("a33"), { recursive: true });
    await writeFile(at("a33", "tool"), "bytes");
    const bundle = signedBundle(privatePem, statement([subjectOf("tool", "bytes")], type, predicate));
    await writeFile(at("a33", "r.sigstore.json"), bundle);
    const { status, judged } = await verify(["a33"]);
    expect(status).toBe(1);
    expect(judged("tool")?.status).toBe("not-covered");
  });
});

describe("names that attack the reader", () => {
  const HOSTILE = "\u001b[2J\u001b[1;1H\u202egnp.exe\u0007\nVERIFIED";

  it("reach neither the terminal nor break the JSON", async () => {
    await mkdir(at("hostile"), { recursive: true });
    await writeFile(at("hostile", HOSTILE), "x");
    await writeFile(at("hostile", `${HOSTILE}.intoto.jsonl`), `{"\u001b[31m": 1}\n`);
    const named = signedBundle(privatePem, provenance([subjectOf(`${HOSTILE} subject`, "other")]));
    await writeFile(at("hostile", "r.sigstore.json"), named);
    const key = ["--key", "touchmark.pub"];
    const screens = [
      await run(["verify", "hostile", ...key]),
      await run(["verify", "hostile", ...key, "--complete", "--all"]),
      await run(["verify", "hostile"]),
      await run(["verify", `hostile/${HOSTILE}`]),
      await run(["verify", `gone/${HOSTILE}`, ...key]),
      await run(["inspect", "hostile/r.sigstore.json"]),
      await run(["inspect", `hostile/${HOSTILE}.intoto.jsonl`]),
      await run(["inspect", `hostile/${HOSTILE}`]),
      await run(["attest", "--from", "files:hostile/*", "--dry-run"]),
      await run(["attest", "--from", `files:${HOSTILE}`, "--dry-run"]),
      await run(["collect", "--from", "files:hostile/r.sigstore.json", "-o", `gone/${HOSTILE}`]),
      await run(["keys", "public", HOSTILE]),
      await run([HOSTILE]),
      await run(["check", "-c", HOSTILE]),
    ];
    for (const { stdout, stderr } of screens) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(stdout + stderr).not.toMatch(/^VERIFIED/m);
    }
    const { judged } = await verify(["hostile"]);
    expect(judged(HOSTILE)?.status).toBe("not-covered");
  });
});

describe("evidence without end", () => {
  it("larger than 64 MiB", async () => {
    const name = await copy();
    await writeFile(at(name, "big.sigstore.json"), "");
    await truncate(at(name, "big.sigstore.json"), 65 * 1024 ** 2);
    const { status, report, judged } = await verify([name]);
    expect(status).toBe(1);
    expect(report.findings.map((finding) => finding.code)).toContain("EVIDENCE_TOO_LARGE");
    expect(judged("big.sigstore.json")?.status).toBe("not-covered");
    expect(judged("tool-amd64")?.status).toBe("verified");
  });

  it.each([
    ["100,001 subjects", () => many(100_001), "STATEMENT_MALFORMED"],
    ["JSON of 100,000 levels", () => `{"_type":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "STATEMENT_MALFORMED"],
  ])("%s in one statement, by the right signer", async (_what, payload, code) => {
    await mkdir(at("endless"), { recursive: true });
    await writeFile(at("endless", "tool"), "x");
    await writeFile(at("endless", "r.sigstore.json"), signedBundle(privatePem, payload()));
    const { status, report } = await verify(["endless"]);
    expect(status).toBe(1);
    expect(report.findings.map((finding) => finding.code)).toContain(code);
  });

  it("a million lines, and a bundle nested without end", async () => {
    const name = await copy();
    await writeFile(at(name, "lines.intoto.jsonl"), "{}\n".repeat(1_000_000));
    await writeFile(at(name, "deep.sigstore.json"), `${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`);
    const began = performance.now();
    const { status, report, judged } = await verify([name]);
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(status).toBe(1);
    expect(report.findings.map((finding) => finding.code)).toContain("EVIDENCE_TOO_LARGE");
    expect(judged("tool-amd64")?.status).toBe("verified");
  });

  it("ten thousand evidence files of a stranger beside the right one", async () => {
    const name = await copy();
    const stranger = (await run(["keys", "generate", "--out", "stranger"])).status;
    expect(stranger).toBe(0);
    const pem = await readFile(at("stranger", "touchmark.key"), "utf8");
    for (let i = 0; i < 10_000; i += 1) {
      const bundle = signedBundle(pem, provenance([subjectOf("tool-amd64", `other ${i}`)]));
      await writeFile(at(name, `z-${i}.sigstore.json`), bundle);
    }
    const began = performance.now();
    const folderTarget = await verify([name]);
    const fileTarget = await verify([`${name}/tool-amd64`]);
    expect(performance.now() - began).toBeLessThan(60_000);
    expect(folderTarget).toMatchObject({ status: 0, report: { result: "verified" } });
    expect(fileTarget).toMatchObject({ status: 0, report: { result: "verified" } });
  });

  function many(count: number): string {
    return provenance(Array.from({ length: count }, (_, index) => subjectOf(`file-${index}`, String(index))));
  }
});

describe("targets", () => {
  it("of every spelling are the same release", async () => {
    const name = await copy();
    await symlink(name, at("by-link"));
    for (const [target, cwd] of [
      [`${name}/`, folder.path],
      [`./${name}/.`, folder.path],
      ["by-link", folder.path],
      ["by-link/", folder.path],
      [at(name), folder.path],
      [".", at(name)],
      [`../${name}`, at(name)],
    ] as const) {
      const { status, report } = await verify([target], cwd);
      expect({ target, status }).toEqual({ target, status: 0 });
      expect(report.artifacts.map((one) => one.name).sort()).toEqual([
        "r.sigstore.json",
        "tool-amd64",
        "tool-arm64",
        "tool-debug",
      ]);
    }
    expect(await verify([name, name, `${name}/tool-debug`])).toMatchObject({ status: 0 });
    expect(await verify([`${name}/tool-debug`])).toMatchObject({ status: 0 });
  });

  it("a folder as evidence is the caller's mistake", async () => {
    const ended = await run(["verify", "release/tool-debug", "--key", "touchmark.pub", "--bundle", "release"]);
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringMatching(/^E FILE_REFUSED/) });
  });

  it("a digest names its algorithm and has its length; the case of its digits says nothing", async () => {
    const bundle = ["--bundle", "release/r.sigstore.json"];
    const sha256 = hex("sha256", FILES["tool-amd64"]);
    expect(await verify([`sha256:${sha256}`, ...bundle])).toMatchObject({ status: 0 });
    const weak = await verify([`sha1:${hex("sha1", FILES["tool-amd64"])}`, ...bundle]);
    expect(weak.status).toBe(1);
    expect(weak.report.artifacts[0]?.findings).toMatchObject([{ code: "DIGEST_UNACCEPTABLE" }]);
    expect(await verify([`sha512:${hex("sha512", FILES["tool-amd64"])}`, ...bundle])).toMatchObject({ status: 1 });
    expect(await verify([`sha256:${sha256.toUpperCase()}`, ...bundle])).toMatchObject({ status: 0 });
    for (const wrong of [`sha256:${sha256.slice(1)}`, `sha512:${sha256}`, "sha256:"]) {
      const ended = await run(["verify", wrong, ...bundle, "--key", "touchmark.pub"]);
      expect({ wrong, status: ended.status }).toEqual({ wrong, status: 2 });
    }
  });

  it("what is ignored is counted and said, and everything ignored is nothing verified", async () => {
    const name = await copy();
    await writeFile(at(name, "notes.txt"), "x");
    expect(await verify([name, "--ignore", "*.txt"])).toMatchObject({ status: 0, report: { ignored: { count: 1 } } });
    const screen = await run(["verify", name, "--key", "touchmark.pub", "--ignore", "*.txt"]);
    expect(screen.stdout).toContain("notes.txt");
    for (const pattern of ["*", "**", "tool-*"]) {
      const { status, report } = await verify([name, "--ignore", "notes.txt", "--ignore", pattern]);
      expect({ pattern, status }).toEqual({ pattern, status: 1 });
      expect(report.findings.map((finding) => finding.code)).toContain("NOTHING_TO_VERIFY");
    }
  });

  it("a release without any evidence says so once, for all", async () => {
    await mkdir(at("bare"));
    await writeFile(at("bare", "tool"), "x");
    const { status, report } = await verify(["bare"]);
    expect(status).toBe(1);
    expect(report.findings).toMatchObject([{ code: "NOT_COVERED", message: expect.stringContaining("no evidence") }]);
  });
});

describe("keys", () => {
  it("several keys are several people whom the user believes, and one twice is one", async () => {
    expect(await run(["keys", "generate", "--out", "second"])).toMatchObject({ status: 0 });
    expect(await verify(["release", "--key", "second/touchmark.pub"])).toMatchObject({ status: 0 });
    expect(await verify(["release", "--key", "touchmark.pub"])).toMatchObject({ status: 0 });
    const other = await run(["verify", "release", "--key", "second/touchmark.pub", "--json"]);
    expect(JSON.parse(other.stdout)).toMatchObject({ result: "failed" });
  });
});
