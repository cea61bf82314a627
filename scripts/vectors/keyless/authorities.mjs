// The Sigstore that keyless vectors are signed with, another one that nobody trusts, and their roots.
import {
  intermediateAuthority,
  RELEASE_RUN,
  rootAuthority,
  timestampAuthority,
  trustedRoot,
} from "../../../packages/testkit/src/sigstore/index.ts";
import { derivedKey } from "./derived-key.mjs";

export const ISSUER = RELEASE_RUN.issuer;
/** The workflow that signs unless a vector says otherwise. */
export const IDENTITY = RELEASE_RUN.buildSignerUri;

/** A whole Sigstore whose keys follow from a name. */
function sigstoreOf(name) {
  const key = (role, kind) => derivedKey(`${name} ${role}`, kind);
  const issuing = rootAuthority(`${name} root`, { key: key("fulcio root", "P-384") });
  const stamping = rootAuthority(`${name} timestamps root`, { key: key("timestamps root", "P-384") });
  return {
    issuing,
    fulcio: intermediateAuthority(`${name} intermediate`, issuing, { key: key("fulcio", "P-384") }),
    ctLog: key("certificate log"),
    rekorV1: {
      version: 1,
      key: key("log of version 1"),
      baseUrl: `https://rekor.${name}.test`,
      tree: "1193050959916656506",
    },
    rekorV2: { version: 2, key: key("log of version 2", "ed25519"), baseUrl: `https://log2026-1.rekor.${name}.test` },
    stamping,
    timestamps: timestampAuthority(`${name} timestamps`, stamping, { key: key("timestamps") }),
  };
}

export const sigstore = sigstoreOf("sigstore");
export const stranger = sigstoreOf("stranger");

/** A service that begins long after everything was signed: with it the roots are known to be newer than the evidence. */
const next = timestampAuthority("sigstore timestamps 2", sigstore.stamping, { key: derivedKey("next timestamps") });

/** trusted_root.json of a Sigstore, as an object to be changed. */
export function rootsOf({ fulcio, ctLog, rekorV1, rekorV2, timestamps } = sigstore, more = {}) {
  const root = trustedRoot({
    logs: [rekorV1, rekorV2],
    ctLogs: [{ key: ctLog, baseUrl: "https://ctfe.sigstore.test" }],
    certificateAuthorities: [{ authority: fulcio, uri: "https://fulcio.sigstore.test" }],
    timestampAuthorities: [
      { authority: timestamps, uri: "https://timestamp.sigstore.test" },
      { authority: next, uri: "https://timestamp-2.sigstore.test" },
      ...(more.timestampAuthorities ?? []),
    ],
  });
  root.timestampAuthorities[1].validFor.start = "2026-06-01T00:00:00Z";
  return root;
}

/** Certificates of an authority with the trusted one's names and other keys. */
export const impostor = intermediateAuthority(
  "sigstore intermediate",
  rootAuthority("sigstore root", { key: derivedKey("impostor root", "P-384") }),
  { key: derivedKey("impostor", "P-384") },
);
