import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RELEASE_V02 } from "@touchmark/core";
import type { CompiledPolicy } from "@touchmark/policy";
import { withTestHost } from "@touchmark/testkit";
import { githubRun } from "@touchmark/testkit/sigstore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, githubPredicate, sign, trusting } from "../../verify/test/certificate-cases.ts";
import { sha256, statementBytes } from "../../verify/test/signed-bundles.ts";
import { testPolicy } from "../test/test-policy.ts";
import { type CheckOptions, check } from "./check.ts";

let base = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-left-"));
});
afterAll(() => rm(base, { recursive: true }));

const signedFor = (repository: string, name: string, content: string) => {
  const claims = githubRun({ repository, ref: "refs/tags/v1.2.3" });
  const subject = [{ name, digest: { sha256: sha256(content) } }];
  return bytesOf(sign({ leaf: { claims } }, {}, statementBytes({ subject, predicate: githubPredicate(claims) })));
};

/** A list of the release by one of its workflows: of the tool, and of whatever makes it differ from others. */
const listBy = (repository: string, version: string) => {
  const claims = githubRun({ repository, ref: "refs/tags/v1.2.3" });
  const subject = [{ name: "tool", digest: { sha256: sha256("tool") } }];
  const predicate = { purl: `pkg:generic/widgets@1.0.0-${version || "0"}` };
  return bytesOf(sign({ leaf: { claims } }, {}, statementBytes({ subject, predicateType: RELEASE_V02, predicate })));
};

const left = trusting({ identity: null, ownWorkflow: true, sourceByPolicy: true });
/** One rule for everything, which takes octo's repositories. */
const octo: CompiledPolicy = testPolicy(
  {
    comparesSource: true,
    statement: ({ provenance }) =>
      provenance?.source.repository === "https://github.com/octo/widgets"
        ? []
        : [{ code: "SOURCE_MISMATCH", message: "another", expected: null, actual: null }],
  },
  { expectsSource: ({ repository }) => repository.startsWith("https://github.com/octo/") },
);

async function checked(
  policy: CompiledPolicy | null,
  files: Readonly<Record<string, Uint8Array | string>>,
  more: Partial<CheckOptions> = {},
) {
  const folder = await mkdtemp(join(base, "w-"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const options = {
    targets: ["."],
    trust: [left],
    bundles: null,
    complete: more.release === undefined,
    anyName: false,
    recursive: false,
    fetchers: [],
    ignore: [],
    ...(policy === null ? {} : { policy }),
    ...more,
  };
  return withTestHost(folder, (host) => check(options, host));
}

describe("trust in everybody's own workflows", () => {
  const good = { tool: "tool", "a.sigstore.json": signedFor("octo/widgets", "tool", "tool") };

  it("holds under a policy that compares the source, and nowhere else", async () => {
    expect(await checked(octo, good)).toMatchObject({ result: "verified" });
    await expect(checked(null, good)).rejects.toMatchObject({ code: "SOURCE_UNSET" });
    const silent = testPolicy({ comparesSource: false });
    await expect(checked(silent, good)).rejects.toMatchObject({ code: "SOURCE_UNSET" });
  });

  it("refuses what is of another source that some rule names", async () => {
    const other = { tool: "tool", "a.sigstore.json": signedFor("octo/other", "tool", "tool") };
    expect(await checked(octo, other)).toMatchObject({ result: "failed" });
  });

  it.each([
    ["that states more", "more", "more"],
    ["that states other bytes of the evidence", "a.sigstore.json", "other"],
    ["that states other bytes of the artifact", "tool", "other"],
  ])("changes nothing by a stranger's statement %s", async (_what, name, content) => {
    const strange = { ...good, "z.sigstore.json": signedFor("evil/widgets", name, content) };
    expect(await checked(octo, strange)).toMatchObject({ result: "verified" });
  });

  it.each<[string, Readonly<Record<string, string>>, object]>([
    ["its own repository", { "l.sigstore.json": "octo/widgets" }, { result: "verified" }],
    [
      "its own repository, whatever others list",
      { "l.sigstore.json": "octo/widgets", "m.sigstore.json": "octo/gadgets" },
      { result: "verified" },
    ],
    [
      "another one that some rule names",
      { "l.sigstore.json": "octo/gadgets" },
      {
        result: "failed",
        findings: [{ code: "RELEASE_MISSING" }, { code: "SOURCE_MISMATCH", actual: "https://github.com/octo/gadgets" }],
      },
    ],
    ["a stranger's", { "l.sigstore.json": "evil/widgets" }, { result: "failed" }],
  ])("takes a list of the release by %s", async (_whose, by, expected) => {
    const lists = Object.entries(by).map(([name, repository]) => [name, listBy(repository, name)]);
    const files = { ...good, ...Object.fromEntries(lists) };
    expect(await checked(octo, files, { release: { version: null } })).toMatchObject(expected);
  });

  it("takes no list where nothing of its repository holds", async () => {
    const lone = { tool: "tool", "l.sigstore.json": listBy("octo/widgets", "") };
    const letThrough = testPolicy(
      { exception: { code: "EXCEPTION_APPLIES", message: "", expected: null, actual: null } },
      octo,
    );
    expect(await checked(letThrough, lone, { release: { version: null } })).toMatchObject({
      result: "failed",
      findings: [{ code: "RELEASE_MISSING" }, { code: "SOURCE_MISMATCH" }],
    });
  });

  it("takes no stranger's statement for provenance", async () => {
    const strange = { tool: "tool", "z.sigstore.json": signedFor("evil/widgets", "tool", "tool") };
    expect(await checked(octo, strange)).toMatchObject({
      result: "failed",
      artifacts: [{ status: "untrusted", findings: [{ code: "SOURCE_MISMATCH" }] }, {}],
    });
  });
});
