import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runProgram } from "./touchmark-process.ts";

const checkout = fileURLToPath(new URL("..", import.meta.url));

/** Other projects' cases, which are no part of this one: beside the checkout, or where the variable says. */
const suite = join(
  process.env["TOUCHMARK_PEER_SUITES"] ?? resolve(checkout, "..", "shared", "peer-suites"),
  "sigstore-conformance",
);

interface Case {
  readonly name: string;
  readonly bundle: string;
  readonly artifact: string;
  readonly digest: string;
  /** A file, or `public-good`: the roots that come with Touchmark. */
  readonly trustedRoot: string;
  readonly key: string | null;
  readonly identity: string | null;
  readonly issuer: string | null;
  readonly expect: "pass" | "fail";
}

const list = join(suite, "cases.json");
const read: readonly Case[] | { readonly cases: readonly Case[] } = existsSync(list)
  ? JSON.parse(readFileSync(list, "utf8"))
  : [];
const cases = "cases" in read ? read.cases : read;

const manifest = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
const entry = resolve(checkout, manifest.touchmark.conformance);

function argumentsFor(one: Case, artifact: string): readonly string[] {
  const signer =
    one.key === null
      ? ["--certificate-identity", one.identity ?? "", "--certificate-oidc-issuer", one.issuer ?? ""]
      : ["--key", join(suite, one.key)];
  const roots = one.trustedRoot === "public-good" ? [] : ["--trusted-root", join(suite, one.trustedRoot)];
  return ["verify-bundle", "--bundle", join(suite, one.bundle), ...signer, ...roots, artifact];
}

if (cases.length === 0) it.skip("sigstore-conformance: its cases are not beside this checkout", () => undefined);

it.each(cases.map((one) => [one.name, one] as const))(
  "sigstore-conformance %s, as file and as digest",
  async (_, one) => {
    for (const artifact of [join(suite, one.artifact), one.digest]) {
      const ended = await runProgram(process.execPath, [entry, ...argumentsFor(one, artifact)], { cwd: suite });
      expect([artifact, ended.status === 0 ? "pass" : "fail", ended.stderr]).toEqual([
        artifact,
        one.expect,
        one.expect === "pass" ? "" : expect.stringMatching(/./),
      ]);
      expect(ended.stderr).not.toMatch(/TypeError|RangeError|SyntaxError|Cannot read/);
    }
  },
);

it("the entry is executable, and says what is wrong with its arguments", async () => {
  const wrong = [
    [],
    ["sign-bundle"],
    ["verify-bundle"],
    ["verify-bundle", "--bundle"],
    ["verify-bundle", "--unknown", "x"],
  ];
  for (const args of wrong) {
    expect(await runProgram(entry, args, { cwd: checkout })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/./),
    });
  }
  const staging = [
    "verify-bundle",
    "--staging",
    "--bundle",
    "package.json",
    "--certificate-identity",
    "a",
    "--certificate-oidc-issuer",
    "b",
    "package.json",
  ];
  expect(await runProgram(entry, staging, { cwd: checkout })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("--trusted-root"),
  });
});
