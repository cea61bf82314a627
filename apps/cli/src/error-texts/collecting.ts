import type { Code } from "@touchmark/core";
import type { ErrorText } from "./error-text.ts";

/** Exit status 2: what build tools left behind, and what does not fit together in it. */
export const COLLECTING_TEXTS = {
  ARTIFACT_MISSING: {
    title: "An artifact that should be there is missing",
    meaning:
      "The build tool's own list, or `expect`, names a file that is not there. A release that silently lost a file must not be signed.",
    remedy: "build again, or correct the list: `expect` in touchmark.yaml, `--expect N|NAME` on the command line",
  },
  ARTIFACT_UNEXPECTED: {
    title: "There are artifacts that nobody expected",
    meaning:
      "A pattern found more than `expect` says. A left-over of an earlier build would be signed as part of this release.",
    remedy: "clean the output folder and build again, or add the name to `expect`",
    more: "An npm tarball that holds another package than the project or the pack list names is unexpected as well: pack again.",
  },
  CHECKOUT_MISMATCH: {
    title: "Something was built from another commit than the release names",
    meaning:
      "A job, or a build tool's metadata, saw the repository at another commit than the one that the statement would name as source.",
    remedy: "build everything from one commit; further repositories are declared under `release.repositories`",
    more: "A dist folder of an earlier commit is the usual reason: build again, then collect.",
  },
  DIGEST_MISMATCH: {
    title: "Something does not have the digest that was said of it",
    meaning:
      "Files are always hashed again and compared with every digest that a build tool declared, and the parts of an image with those that its manifests declare. The bytes changed after the digest was written down.",
    remedy:
      "build again into an empty folder; if it stays so, something changes files after the build. An image that you verify: do not use it",
    more: "Signing, stripping or repacking after the build tool wrote its checksums causes this. In `touchmark verify` the image is `tampered`: a layer or a manifest in the layout, or what the registry serves, is not what the digest says.",
  },
  LIMIT_EXCEEDED: {
    title: "There is more of something than is taken",
    meaning:
      "A statement has at most 100,000 subjects and a bundle at most 64 MiB; folders, lists, images and the evidence of one image in a registry have limits too. The message names the one that was met.",
    remedy:
      "narrow the pattern, or split the statement with `--max-subjects N`; for an image, remove evidence that nobody needs (`cosign tree IMAGE` lists it), or name yours with `--bundle FILE`",
  },
  NAME_REFUSED: {
    title: "An artifact has a name that cannot be stated",
    meaning:
      "Empty and absolute names, `.` and `..` segments, backslashes and control characters are refused: a verifier could take such a name for another file. In `verify`, a file whose name is not UTF-8 fails with this finding, and a release with a file whose name could lead elsewhere is not brought.",
    remedy: 'rename the file, or give it a name in the configuration: `name: "{basename}"`',
  },
  NOTHING_FOUND: {
    title: "The build tool left no trace here",
    meaning:
      "An adapter looked where it was told to and found nothing that its tool made. An empty release is not signed.",
    remedy:
      "build first, or correct the path: `--from goreleaser:dist`, `--from npm-pack:.`, `--from nix:result`, `--from files:GLOB`; after `touchmark init`, write touchmark.yaml by hand",
    more: "From `touchmark init` it means that no build tool was recognised here. docs/configuration.md says what a configuration holds.",
  },
  ORIGIN_MISMATCH: {
    title: "The parts come from different runs",
    meaning:
      "Subjects files say which CI run made them, and these do not agree with each other or with the run that signs. Parts of two runs are not one release.",
    remedy: "collect every part in one run; parts of a failed job that is re-run belong to the same run",
  },
  OUTPUT_CONFLICT: {
    title: "Something else stands where the output goes",
    meaning:
      "A folder or link has the name of a file that would be written, a configuration is there already, or two statements would be written to one file.",
    remedy: "move it away, or write elsewhere; `touchmark init --force` replaces a configuration",
  },
  OUTSIDE_ROOTS: {
    title: "An adapter wanted to read outside the folders that it may read",
    meaning:
      "Adapters read the working directory and what you named with `--from`. This path, or a link in it, leads elsewhere.",
    remedy: "allow it: `--allow-read FOLDER`, or `read: [FOLDER]` under the artifact in touchmark.yaml",
    more: "Allow the smallest folder that does. `touchmark attest --dry-run` shows what may be read.",
  },
  PART_CONFLICT: {
    title: "Two different files claim to be the same part",
    meaning:
      "Each part arrives once. The same file twice is fine; two files that differ would make it a matter of luck which one is signed.",
    remedy: "give each job of a matrix its own part: `touchmark collect KEY --part NAME -o FILE`",
  },
  PART_MISSING: {
    title: "A part of the release did not arrive",
    meaning:
      "The configuration lists the parts of each artifact, and no subjects file holds this one. The job was skipped, failed, or its file was not passed on. Nothing was signed.",
    remedy:
      "run the job that makes the part again, and hand in its file: `touchmark attest --subjects FILE`, or `touchmark combine` with it",
    more: "A part that is no longer built is removed from `parts` in touchmark.yaml.",
  },
  PART_UNKNOWN: {
    title: "A part arrived that nobody expected",
    meaning: "The configuration does not list it. It may come from an older workflow, or be misspelled.",
    remedy: "add it to `parts` in touchmark.yaml, or correct `--part NAME` in the job",
  },
  PATTERN_UNMATCHED: {
    title: "A pattern matches nothing",
    meaning: "A pattern that finds no file is an error, so that an artifact which was not built is noticed.",
    remedy:
      "build first, or correct the pattern; on a command line put it in quotes, so that the shell leaves it alone",
    more: "For example:\n\n    touchmark attest --dry-run --from 'files:dist/*.tar.gz'",
  },
  RESERVED_ANNOTATION: {
    title: "An input uses an annotation that only Touchmark may write",
    meaning:
      "Annotations that start with https://touchmark.dev/ say how Touchmark came to know something. A build job or an adapter cannot say that for it.",
    remedy:
      "make the subjects file with `touchmark collect`, or give the annotation another name; docs/annotations.md has the list",
  },
  STALE_OUTPUT: {
    title: "The output folder belongs to another build",
    meaning:
      "What the build tool recorded does not fit the rest: another version, another commit, or left-overs of an earlier run.",
    remedy: "clean the output folder and build again: `goreleaser release --clean`, or remove old .tgz files and pack",
  },
  SUBJECT_CONFLICT: {
    title: "One name has two digests",
    meaning:
      "Two artifacts of the release have the same name and different bytes. Whoever downloads one could not tell which is meant.",
    remedy: 'give them different names: `name: "{stem}-{part}"` under the artifact in touchmark.yaml',
    more: "A template can use {path}, {basename}, {stem} and {part}. Two npm packages such as @x/y and x-y pack to one file name: pack them into different folders.",
  },
  STORE_PATH_INVALID: {
    title: "A path is no valid path of the Nix store",
    meaning:
      "It does not lie directly in the store, its name is not that of a store path, or the store does not know it. Nix itself answers such questions with exit code 0.",
    remedy:
      "build it again (`nix build`, `nix-build`), and name the output, a `result` link or the JSON of `nix build --json`",
    more: "A store elsewhere than /nix/store is named with `nix:PATH,store=FOLDER`.",
  },
  SUBJECTS_EMPTY: {
    title: "There is no artifact to state",
    meaning:
      "The build tool ran and made nothing that is released, or the subjects files are empty. A statement about nothing is not signed. With `--push`: nothing in the release is an image in a registry.",
    remedy:
      "look at the tool's own output; `touchmark attest --dry-run` shows what is found, and with `--push` which images are pushed to",
  },
} as const satisfies Partial<Record<Code, ErrorText>>;
