import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { policyExport } from "./policy-export.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-export-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

it.each(['tags: ">=1 <2"', `commits: [${"ab".repeat(20)}]`])(
  "policy export says that other tools take any tag of a workflow, and not only %s",
  async (at) => {
    const text = `version: 1
trust:
  - name: builder
    signer:
      issuer: https://token.actions.githubusercontent.com
      workflow: github.com/octo/builders/.github/workflows/build.yml
      at: { ${at} }
    builder: same-as-signer
    max-level: 3
artifacts:
  - match: ghcr.io/octo/**
    source: github.com/octo/widgets
`;
    await writeFile(path.join(cwd, "policy.yaml"), text);
    const shown = await callCommand(policyExport, ["policy.yaml"], { to: "kyverno" }, { cwd });
    expect(shown.text).toContain('# - "builder": at which of its tags and commits');
  },
);
