import type { Code } from "@touchmark/core";
import type { ErrorText } from "./error-text.ts";

/** Exit status 3: the machine, another program, or somebody who pressed Ctrl-C. */
export const OUTSIDE_TEXTS = {
  ABORTED: {
    title: "It was interrupted",
    meaning:
      "Ctrl-C was pressed, the process was told to end, or a question was cancelled. Nothing half-written was left behind.",
    remedy: "run the same command again",
  },
  DISK_FULL: {
    title: "The disk is full",
    meaning: "A file could not be written whole. It was removed again, and what was there before is unchanged.",
    remedy: "make room, or write elsewhere with `--out FOLDER`, and run the command again",
  },
  FILE_CHANGED: {
    title: "A file changed while it was read",
    meaning:
      "Size, time or identity of the file differ before and after hashing. A digest of it would belong to neither version.",
    remedy: "wait until the build has ended, then run the command again",
    more: "A build tool that still runs, a synchronised folder and a second job in the same folder are the usual reasons. With `--into`, or a command after `--`, it can also be that somebody replaced a file after the verdict: nothing was handed over. docs/handing-over.md says more.",
  },
  FILE_UNREADABLE: {
    title: "A file cannot be read",
    meaning: "It is there, but the system refuses to open or read it.",
    remedy: "look at its rights with `ls -l FILE`, and at the disk if they are right",
  },
  INTERNAL: {
    title: "Touchmark failed in a way that it did not foresee",
    meaning: "This is a bug in Touchmark or in an adapter of another package. No verdict was reached.",
    remedy: "run it again with `--verbose` and report what it prints: https://github.com/touchmark/touchmark/issues",
  },
  OUTPUT_UNWRITABLE: {
    title: "The output cannot be written",
    meaning: "The folder cannot be made or written to. Nothing was written.",
    remedy: "look at the folder's rights, or write elsewhere: `--out FOLDER` or `-o FILE`",
  },
  ROOTS_ROLLBACK: {
    title: "The trusted roots are older than ones that were seen before",
    meaning:
      "An older set of roots lets keys count that were withdrawn since. The file of `--state` has newer roots of the same Sigstore instance, or a mirror gave an older version of what it gave before. Nothing was judged by the older ones.",
    remedy: "use the newer roots; ask whoever gave you these why they are old",
    more: "Two sets of roots are of one instance when an authority or a log has the same key. The newer one is the one in which the newest key starts later, or a key ends earlier. docs/roots.md says how to forget what was seen.",
  },
  ROOTS_STALE: {
    title: "The trusted roots are too old to tell",
    meaning:
      "The roots are older than `--max-roots-age` allows, a mirror gave metadata that has expired, or the evidence is newer than the roots and names an authority that they do not have. Logs, timestamp services and certificate authorities get new keys now and then. The evidence may be good, and it may not: only newer roots can tell.",
    remedy:
      "verify with `--online`, or get newer roots (`touchmark roots update -o FILE`) and name them with `--trusted-root FILE`; `touchmark roots show` says how old these are",
    more: "For evidence of private repositories at GitHub, `gh attestation trusted-root` prints the roots of the day. docs/roots.md says where others come from.",
  },
  RUN_FAILED: {
    title: "A program that Touchmark started failed",
    meaning:
      "It could not be started, ended with an error, printed more than expected or took too long. What it last said stands in the message; its arguments do not, since they may hold a token.",
    remedy: "run that program by hand in the same folder; `touchmark doctor` says which programs are found",
  },
  SELF_CHECK_FAILED: {
    title: "What was just signed does not verify",
    meaning:
      "After signing, the evidence is verified as a consumer would before it is written. It did not hold, so nothing was written. Only a file that is said to have been changed while it was written is there.",
    remedy:
      "run the command again, and report it if it stays so; delete a file that was changed while it was written, and do not publish it",
    more: "A signing command that answers for another key than `--key` names, roots or a log that are not those of the signing services, a failing disk, and another process that writes into the same folder can cause this.",
  },
  SIGNER_FAILED: {
    title: "The signing command did not give a usable signature",
    meaning:
      "The command of `--signer-exec` failed, printed something that is not a signature, or signed with another key than the public one that you named with `--key`. Nothing was written.",
    remedy:
      "try the command by hand: 32 bytes on standard input, a DER signature or its base64 on standard output, exit code 0",
    more: "The command gets the SHA-256 digest itself, not a message to hash. It runs without a shell: no pipes, no variables. docs/signing.md has examples.",
  },
} as const satisfies Partial<Record<Code, ErrorText>>;
