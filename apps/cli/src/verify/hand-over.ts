import { tmpdir } from "node:os";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { BroughtTarget, CheckReport } from "@touchmark/engine";
import { openStaging, type Staging } from "@touchmark/host-node";
import type { Host } from "@touchmark/plugin";
import type { Context } from "../context.ts";
import { copyVerified } from "../hand-over/copy-verified.ts";
import { handedTargets, shapeOf } from "../hand-over/handed-targets.ts";
import { runCommand } from "../hand-over/run-command.ts";
import { kindAt } from "../kind-at.ts";
import { counted } from "../render/counted.ts";
import { safe } from "../render/terminal.ts";

/** To whom the bytes go that were verified. */
export interface HandOverFlags {
  readonly into?: string;
  /** What stands after `--`. */
  readonly command?: readonly string[];
  readonly json?: boolean;
}

/** Hands over the bytes that were verified, in three steps between which the verdict is remembered and printed. */
export interface HandOver {
  /**
   * Copies what holds to where nobody else sees it; nothing where the verdict is not `verified`.
   *
   * @param brought - where targets lie that are not paths.
   */
  copy(report: CheckReport, brought: ReadonlyMap<string, BroughtTarget>, host: Host): Promise<void>;
  /** Gives a folder that was asked for its place. */
  place(): void;
  /** Prints a line of the verdict: a command's standard output is its own. */
  show(report: CheckReport, line: string): void;
  /** Runs the command that was asked for. @returns its exit status; null where there is none, or it must not run. */
  run(): Promise<number | null>;
  close(): Promise<void>;
}

/**
 * @throws TouchmarkError `USAGE` for flags that exclude each other and targets that are not files; `OUTPUT_CONFLICT` where
 * something stands already.
 */
export function handOver(context: Context, positional: readonly string[], flags: HandOverFlags): HandOver {
  const { command } = flags;
  const into = flags.into === undefined ? null : folderOf(flags.into, context.cwd);
  refuseContradictions(flags);
  const targets = handedTargets(positional, context.cwd, into === null ? "a command" : "--into");
  let staging: Staging | null = null;
  let count = 0;
  return {
    async copy(report, brought, host) {
      if (report.result !== "verified") return;
      const { signal } = context;
      staging =
        into === null
          ? await openStaging(tmpdir(), { shown: "the copy", flush: false, signal })
          : await openStaging(path.dirname(into.absolute), { shown: into.shown, flush: true, signal });
      const places = targets.map((one) => ({ ...one, path: brought.get(one.given)?.folder ?? one.path }));
      count = await copyVerified(report, places, staging, host);
      if (into === null) await staging.seal();
    },
    place() {
      if (into === null || staging === null) return;
      staging.moveTo(into.absolute, into.shown);
      context.terminal.note(`${counted(count, "artifact")} handed over in ${safe(into.shown)}`);
    },
    show({ result }, line) {
      const { terminal } = context;
      if (command === undefined) terminal.result(line);
      else if (result === "verified") terminal.note(line);
      else terminal.prompt(line);
    },
    async run() {
      return command === undefined || staging === null ? null : runCommand(command, staging.content, context);
    },
    async close() {
      await staging?.remove();
    },
  };
}

function folderOf(shown: string, cwd: string): { readonly absolute: string; readonly shown: string } {
  const absolute = path.resolve(cwd, shown);
  if (shown === "" || kindAt(path.dirname(absolute)) !== "folder") {
    throw new TouchmarkError("USAGE", "--into names a folder that cannot be made", {
      expected: "a new folder, in one that is there",
      actual: JSON.stringify(shown),
    });
  }
  if (shapeOf(absolute) === "nothing") return { absolute, shown };
  throw new TouchmarkError("OUTPUT_CONFLICT", `${shown} is taken`, {
    expected: "nothing: the folder is made, and never mixed with what was there",
    actual: "something stands there already",
  });
}

function refuseContradictions({ into, command, json }: HandOverFlags): void {
  if (command === undefined) return;
  if (command[0] === undefined || command[0] === "") {
    throw new TouchmarkError("USAGE", "there is no command after --", {
      expected: "touchmark verify TARGET … -- COMMAND ARG…; a target that starts with - as ./-NAME",
      actual: "nothing",
    });
  }
  if (into === undefined && json !== true) return;
  const other = into === undefined ? "--json" : "--into";
  throw new TouchmarkError("USAGE", `a command after -- and ${other} exclude each other`, {
    expected: into === undefined ? "--report json=FILE: standard output is the command's" : "one of them",
    actual: "both",
  });
}
