// Tree heads of transparency logs: A13.
import { checkpointBody, logIdOf, signatureLine } from "../../../packages/testkit/src/sigstore/index.ts";
import { sigstore, stranger } from "./authorities.mjs";
import { keyless } from "./keyless-release.mjs";

const HOST = new URL(sigstore.rekorV2.baseUrl).hostname;
const V1_HOST = new URL(sigstore.rekorV1.baseUrl).hostname;

export function checkpointCases({ pass, fail }) {
  const refuse = (name, why, entryOptions) =>
    fail(`checkpoint-${name}`, "LOG_ENTRY_INVALID", "keyless", why, { bundle: keyless({ entryOptions }) });
  refuse("other-origin", "The checkpoint is of another log, though signed by the right one (A13).", {
    checkpoint: { origin: V1_HOST },
    checkpointName: HOST,
  });
  refuse("name-pattern", "The name beside the signature is `.*`: compared as a pattern, it fits every log (A13).", {
    checkpointName: ".*",
  });
  refuse("name-slow-pattern", "The name beside the signature is a pattern that takes forever on most texts (A13).", {
    checkpointName: "(\\S+)*!",
  });
  refuse("other-size", "The checkpoint is of a tree of another size.", { checkpoint: { size: 4 } });
  refuse("size-word", "The size of the tree is no number (A13).", { checkpoint: { size: "three" } });
  refuse("size-padded", "The size of the tree has a zero in front (A13).", { checkpoint: { size: "03" } });
  refuse("other-root", "The checkpoint is of another tree.", { checkpoint: { root: new Uint8Array(32) } });

  const note = (change) => {
    const bundle = keyless();
    const { checkpoint } = bundle.verificationMaterial.tlogEntries[0].inclusionProof;
    checkpoint.envelope = change(checkpoint.envelope);
    return { bundle };
  };
  const broken = (name, why, change) => fail(`checkpoint-${name}`, "LOG_ENTRY_INVALID", "keyless", why, note(change));
  broken("empty", "There is no checkpoint.", () => "");
  broken("without-origin", "The line of the origin is missing.", (text) => text.slice(text.indexOf("\n") + 1));
  broken("without-size", "The line of the size is missing.", (text) => text.replace("\n3\n", "\n"));
  broken("without-signature", "No signature follows.", (text) => text.slice(0, text.indexOf("— ")));
  broken("signature-changed", "One character of the signature is another one.", (text) => {
    const at = text.length - 20;
    return `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
  });

  const { size, root } = headOf(keyless());
  const body = checkpointBody({ origin: HOST, size, root });
  const signedWith = (log, id, name = HOST) => signatureLine(name, { key: log.key, logId: logIdOf(id) }, body);
  broken(
    "by-another-trusted-log",
    "The checkpoint is signed by another log that the roots trust, under its own name (A13).",
    () => `${body}\n${signedWith(sigstore.rekorV1, sigstore.rekorV1, V1_HOST)}`,
  );
  broken(
    "by-another-log-in-this-name",
    "The checkpoint is signed by another log that the roots trust, under this log's name and key hint (A13).",
    () => `${body}\n${signedWith(sigstore.rekorV1, sigstore.rekorV2)}`,
  );
  broken(
    "key-hint",
    "The four bytes before the signature are those of another key.",
    () => `${body}\n${signedWith(sigstore.rekorV2, stranger.rekorV2)}`,
  );
  const right = signedWith(sigstore.rekorV2, sigstore.rekorV2);
  pass(
    "checkpoint-witnessed",
    "A witness whom nobody knows signed the checkpoint too. It counts for nothing, and does no harm.",
    note(() => `${body}\n${signedWith(stranger.rekorV2, stranger.rekorV2, "witness.test")}${right}`),
  );
  pass("checkpoint-extended", "The checkpoint has a line more than it needs.", {
    bundle: keyless({ entryOptions: { checkpoint: { extensions: ["a line more"] } } }),
  });
}

function headOf(bundle) {
  const { treeSize, rootHash } = bundle.verificationMaterial.tlogEntries[0].inclusionProof;
  return { size: Number(treeSize), root: Buffer.from(rootHash, "base64") };
}
