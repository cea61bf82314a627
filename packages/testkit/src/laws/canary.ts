import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type BuildClaim, encodeStatement, generate } from "@touchmark/core";
import { artifactsOf } from "../artifacts.ts";
import { CANARY, withFixture } from "../fixture-copy.ts";
import { KEPT, type Law, type LawResult } from "../law.ts";
import { baseline, type Outcome, run, subjectsFile } from "../outcome.ts";

export const canary: Law = {
  number: 7,
  title: "nothing of this machine is in what comes out",
  why: "statements are public for ever: a user's name, a token or a path in one cannot be taken back",
  async check(adapter, lawCase) {
    return withFixture(lawCase, async (copy) =>
      withCanaries(async (env) => {
        const unspoilt = await baseline(adapter, lawCase, copy);
        if ("broken" in unspoilt) return broken("ran it over the fixture", unspoilt.broken);
        const outcome = await run(adapter, lawCase, copy.folder, { env });
        const output = outcome.kind === "output" ? outcome.output : unspoilt;
        const statement = generate(CLAIM, subjectsFile(adapter, output));
        const leak = findLeak(JSON.parse(new TextDecoder().decode(encodeStatement(statement))), "statement");
        if (leak !== null) return broken("put a canary into the environment and the folder's name", leak);
        const [artifact] = artifactsOf(output, lawCase, copy).flatMap(({ paths }) => paths);
        if (artifact === undefined) return KEPT;
        await rm(join(copy.folder, artifact));
        const told = tellingLeak(await run(adapter, lawCase, copy.folder, { env }));
        return told === null ? KEPT : broken(`removed ${artifact} to read the error`, told);
      }),
    );
  },
};

/** What a signing job would claim; nothing in it comes from this machine. */
const CLAIM: BuildClaim = {
  buildType: "https://touchmark.dev/build-types/law/v1",
  externalParameters: {},
  internalParameters: {},
  source: null,
  builder: { id: "https://touchmark.dev/builders/law", version: {} },
  invocationId: null,
  startedOn: null,
  finishedOn: null,
};

const NAMES = ["HOME", "USER", "LOGNAME", "PWD", "TOUCHMARK_LAW"];

/** Sets variables that tools like to copy, for this process too: an adapter may look past its host. */
async function withCanaries<T>(use: (env: Readonly<Record<string, string | undefined>>) => Promise<T>): Promise<T> {
  const before = NAMES.map((name) => [name, process.env[name]] as const);
  for (const name of NAMES) process.env[name] = `/${CANARY}/${name}`;
  try {
    return await use({ ...process.env });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** The path of the first text with the canary in it, as it stands or in base64. */
function findLeak(value: unknown, path: string): string | null {
  if (typeof value === "string") return isLeak(value) ? `${path} = ${value.slice(0, 200)}` : null;
  if (value === null || typeof value !== "object") return null;
  for (const [key, member] of Object.entries(value)) {
    const leak = isLeak(key) ? `${path} has the key ${key}` : findLeak(member, `${path}.${key}`);
    if (leak !== null) return leak;
  }
  return null;
}

function isLeak(text: string): boolean {
  const hides = /^[A-Za-z0-9+/_-]{12,}={0,2}$/.test(text) ? Buffer.from(text, "base64").toString("latin1") : "";
  return text.toLowerCase().includes(CANARY) || hides.toLowerCase().includes(CANARY);
}

function tellingLeak(outcome: Outcome): string | null {
  if (outcome.kind !== "refused") return null;
  const { message, expected, actual } = outcome.error;
  return findLeak({ message, expected, actual }, "error");
}

function broken(did: string, got: string): LawResult {
  return {
    status: "broken",
    did,
    got,
    expected: "no trace of either",
    remedy: "name things relative to the workspace, as HostFile.path does, and take nothing from the environment",
  };
}
