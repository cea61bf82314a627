// Signatures over a file itself, in the shapes of sigstore-conformance: `mode` is "signature".
import { publicPem } from "../../../packages/testkit/src/sigstore/index.ts";
import { OTHER, TOOL } from "../release-parts.mjs";
import { rootsOf, sigstore, stranger } from "./authorities.mjs";
import { derivedKey } from "./derived-key.mjs";
import { at, keyless, LEAF_KEY } from "./keyless-release.mjs";

const MESSAGE = { content: "message", statement: TOOL };
const LOGGED = { ...MESSAGE, entry: "hashedrekord-0.0.1", timestamp: null };

export function fileSignatureCases(list) {
  const inMode = ({ args = {}, ...parts }) => ({ ...parts, args: { mode: "signature", ...args } });
  const pass = (name, why, parts) => list.pass(`file-signature${name}`, why, inMode(parts));
  const fail = (name, code, twin, why, parts) =>
    list.fail(`file-signature${name}`, code, `file-signature${twin}`, why, inMode(parts));

  pass("", "A signature over the file, an entry of Rekor v2 and a timestamp.", { bundle: keyless(MESSAGE) });
  pass("-logged", "A signature over the file, and an entry of Rekor v1.", { bundle: keyless(LOGGED) });
  for (const version of ["0.1", "0.2"]) {
    pass(`-v${version}`, `The same in a bundle v${version}, with the chain.`, {
      bundle: keyless({ ...LOGGED, version }),
    });
  }
  for (const [name, kind] of [
    ["p384", "P-384"],
    ["ed25519", "ed25519"],
  ]) {
    const key = derivedKey(`leaf ${kind}`, kind);
    pass(`-${name}`, `The certificate's key is ${kind}.`, {
      bundle: keyless({ ...MESSAGE, key }),
      ...(kind === "P-256" ? {} : { digests: null }),
    });
  }

  const edited = (change, options = MESSAGE) => {
    const bundle = keyless(options);
    change(bundle.messageSignature, bundle);
    return { bundle };
  };
  fail("-other-file", "DIGEST_MISMATCH", "", "Another file.", {
    bundle: keyless(MESSAGE),
    files: { "release/tool": OTHER },
    digests: null,
  });
  fail(
    "-other-digest",
    "DIGEST_MISMATCH",
    "",
    "The digest beside the signature is that of another file.",
    edited((message) => {
      message.messageDigest.digest = keyless({ ...MESSAGE, statement: OTHER }).messageSignature.messageDigest.digest;
    }),
  );
  const without = edited((message) => delete message.messageDigest);
  pass("-without-digest", "No digest stands beside the signature.", without);
  fail("-without-digest-other-file", "LOG_ENTRY_INVALID", "-without-digest", "Another file.", {
    ...without,
    files: { "release/tool": OTHER },
    digests: null,
  });
  const again = keyless({ ...MESSAGE, key: derivedKey("leaf", "P-256", 1) });
  fail(
    "-again",
    "LOG_ENTRY_INVALID",
    "",
    "Another good signature by the same key, with its own timestamp; the entry is about the first.",
    {
      bundle: {
        ...again,
        verificationMaterial: { ...again.verificationMaterial, tlogEntries: entriesOf(keyless(MESSAGE)) },
      },
    },
  );
  fail(
    "-entry-of-another",
    "LOG_ENTRY_INVALID",
    "-logged",
    "The entry is about another file.",
    edited((_, { verificationMaterial }) => {
      verificationMaterial.tlogEntries = entriesOf(keyless({ ...LOGGED, statement: OTHER }));
    }, LOGGED),
  );
  fail("-identity", "IDENTITY_MISMATCH", "", "Somebody else is expected.", {
    bundle: keyless(MESSAGE),
    trust: { identity: "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.4" },
  });
  fail("-time", "TIMESTAMP_INVALID", "", "The timestamp is later than the certificate.", {
    bundle: keyless({ ...MESSAGE, timestamp: { time: at("12:10:01") } }),
  });
  fail("-time-of-another", "TIMESTAMP_INVALID", "", "The timestamp is about another signature.", {
    bundle: edited((_, { verificationMaterial }) => {
      const { timestampVerificationData } = keyless({ ...MESSAGE, statement: OTHER }).verificationMaterial;
      Object.assign(verificationMaterial, { timestampVerificationData });
    }).bundle,
  });
  fail("-stranger", "CERTIFICATE_INVALID", "", "The certificate is of an authority that the roots do not name.", {
    bundle: keyless({ ...MESSAGE, by: { fulcio: stranger.fulcio } }),
  });

  // sigstore-conformance#403
  const roots = (end) => {
    const more = [{ authority: stranger.timestamps, uri: "https://timestamp-b.sigstore.test" }];
    const root = rootsOf(sigstore, { timestampAuthorities: more });
    root.timestampAuthorities[0].validFor = { start: "2020-01-01T00:00:00Z", end };
    return { bundle: keyless(MESSAGE), roots: root };
  };
  pass(
    "-two-authorities",
    "Two timestamp authorities, and the one that stamped ends now.",
    roots("2026-01-15T12:00:00Z"),
  );
  fail(
    "-authority-retired",
    "TIMESTAMP_INVALID",
    "-two-authorities",
    "It ended a second before; the time lies in the other one's validity (A10).",
    roots("2026-01-15T11:59:59Z"),
  );

  const byKey = (key) => ({
    bundle: keyless({ ...MESSAGE, keyHint: "a key" }),
    files: { "key.pub": publicPem(key) },
    args: { key: "key.pub", identities: [] },
  });
  pass("-by-key", "A key signed; an entry and a timestamp stand beside the signature.", byKey(LEAF_KEY));
  fail("-by-another-key", "LOG_ENTRY_INVALID", "-by-key", "Another key is trusted.", byKey(derivedKey("another leaf")));
}

function entriesOf({ verificationMaterial }) {
  return verificationMaterial.tlogEntries;
}
