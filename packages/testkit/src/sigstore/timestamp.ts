import { createHash } from "node:crypto";
import { type Certificate, encodeName, type Issuer } from "./certificate.ts";
import { concat, context, type Der, generalizedTime, integer, nothing, octets, oid, sequence, setOf } from "./der.ts";
import type { TestKey } from "./test-key.ts";

const OIDS = {
  signedData: "1.2.840.113549.1.7.2",
  tstInfo: "1.2.840.113549.1.9.16.1.4",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
} as const;

const HASHES = {
  sha1: "1.3.14.3.2.26",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
} as const;

export interface TimestampOptions {
  readonly time: Date;
  /** How the signed bytes are hashed; sha256 when absent. */
  readonly hash?: keyof typeof HASHES;
  /** Instead of the hash of the bytes. */
  readonly imprint?: Uint8Array;
  readonly serial?: number;
  readonly policy?: string;
  /** The certificates inside the token; the signer's own when absent. */
  readonly certificates?: readonly Certificate[];
  /** Whom the signer's information names; the signer when absent. */
  readonly namedSigner?: Certificate;
  /** What makes the signature; the authority's key when absent. */
  readonly key?: TestKey;
  /** Instead of the digest of the content, among the signed attributes. */
  readonly messageDigest?: Uint8Array;
  /** 0 granted; RFC 3161, 2.4.2. */
  readonly status?: number;
}

/**
 * A TimeStampResp of RFC 3161 over some bytes, in DER: what a bundle's `signedTimestamp` holds.
 *
 * @param authority - the leaf that signs, with its key.
 */
export function timestampResponse(authority: Issuer, signed: Uint8Array, options: TimestampOptions): Der {
  return sequence(sequence(integer(options.status ?? 0)), timestampToken(authority, signed, options));
}

function timestampToken(authority: Issuer, signed: Uint8Array, options: TimestampOptions): Der {
  const content = tstInfo(signed, options);
  const key = options.key ?? authority.key;
  const digest = key.hash;
  const { fields } = options.namedSigner ?? authority.certificate;
  const attributes = [
    attribute(OIDS.contentType, oid(OIDS.tstInfo)),
    attribute(OIDS.messageDigest, octets(options.messageDigest ?? hashed(digest, content))),
    attribute(OIDS.signingTime, generalizedTime(options.time)),
    attribute(OIDS.signingCertificateV2, signingCertificate(authority.certificate)),
  ];
  const set = setOf(...attributes);
  const signer = sequence(
    integer(1),
    sequence(encodeName(fields.issuer), integer(fields.serial)),
    algorithm(HASHES[digest]),
    // RFC 5652, 5.4: signed as a SET, written as [0].
    concat(Uint8Array.of(0xa0), set.subarray(1)),
    key.algorithm,
    octets(key.sign(set)),
  );
  const certificates = (options.certificates ?? [authority.certificate]).map(({ der }) => der);
  const data = sequence(
    integer(3),
    setOf(algorithm(HASHES[digest])),
    sequence(oid(OIDS.tstInfo), context(0, octets(content))),
    ...(certificates.length === 0 ? [] : [context(0, ...certificates)]),
    setOf(signer),
  );
  return sequence(oid(OIDS.signedData), context(0, data));
}

/** RFC 3161, 2.4.2. */
function tstInfo(signed: Uint8Array, { time, hash = "sha256", imprint, serial = 7, policy }: TimestampOptions): Der {
  return sequence(
    integer(1),
    oid(policy ?? "1.3.6.1.4.1.57264.2"),
    sequence(algorithm(HASHES[hash]), octets(imprint ?? hashed(hash, signed))),
    integer(serial),
    generalizedTime(time),
  );
}

/** RFC 5035, 3: the certificate that signed, by its SHA-256. */
function signingCertificate({ der }: Certificate): Der {
  return sequence(sequence(sequence(octets(hashed("sha256", der)))));
}

function attribute(type: string, value: Der): Der {
  return sequence(oid(type), setOf(value));
}

function algorithm(type: string): Der {
  return sequence(oid(type), nothing());
}

function hashed(hash: keyof typeof HASHES, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash(hash).update(bytes).digest());
}
