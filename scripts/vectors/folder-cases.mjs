// What is in a folder, what is absent from it, and digests without bytes.
import { BUNDLE, hash, line, OTHER, statement, subject, TOOL } from "./release-parts.mjs";

export function folderCases({ pass, fail, evidence, inside, tool, two }) {
  // What is in the folder.
  pass("folder", "A release of one file, with its evidence.", inside({ tool: TOOL }, tool));
  fail(
    "folder-extra-file",
    "NOT_COVERED",
    "folder",
    "A file that no statement mentions.",
    inside({ tool: TOOL, extra: "x\n" }, tool),
  );
  pass(
    "folder-extra-file-ignored",
    "The user ignores it.",
    inside({ tool: TOOL, extra: "x\n" }, tool, { ignore: ["extra"] }),
  );
  fail(
    "folder-hidden-file",
    "NOT_COVERED",
    "folder",
    "A hidden file that no statement mentions (A32).",
    inside({ tool: TOOL, ".profile": "x\n" }, tool),
  );
  fail(
    "folder-policy",
    "NOT_COVERED",
    "folder",
    "The release brings a policy and a trust list that allow everything. They are files like any others: not read, and not covered (A31).",
    inside(
      { tool: TOOL, "touchmark.trust.yaml": "version: 1\ntrust: [{ any: true }]\n", "touchmark.yaml": "version: 1\n" },
      tool,
    ),
  );
  fail(
    "folder-config-code",
    "NOT_COVERED",
    "folder",
    "The release brings a configuration that is code. It is never run (A31).",
    inside({ tool: TOOL, "touchmark.config.ts": 'throw new Error("touchmark.config.ts was run");\n' }, tool),
  );
  fail(
    "folder-script-named-evidence",
    "NOT_COVERED",
    "folder",
    "A script whose name says that it is evidence (A32).",
    inside({ tool: TOOL, "install.intoto.jsonl": "#!/bin/sh\necho\n" }, tool),
  );
  fail(
    "folder-script-behind-evidence",
    "NOT_COVERED",
    "folder",
    "A file whose first line is a good bundle and whose second is a script: not evidence as a whole (A32).",
    inside({ tool: TOOL, "install.intoto.jsonl": `${line(evidence(tool))}echo\n` }, tool),
  );
  const earlierEvidence = line(evidence(tool));
  const coversEvidence = statement([subject("tool", TOOL), subject("build.sigstore.json", earlierEvidence)]);
  pass(
    "folder-covered-evidence",
    "A file of evidence is itself a subject of the release.",
    inside({ tool: TOOL, "build.sigstore.json": earlierEvidence }, coversEvidence, { complete: true }),
  );
  fail(
    "folder-covered-evidence-replaced",
    "SUBJECT_MISMATCH",
    "folder-covered-evidence",
    "Evidence that is a subject has a line end more than the statement says. It is not set aside: this very path is known with other bytes (A30, A32).",
    inside({ tool: TOOL, "build.sigstore.json": `${earlierEvidence}\n` }, coversEvidence, { complete: true }),
  );
  fail("folder-evidence-only", "NOTHING_TO_VERIFY", "folder", "Evidence without any artifact.", inside({}, tool));
  fail("folder-evidence-removed", "NOT_COVERED", "folder", "The release without its evidence.", {
    files: { "release/tool": TOOL },
    args: {},
  });

  // Absent subjects.
  pass(
    "absent",
    "One of two subjects is there. The other is counted as absent, which is no failure by itself.",
    inside({ "tool-amd64": TOOL }, two),
  );
  pass(
    "complete",
    "Both subjects are there, and all are wanted.",
    inside({ "tool-amd64": TOOL, "tool-arm64": OTHER }, two, { complete: true }),
  );
  fail(
    "complete-absent",
    "SUBJECT_ABSENT",
    "complete",
    "One of two subjects is there, and all are wanted.",
    inside({ "tool-amd64": TOOL }, two, { complete: true }),
  );

  // Digests without bytes.
  const target = (content) => ({
    files: { [BUNDLE]: line(evidence(two)) },
    args: { targets: [`sha256:${hash("sha256", content)}`], bundles: [BUNDLE] },
  });
  pass("digest", "A digest without the artifact: no name to compare.", target(TOOL));
  fail("digest-other", "NOT_COVERED", "digest", "The digest of other bytes.", target("x\n"));
}
