// Names of subjects.
import { npmTarball } from "./npm-tarball.mjs";
import { OTHER, statement, subject, TOOL } from "./release-parts.mjs";

export function nameCases({ pass, fail, inside, two }) {
  // Names of subjects.
  pass(
    "names",
    "A folder of two files, the evidence among them.",
    inside({ "tool-amd64": TOOL, "tool-arm64": OTHER }, two),
  );
  fail(
    "names-swapped",
    "SUBJECT_MISMATCH",
    "names",
    "Both files are subjects, each under the name of the other (A30).",
    inside({ "tool-amd64": OTHER, "tool-arm64": TOOL }, two),
  );
  fail(
    "names-renamed",
    "SUBJECT_MISMATCH",
    "names",
    "One subject twice: under its own name, and as an installer that no statement knows (A30).",
    inside({ "tool-amd64": TOOL, "tool-arm64": OTHER, installer: OTHER }, two),
  );
  pass(
    "names-any",
    "The same with `anyName`: the user asked for digests only.",
    inside({ "tool-amd64": TOOL, "tool-arm64": OTHER, installer: OTHER }, two, { anyName: true }),
  );
  fail(
    "names-byte-changed",
    "SUBJECT_MISMATCH",
    "names",
    "One byte of one file is changed.",
    inside({ "tool-amd64": "the toom\n", "tool-arm64": OTHER }, two),
  );
  const folders = statement([subject("linux/tool", TOOL), subject("darwin/tool", OTHER)]);
  pass(
    "names-in-folders",
    "Subjects in folders, found at their paths.",
    inside({ "linux/tool": TOOL, "darwin/tool": OTHER }, folders),
  );
  fail(
    "names-ambiguous",
    "SUBJECT_MISMATCH",
    "names-in-folders",
    "A file lies beside its folder. Two subjects have its base name, so that it does not say which one it is.",
    inside({ tool: TOOL, "darwin/tool": OTHER }, folders),
  );
  pass("names-given-alone", "A file given by itself, not by its folder: its base name is the subject's last segment.", {
    ...inside({ tool: TOOL }, folders),
    args: { targets: ["release/tool"] },
  });
  const purl = "pkg:npm/%40octo/pad@1.0.0";
  const tarball = npmTarball({ name: "@octo/pad", version: "1.0.0" });
  pass(
    "names-package",
    "A package's name and version are inside it; its file is called as one likes.",
    inside({ "pad.tgz": tarball }, statement([subject(purl, tarball)])),
  );
  const older = npmTarball({ name: "@octo/pad", version: "0.9.0" });
  fail(
    "names-package-other-version",
    "SUBJECT_MISMATCH",
    "names-package",
    "The statement has these bytes as version 1.0.0, and the package inside says 0.9.0.",
    inside({ "octo-pad-1.0.0.tgz": older }, statement([subject(purl, older)])),
  );
}
