import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CheckReportSchema } from "@touchmark/engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { verifyCommand } from "../commands/verify.ts";
import { reportFiles } from "./report-files.ts";

const vectors = fileURLToPath(new URL("../../../../packages/vectors/cases/", import.meta.url));
let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-reports-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const read = (name: string) => readFile(path.join(cwd, name), "utf8");

describe("--report", () => {
  it.each([["sarif"], ["sarif="], ["=out"], ["html=out.html"], [""], ["__proto__=x"]])("refuses %j", (text) => {
    expect(() => reportFiles([text], "/")).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("refuses one file for two", () => {
    expect(() => reportFiles(["sarif=out", "junit=./out"], "/")).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("takes a file with = in its name", () => {
    expect(reportFiles(["junit=a=b"], "/")).toEqual([{ form: "junit", file: "a=b" }]);
  });

  const options = (report: readonly string[]) => ({ key: [path.join(vectors, "bundle/key.pub")], report });

  it("writes each beside what is printed, whatever the verdict", async () => {
    await writeFile(path.join(cwd, "tool"), "made by nobody");
    const report = ["sarif=out/v.sarif", "junit=out/v.xml", "json=v.json"];
    const { status, text } = await callCommand(verifyCommand, ["tool"], options(report), { cwd });
    expect(status).toBe(1);
    expect(text).toContain("FAILED");
    expect(JSON.parse(await read("out/v.sarif"))).toMatchObject({
      runs: [{ tool: { driver: { rules: [{ id: "NOT_COVERED", fullDescription: { text: expect.any(String) } }] } } }],
    });
    expect(await read("out/v.xml")).toContain("<failure");
    expect(CheckReportSchema.parse(JSON.parse(await read("v.json"))).result).toBe("failed");
  });

  it("replaces a file and nothing else, and then gives no verdict", async () => {
    await writeFile(path.join(cwd, "tool"), "made by nobody");
    await writeFile(path.join(cwd, "old.xml"), "old");
    await symlink("old.xml", path.join(cwd, "link.xml"));
    await mkdir(path.join(cwd, "folder.xml"));
    await callCommand(verifyCommand, ["tool"], options(["junit=old.xml"]), { cwd });
    expect(await read("old.xml")).toContain("<testsuites");
    for (const name of ["link.xml", "folder.xml"]) {
      const call = callCommand(verifyCommand, ["tool"], options([`junit=${name}`]), { cwd });
      await expect(call, name).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    }
  });
});
