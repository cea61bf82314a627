import { createHash, type KeyObject, verify } from "node:crypto";
import {
  decodeBase64,
  encodeKeyBundle,
  INTOTO_PAYLOAD_TYPE,
  isTouchmarkError,
  preAuthEncoding,
  refuseEnvelope,
  TouchmarkError,
} from "@touchmark/core";
import type { Host, Signer } from "@touchmark/plugin";
import { algorithmOf, digestFor } from "./algorithm.ts";
import { MAX_SIGNATURE_OUTPUT, SIGNING_TIMEOUT_MS } from "./limits.ts";
import { hintOf, readPublicKey } from "./public-key.ts";

export interface CommandSignerOptions {
  /** Run without a shell. */
  readonly command: string;
  readonly args: readonly string[];
  /** The public half of the key that the command signs with: SPKI PEM, ECDSA P-256 or P-384. */
  readonly publicKey: Uint8Array;
  /** What the command needs of the environment beyond what the host passes on: credentials, a profile, a region. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; two minutes when absent. */
  readonly timeoutMs?: number;
}

/**
 * Signs with a key that another program holds (a KMS, an HSM, a token). The program reads the 32 bytes of SHA-256 over
 * what is signed (the DSSE pre-authentication encoding of a statement, or a message as it is) from standard input and
 * prints a DER signature, or base64 of one. The signature is checked with the public key before anything is made of it.
 *
 * @throws TouchmarkError here: `USAGE` without a command or with a timeout that is not above zero; `KEY_IS_PRIVATE`,
 * `KEY_INVALID`, `KEY_UNSUPPORTED`, `INPUT_TOO_LARGE`. While signing: `SIGNER_FAILED`, `ABORTED`, and
 * `INPUT_INVALID` for a message that is a statement's encoding.
 */
export function commandSigner(options: CommandSignerOptions): Signer {
  const timeoutMs = options.timeoutMs ?? SIGNING_TIMEOUT_MS;
  checkCommand(options.command, timeoutMs);
  const publicKey = readPublicKey(options.publicKey);
  refuseEd25519(publicKey);
  const hint = hintOf(publicKey);
  const signWith = async (message: Uint8Array, host: Host): Promise<Uint8Array> => {
    const output = await runCommand(host, { ...options, timeoutMs }, createHash("sha256").update(message).digest());
    const signature = readSignature(output);
    if (verify(digestFor(algorithmOf(publicKey)), message, publicKey, signature)) return signature;
    throw new TouchmarkError("SIGNER_FAILED", "what the signing command printed does not verify", {
      expected: "a signature over the digest that it was given, made with the private half of the public key",
      actual: `${signature.byteLength} bytes that are no such signature`,
    });
  };
  return {
    name: "command",
    async sign(payload, _run, host) {
      const signature = await signWith(preAuthEncoding(INTOTO_PAYLOAD_TYPE, payload), host);
      return encodeKeyBundle({ payloadType: INTOTO_PAYLOAD_TYPE, payload, signature, hint });
    },
    async signMessage(message, _run, host) {
      refuseEnvelope(message);
      return signWith(message, host);
    },
  };
}

function checkCommand(command: string, timeoutMs: number): void {
  if (command.trim() === "") {
    throw new TouchmarkError("USAGE", "the signing command is empty", { expected: "a program", actual: "nothing" });
  }
  if (timeoutMs > 0 && Number.isFinite(timeoutMs)) return;
  throw new TouchmarkError("USAGE", "the time limit of the signing command must be above zero", {
    expected: "milliseconds above 0",
    actual: String(timeoutMs),
  });
}

function refuseEd25519(publicKey: KeyObject): void {
  if (algorithmOf(publicKey) !== "ed25519") return;
  // RFC 8032, 5.1.6: the message is hashed twice, with the key's own prefix, so a digest of it is of no use.
  throw new TouchmarkError("KEY_UNSUPPORTED", "a signing command cannot use an Ed25519 key", {
    expected: "an ECDSA P-256 or P-384 key",
    actual: "Ed25519, which signs messages and not digests; the command is given a digest",
  });
}

async function runCommand(
  host: Host,
  options: CommandSignerOptions & { readonly timeoutMs: number },
  digest: Uint8Array,
): Promise<Uint8Array> {
  try {
    const { stdout } = await host.run(options.command, options.args, {
      input: digest,
      timeoutMs: options.timeoutMs,
      maxOutput: MAX_SIGNATURE_OUTPUT,
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    return stdout;
  } catch (cause) {
    if (!isTouchmarkError(cause) || cause.code === "ABORTED") throw cause;
    throw new TouchmarkError("SIGNER_FAILED", `the signing command failed: ${cause.message}`, {
      expected: cause.expected ?? "exit code 0 and a signature on standard output",
      actual: cause.actual,
      cause,
    });
  }
}

/** DER starts with the SEQUENCE tag 0x30; in base64 text of it the first character is M, so the two cannot be confused. */
function readSignature(output: Uint8Array): Uint8Array {
  if (output[0] === 0x30) return output;
  const text = Buffer.from(output).toString("latin1").replaceAll(/\s/g, "");
  if (text !== "") {
    try {
      return decodeBase64(text, "the signature");
    } catch {
      // The reason would repeat what the command printed, which may be anything.
    }
  }
  throw new TouchmarkError("SIGNER_FAILED", "the signing command did not print a signature", {
    expected: "an ECDSA signature in DER, or base64 of it, and nothing else",
    actual: text === "" ? "nothing" : `${output.byteLength} bytes that are neither`,
  });
}
