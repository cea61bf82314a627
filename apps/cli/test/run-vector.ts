import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isTouchmarkError } from "@touchmark/core";
import { type CheckReport, CheckReportSchema } from "@touchmark/engine";
import { vi } from "vitest";
import type { Vector } from "../../../packages/engine/test/vectors.ts";
import { verifyCommand } from "../src/commands/verify.ts";
import { buildVerifyProgram } from "../src/declare-verify.ts";
import { recordingTerminal } from "./recording-terminal.ts";
import { flagsOf } from "./vector-flags.ts";

/** A report, or the code of what the caller gave wrong. */
export type Outcome = CheckReport | string;

/** Runs something in a copy of a vector's folder: a verifier writes down what it saw. */
export async function inCopy<T>({ folder }: Vector, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = await mkdtemp(path.join(tmpdir(), "touchmark-vector-"));
  try {
    await cp(folder, copy, { recursive: true });
    return await work(copy);
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** As the program is called, but for the process around it, so that it can be any day: the date must be a fake one. */
export async function runVector(vector: Vector, cwd: string, targets = vector.args.targets): Promise<Outcome> {
  if (vector.args.now !== null) vi.setSystemTime(new Date(vector.args.now));
  const terminal = recordingTerminal({ json: true });
  const env = { PATH: process.env["PATH"], XDG_CONFIG_HOME: path.join(cwd, "no-configuration") };
  const program = buildVerifyProgram(async (_name, positional, options) => {
    const context = { terminal, env, cwd, signal: new AbortController().signal };
    await verifyCommand(context, positional, options as Parameters<typeof verifyCommand>[2]);
  });
  try {
    await program.parseAsync(["verify", ...targets, ...flagsOf(vector), "--offline"], { from: "user" });
    return CheckReportSchema.parse(JSON.parse(terminal.text())) as CheckReport;
  } catch (error) {
    if (isTouchmarkError(error)) return error.code;
    throw error;
  }
}
