// Trusted roots: A22, A26, and roots that are too old.
import { rootsOf, stranger } from "./authorities.mjs";
import { keyless } from "./keyless-release.mjs";

const BEFORE = { start: "2020-01-01T00:00:00Z", end: "2026-01-15T11:59:59Z" };
const UNTIL = { start: "2020-01-01T00:00:00Z", end: "2026-01-15T12:00:00Z" };
const FROM = { start: "2026-01-15T12:00:00Z" };
const AFTER = { start: "2026-01-15T12:00:01Z" };
const LOGGED = { entry: "dsse-0.0.1", timestamp: null };

const PARTS = [
  ["log-v1", "log of version 1", LOGGED, ({ tlogs: [one] }) => one.publicKey, "LOG_ENTRY_INVALID"],
  ["log-v2", "log of version 2", {}, ({ tlogs: [, one] }) => one.publicKey, "LOG_ENTRY_INVALID"],
  ["certificate-log", "certificate log", {}, ({ ctlogs: [one] }) => one.publicKey, "CERTIFICATE_INVALID"],
  ["authority", "certificate authority", {}, ({ certificateAuthorities: [one] }) => one, "CERTIFICATE_INVALID"],
  ["timestamps", "timestamp authority", {}, ({ timestampAuthorities: [one] }) => one, "TIMESTAMP_INVALID"],
];

export function rootsCases({ pass, fail }) {
  for (const [name, what, options, of, code] of PARTS) {
    const within = (validFor) => {
      const roots = rootsOf();
      of(roots).validFor = validFor;
      return { bundle: keyless(options), roots };
    };
    const until = `roots-${name}-until`;
    const from = `roots-${name}-from`;
    pass(until, `The ${what} is trusted until this very second, which belongs to it (A26).`, within(UNTIL));
    fail(`roots-${name}-ended`, code, until, `The ${what} is trusted until a second before (A26).`, within(BEFORE));
    pass(from, `The ${what} is trusted from this very second on (A26).`, within(FROM));
    fail(`roots-${name}-not-begun`, code, from, `The ${what} is trusted from a second later on (A26).`, within(AFTER));
    fail(
      `roots-${name}-startless`,
      "ROOTS_INVALID",
      from,
      `The roots do not say from when on the ${what} is trusted: nothing is not "always" (A26).`,
      within({}),
    );
  }
  const reversed = rootsOf();
  reversed.ctlogs[0].publicKey.validFor = { start: UNTIL.end, end: BEFORE.end };
  fail("roots-reversed", "ROOTS_INVALID", "keyless", "The certificate log ends before it begins (A26).", {
    roots: reversed,
  });

  fail("roots-empty", "ROOTS_INVALID", "keyless", "The file of roots is empty (A18).", { roots: "" });
  fail("roots-other-type", "ROOTS_INVALID", "keyless", "The file of roots is of another type (A18).", {
    roots: { ...rootsOf(), mediaType: "application/json" },
  });
  const nobody = { ...rootsOf(), certificateAuthorities: [], ctlogs: [] };
  fail("roots-nobody", "ROOTS_INVALID", "keyless", "The roots name no certificate authority (A18).", {
    roots: nobody,
  });

  const tampered = rootsOf();
  const [intermediate] = tampered.certificateAuthorities[0].certChain.certificates;
  const bytes = Buffer.from(intermediate.rawBytes, "base64");
  bytes[bytes.length - 1] ^= 1;
  intermediate.rawBytes = bytes.toString("base64");
  fail(
    "roots-byte-changed",
    "CERTIFICATE_INVALID",
    "keyless",
    "One bit of the authority's certificate is another one. The verdict names the file's digest, which differs too (A22).",
    { roots: tampered },
  );

  // Two roots in one file
  const both = `${JSON.stringify(rootsOf(stranger))}\n${JSON.stringify(rootsOf())}\n`;
  pass("roots-two", "Two roots in one file, as `gh attestation trusted-root` prints them.", { roots: both });
  fail(
    "roots-two-mixed",
    "LOG_ENTRY_INVALID",
    "roots-two",
    "The certificate is of one root's authority and the entry of the other root's log: neither vouches for the whole.",
    { roots: both, bundle: keyless({ by: { rekorV2: stranger.rekorV2 } }) },
  );

  // The age of roots
  const old = rootsOf();
  old.timestampAuthorities.pop();
  pass("roots-newer", "Authorities with new keys signed, and the roots have them.", {
    bundle: keyless({ by: stranger }),
    roots: rootsOf(stranger),
  });
  fail(
    "roots-stale",
    "ROOTS_STALE",
    "roots-newer",
    "The roots are older than the evidence and do not know its authorities: it may be good, and only newer roots can tell. Not forged, and not verified.",
    { bundle: keyless({ by: stranger }), roots: old },
  );
  pass("roots-older", "The roots are older than the evidence, and know who made it.", { roots: old });
}
