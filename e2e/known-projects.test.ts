import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { rootOf, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { generatorEvidence } from "./generator-evidence.ts";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const sigstore = testSigstore();
const page = await readFile(new URL("../docs/verify-known-projects.md", import.meta.url), "utf8");

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);

beforeEach(async () => {
  folder = await newFolder();
  await writeFile(at("roots.json"), JSON.stringify(rootOf(sigstore)));
});
afterEach(() => folder.remove());

/** The command below a heading, as words; a shell splits it. */
async function commandOf(project: string): Promise<readonly string[]> {
  const [, command = ""] =
    new RegExp(`^## ${project}$.*?^\`\`\`sh\\n(touchmark [^\\n]+)\\n\`\`\`$`, "ms").exec(page) ?? [];
  const { stdout } = await runProgram("/bin/sh", ["-c", `printf '%s\\n' ${command}`], { cwd: folder.path });
  return stdout.trimEnd().split("\n").slice(1);
}

interface Release {
  readonly repository: string;
  readonly tag: string;
  /** Evidence by its file, with the subjects as the project's workflow names them. */
  readonly stated: Readonly<Record<string, readonly string[]>>;
  /** What is published beside that, and nobody states. */
  readonly unstated: readonly string[];
}

/** Names and shapes as of the projects' release workflows. */
const RELEASES: Readonly<Record<string, Release>> = {
  "Argo CD": {
    repository: "argoproj/argo-cd",
    tag: "v3.1.0",
    stated: {
      "argocd-cli.intoto.jsonl": ["argocd-linux-amd64", "argocd-linux-arm64", "argocd-darwin-arm64"],
      // The workflow states the archive by its path in a folder of the runner.
      "argocd-sbom.intoto.jsonl": ["/tmp/sbom.tar.gz"],
    },
    unstated: ["cli_checksums.txt"],
  },
  "Argo Rollouts": {
    repository: "argoproj/argo-rollouts",
    tag: "v1.8.3",
    stated: {
      "argo-rollouts.intoto.jsonl": [
        "./dist/kubectl-argo-rollouts-linux-amd64",
        "./dist/kubectl-argo-rollouts-darwin-arm64",
        "./manifests/install.yaml",
        "./manifests/namespace-install.yaml",
      ],
    },
    unstated: ["rollout_cr_schema.json", "argo-rollouts-checksums.txt"],
  },
  KubeEdge: {
    repository: "kubeedge/kubeedge",
    tag: "v1.21.0",
    stated: {
      "multiple.intoto.jsonl": ["kubeedge-v1.21.0-linux-amd64.tar.gz", "keadm-v1.21.0-linux-arm64.tar.gz"],
    },
    unstated: ["checksum_kubeedge-v1.21.0-linux-amd64.tar.gz.txt"],
  },
  kargo: {
    repository: "akuity/kargo",
    tag: "v1.7.0",
    stated: { "kargo-cli.intoto.jsonl": ["kargo-linux-amd64", "kargo-windows-amd64.exe"] },
    unstated: ["kargo-1.7.0.tgz", "kargo.spdx.json"],
  },
};

const contentOf = (name: string) => `bytes of ${name.slice(name.lastIndexOf("/") + 1)}\n`;

async function publish({ repository, tag, stated, unstated }: Release): Promise<void> {
  await mkdir(at("release"), { recursive: true });
  for (const [evidence, names] of Object.entries(stated)) {
    const files = Object.fromEntries(names.map((name) => [name, contentOf(name)]));
    await writeFile(at("release", evidence), generatorEvidence(sigstore, { repository, tag, files }));
    for (const name of names) await writeFile(at("release", name.slice(name.lastIndexOf("/") + 1)), contentOf(name));
  }
  for (const name of unstated) await writeFile(at("release", name), `${dirname(name)} is unstated\n`);
}

async function verify(project: string) {
  const [command = "", ...args] = await commandOf(project);
  expect(command).toBe("verify");
  const ended = await touchmark([command, ...args, "--trusted-root", "roots.json", "--json"], { cwd: folder.path });
  return { status: ended.status, report: JSON.parse(ended.stdout) };
}

const codesOf = (report: { artifacts: { findings: { code: string }[] }[]; findings: { code: string }[] }) =>
  new Set([...report.findings, ...report.artifacts.flatMap(({ findings }) => findings)].map(({ code }) => code));

it.each(Object.entries(RELEASES))("%s: the one command holds for all that is stated", async (project, release) => {
  await publish(release);
  const { status, report } = await verify(project);
  expect([
    status,
    report.artifacts.filter(({ status: one }: { status: string }) => one !== "verified" && one !== "evidence"),
  ]).toEqual([0, []]);
  expect(report.counts.verified).toBe(Object.values(release.stated).flat().length);
  expect(report.ignored.count).toBe(release.unstated.length);
});

it.each(Object.entries(RELEASES))("%s: another source, tag or file fails", async (project, release) => {
  const attacks: readonly (readonly [string, Release])[] = [
    ["SOURCE_MISMATCH", { ...release, repository: "evil/fork" }],
    ["SOURCE_MISMATCH", { ...release, tag: "v0.0.1" }],
    ["NOT_COVERED", { ...release, unstated: [...release.unstated, "installer"] }],
  ];
  for (const [code, attack] of attacks) {
    await rm(at("release"), { recursive: true, force: true });
    await publish(attack);
    const { status, report } = await verify(project);
    expect([status, [...codesOf(report)]]).toEqual([1, expect.arrayContaining([code])]);
  }
});

it("each command of the page is one of these", () => {
  expect(page.match(/^```sh$/gm)).toHaveLength(Object.keys(RELEASES).length);
});
