#!/usr/bin/env node
import { readFile, stat, writeFile } from "node:fs/promises";
import { openRoots, publicGoodRoots, trustedKey, verifyOne } from "@touchmark/verify";

/**
 * The client under test of sigstore-conformance: `verify-bundle`, with file or digest, and `sign-bundle`.
 * Protocol: https://github.com/sigstore/sigstore-conformance/blob/main/docs/cli_protocol.md
 *
 * It verifies and signs what Sigstore defines and nothing else; `touchmark verify` and `touchmark attest` demand more.
 */
async function conformance(argv: readonly string[]): Promise<void> {
  const [command, ...rest] = argv;
  const { flags, artifact } = parse(rest);
  if (command === "verify-bundle") {
    await verifyOne(
      await readFile(needed(flags, "--bundle")),
      await artifactOf(artifact),
      await signerOf(flags),
      await rootsOf(flags),
    );
  } else if (command === "sign-bundle") {
    const { signOne } = await import("./conformance-signing.ts");
    const file = await readFile(artifact);
    const config = flags.get("--signing-config");
    const bundle = await signOne(file, {
      kind: flags.has("--in-toto") ? "statement" : "file",
      token: needed(flags, "--identity-token"),
      signingConfig: config === undefined ? null : await readFile(config),
      roots: await rootsOf(flags),
    });
    await writeFile(needed(flags, "--bundle"), bundle);
  } else throw new TypeError(`the command is verify-bundle or sign-bundle, got ${command}`);
}

type Flags = ReadonlyMap<string, string>;

const ALONE = ["--staging", "--in-toto"];
const WITH_VALUE = [
  ...["--bundle", "--certificate-identity", "--certificate-oidc-issuer", "--key", "--trusted-root"],
  ...["--identity-token", "--signing-config"],
];

function parse(words: readonly string[]): { readonly flags: Flags; readonly artifact: string } {
  const flags = new Map<string, string>();
  const others: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (ALONE.includes(word)) flags.set(word, "");
    else if (WITH_VALUE.includes(word)) {
      at += 1;
      flags.set(word, words[at] ?? "");
    } else if (word.startsWith("-")) throw new TypeError(`an option that is not known: ${word}`);
    else others.push(word);
  }
  const [artifact] = others;
  if (artifact === undefined || others.length > 1) throw new TypeError(`one file or digest, got ${others.length}`);
  return { flags, artifact };
}

function needed(flags: Flags, name: string): string {
  const value = flags.get(name);
  if (value === undefined || value === "") throw new TypeError(`${name} is missing`);
  return value;
}

async function artifactOf(text: string) {
  const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(text) ?? [];
  if (sha256 !== undefined && !(await exists(text))) return { kind: "digest", sha256 } as const;
  return { kind: "bytes", bytes: await readFile(text) } as const;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function signerOf(flags: Flags) {
  const key = flags.get("--key");
  if (key !== undefined) return trustedKey(await readFile(key), key);
  const identity = needed(flags, "--certificate-identity");
  return { kind: "identity", identity, issuer: needed(flags, "--certificate-oidc-issuer") } as const;
}

async function rootsOf(flags: Flags) {
  const file = flags.get("--trusted-root");
  if (file !== undefined) return openRoots({ bytes: await readFile(file), label: file, asOf: null });
  if (flags.has("--staging"))
    throw new TypeError("--staging needs --trusted-root: its roots do not come with Touchmark");
  return publicGoodRoots();
}

try {
  await conformance(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
