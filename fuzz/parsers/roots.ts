import { parseBundle } from "../../packages/core/src/index.ts";
import { checkSignatures } from "../../packages/roots-tuf/src/check-signatures.ts";
import { parseMetadata } from "../../packages/roots-tuf/src/metadata.ts";
import { content, publish } from "../../packages/roots-tuf/test/tuf-repository.ts";
import { rootOf } from "../../packages/testkit/src/sigstore/index.ts";
import { authenticate } from "../../packages/verify/src/authenticate.ts";
import { PUBLIC_GOOD_ROOT } from "../../packages/verify/src/roots/public-good.ts";
import { Roots } from "../../packages/verify/src/roots/roots.ts";
import { encodeVerifierState, parseVerifierState } from "../../packages/verify/src/seen/verifier-state.ts";
import { bytesOf, sign, sigstore, trusting } from "../../packages/verify/test/certificate-cases.ts";
import type { Parser } from "../parser.ts";
import { text } from "./sound-inputs.ts";

const trustedRoot = rootOf(sigstore);
const signed = bytesOf(sign());
const trustConfig = { mediaType: "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json", trustedRoot };

const repository = publish(content());
const tufFile = (role: string) => {
  const [, bytes] = [...repository].find(([name]) => name.endsWith(`${role}.json`)) ?? [];
  if (bytes === undefined) throw new TypeError(`the test's repository has no ${role}`);
  return bytes;
};
const tufRoot = parseMetadata("root", tufFile("root"), "root.json");
const seen = encodeVerifierState({
  version: 1,
  roots: [{ digest: "ab".repeat(32), newest: "2026-01-15T12:00:00.000Z", keys: { ["cd".repeat(32)]: null } }],
  releases: { "https://github.com/octo/widgets": { "": "1.2.3" } },
});

/** Whom to believe: a file that the user named, or that a server gave. */
export const rootsParsers: readonly Parser[] = [
  {
    name: "roots",
    sound: [
      bytesOf(trustedRoot),
      bytesOf(trustConfig),
      text(JSON.stringify(trustedRoot), JSON.stringify(trustedRoot)),
      text(PUBLIC_GOOD_ROOT),
    ],
    codes: ["ROOTS_INVALID"],
    read: (bytes) => new Roots({ bytes, label: "roots.json", asOf: null }).list(),
  },
  {
    name: "roots-in-use",
    sound: [bytesOf(trustedRoot)],
    codes: ["ROOTS_INVALID"],
    read(bytes) {
      const roots = new Roots({ bytes, label: "roots.json", asOf: null });
      authenticate(parseBundle(signed), [trusting({ roots })]);
    },
  },
  ...(["root", "timestamp", "snapshot", "targets"] as const).map(
    (role): Parser => ({
      name: `tuf-${role}`,
      sound: [tufFile(role)],
      codes: ["SERVICE_INVALID"],
      read(bytes) {
        const metadata = parseMetadata(role, bytes, `${role}.json`);
        checkSignatures(tufRoot, metadata, `${role}.json`);
        // By the keys that it names itself, which are as foreign as it is.
        if (role === "root") checkSignatures(parseMetadata("root", bytes, "root.json"), metadata, "root.json");
      },
    }),
  ),
  {
    name: "verifier-state",
    sound: [seen],
    codes: ["INPUT_INVALID"],
    read: (bytes) => parseVerifierState(bytes, "state.json"),
  },
];
