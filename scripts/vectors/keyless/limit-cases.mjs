// Too much of anything: A8. The large ones are written by rules (`generate` in args.json).
import { ascii, logEntry, octets, sequence, timestampResponse } from "../../../packages/testkit/src/sigstore/index.ts";
import { BUNDLE, hash, line, subject, TOOL } from "../release-parts.mjs";
import { IDENTITY, rootsOf, sigstore } from "./authorities.mjs";
import { at, keyless, provenance, signed } from "./keyless-release.mjs";

export function limitCases({ pass, fail }) {
  /** `make` gives the parts for so much of it: `enough` verifies, and `many` does not. */
  const bounded = (name, code, what, [enough, many], make) => {
    pass(`limit-${name}`, `${what[0].toUpperCase()}${what.slice(1)}: ${enough}, which is not too much.`, make(enough));
    fail(`limit-${name}`, code, `limit-${name}`, `${what[0].toUpperCase()}${what.slice(1)}: ${many} (A8).`, make(many));
  };
  const base64 = (text) => Buffer.from(text).toString("base64");

  bounded("log-entries", "BUNDLE_MALFORMED", "entries, each a little different", [32, 33], (count) => {
    const text = line(withEntries(count));
    return abbreviated(text, keyless().verificationMaterial.tlogEntries[0].canonicalizedBody.slice(0, -8));
  });
  bounded("timestamps", "BUNDLE_MALFORMED", "timestamps, each of another second", [32, 33], (count) => ({
    bundle: withTimestamps(count),
  }));
  const one = JSON.stringify({ name: "other/x", digest: { sha256: hash("sha256", "x") } });
  bounded("subjects", "STATEMENT_MALFORMED", "subjects", [100_000, 100_001], (count) => {
    const unit = `,${one}`.padEnd(Math.ceil((one.length + 1) / 3) * 3);
    const head = `{"subject":[${JSON.stringify(subject("tool", TOOL))}`;
    const { subject: _subjects, ...rest } = provenance();
    const tail = `],${JSON.stringify(rest).slice(1)}`;
    const statement = `${aligned(head)}${unit.repeat(count - 1)}${tail}`;
    return compacted(line(keyless({ statement })), base64(unit));
  });
  bounded("depth", "STATEMENT_MALFORMED", "lists in one another, in the statement", [42, 99_999], (depth) => {
    const text = JSON.stringify(provenance());
    const [head, tail] = text.split('"internalParameters":{');
    const before = aligned(`${head}"internalParameters":{"deep":`);
    const lists = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    return compacted(line(keyless({ statement: `${before}${lists},${tail}` })), base64("[[["), base64("]]]"));
  });
  bounded("depth-of-bundle", "BUNDLE_MALFORMED", "lists in one another, in a log entry", [42, 100_000], (depth) =>
    compacted(
      line(keyless()).replace('"logIndex"', `"deep":${"[".repeat(depth)}${"]".repeat(depth)},"logIndex"`),
      "[",
      "]",
    ),
  );
  bounded("certificate", "CERTIFICATE_INVALID", "bytes in an extension of the certificate", [1_000, 33_000], (size) => {
    const more = [{ oid: "1.2.3.4", critical: false, value: new Uint8Array(size) }];
    const { bundle, args } = compacted(line(keyless({ entry: null, leaf: { more } })), "A");
    return { bundle, args: { ...args, withoutLog: true } };
  });
  bounded(
    "timestamp",
    "TIMESTAMP_INVALID",
    "bytes beside the certificates in the timestamp",
    [1_000, 66_000],
    (size) => {
      const certificates = [sigstore.timestamps.certificate, { der: octets(new Uint8Array(size)) }];
      return compacted(line(keyless({ timestamp: { certificates } })), "A");
    },
  );
  bounded("log-body", "LOG_ENTRY_INVALID", "bytes in the log that nobody asked for", [1_000, 263_000], (size) =>
    compacted(line(withBody(size)), base64("aaa")),
  );
  bounded("checkpoint", "LOG_ENTRY_INVALID", "letters in a further line of the checkpoint", [1_000, 66_000], (size) =>
    compacted(line(keyless({ entryOptions: { checkpoint: { extensions: ["a".repeat(size)] } } })), "a"),
  );
  bounded("roots", "ROOTS_INVALID", "further certificate logs in the roots", [63, 64], (count) => {
    const roots = rootsOf();
    const unit = `${JSON.stringify(roots.ctlogs[0])},`;
    return {
      roots: line(roots).replace('"ctlogs":[', `"ctlogs":[${MARK}`),
      args: { generate: [{ file: "trusted_root.json", text: MARK, with: unit, times: count }] },
    };
  });
  bounded("evidence", "EVIDENCE_TOO_LARGE", "spaces behind the bundle", [1024 * 1024, 65 * 1024 * 1024], (times) => ({
    bundle: line(keyless()).replace("\n", `${MARK}\n`),
    args: { generate: [{ file: BUNDLE, text: MARK, with: " ", times }] },
  }));

  const deep = keyless();
  let der = new Uint8Array();
  for (let depth = 0; depth < 200; depth += 1) der = sequence(der);
  deep.verificationMaterial.certificate.rawBytes = Buffer.from(der).toString("base64");
  fail(
    "limit-certificate-depth",
    "CERTIFICATE_INVALID",
    "keyless",
    "The certificate is 200 sequences in one another (A8).",
    {
      bundle: deep,
    },
  );
  bounded("oid", "CERTIFICATE_INVALID", "bits in a number of an extension's name", [1_001, 70_001], (size) => ({
    bundle: keyless({
      leaf: { more: [{ oid: `1.2.${2n ** BigInt(size - 1)}`, critical: false, value: ascii("?") }] },
    }),
  }));
  const pattern = `${IDENTITY.replaceAll(".", String.raw`\.`)}|${"x".repeat(512)}`;
  fail("limit-pattern", "USAGE", "identity-pattern", "The pattern has more than 512 characters (A8).", {
    trust: { identity: null, pattern },
  });
}

/** Each body has a member of its own behind those that are read: two equal ones would be one. */
function withEntries(count) {
  const bundle = keyless();
  const { verificationMaterial } = bundle;
  const [{ canonicalizedBody }] = verificationMaterial.tlogEntries;
  verificationMaterial.tlogEntries = Array.from({ length: count }, (_, number) =>
    withMember(canonicalizedBody, number),
  );
  return bundle;
}

function withMember(canonicalizedBody, value) {
  const text = Buffer.from(canonicalizedBody, "base64").toString();
  const body = ascii(text.replace(/}$/, `,"x":${JSON.stringify(value)}}`));
  return logEntry(sigstore.rekorV2, { kind: "hashedrekord", version: "0.0.2", body }, { time: at("12:00:00") });
}

function withTimestamps(count) {
  const { bundle, signature } = signed();
  const copy = structuredClone(bundle);
  copy.verificationMaterial.timestampVerificationData.rfc3161Timestamps = Array.from({ length: count }, (_, index) => ({
    signedTimestamp: Buffer.from(
      timestampResponse(sigstore.timestamps, signature, {
        time: new Date(at("12:00:00").getTime() + index * 1000),
        certificates: [],
      }),
    ).toString("base64"),
  }));
  return copy;
}

function withBody(size) {
  const bundle = keyless();
  const { verificationMaterial } = bundle;
  const [{ canonicalizedBody }] = verificationMaterial.tlogEntries;
  verificationMaterial.tlogEntries = [withMember(canonicalizedBody, "a".repeat(size))];
  return bundle;
}

/** Spaces behind the first brace, so that the rest begins at a multiple of three bytes, and repeats in base64 too. */
function aligned(text) {
  return text.replace("{", `{${" ".repeat((3 - (text.length % 3)) % 3)}`);
}

/** What stands in the place of a run; never in base64 or in the names here. */
const MARK = "@1@";

/** The bundle without the longest run of each unit, and the rules that put them back. */
function compacted(text, ...units) {
  let bundle = text;
  const generate = units.map((unit, index) => {
    const { run, start } = longestRun(bundle, unit);
    const mark = `@${index + 1}@`;
    bundle = `${bundle.slice(0, start)}${mark}${bundle.slice(start + run * unit.length)}`;
    return { file: BUNDLE, text: mark, with: unit, times: run };
  });
  return { bundle, args: { generate } };
}

/** The bundle with one text taken out wherever it stands. */
function abbreviated(text, what) {
  return {
    bundle: text.replaceAll(what, MARK),
    args: { generate: [{ file: BUNDLE, text: MARK, with: what, times: 1 }] },
  };
}

function longestRun(text, unit) {
  let longest = { run: 0, start: 0 };
  for (let start = text.indexOf(unit); start !== -1; ) {
    let run = 1;
    while (text.startsWith(unit, start + run * unit.length)) run += 1;
    if (run > longest.run) longest = { run, start };
    start = text.indexOf(unit, start + run * unit.length);
  }
  return longest;
}
