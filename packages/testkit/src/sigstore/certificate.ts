import { X509Certificate } from "node:crypto";
import { bits, boolean, context, type Der, integer, octets, oid, sequence, setOf, utf8, validityTime } from "./der.ts";
import { base64, type TestKey } from "./test-key.ts";

/** RFC 5280, 4.1. Every field is written as it is given, also where no authority would. */
export interface CertificateFields {
  readonly subject: Name;
  readonly issuer: Name;
  readonly serial: number | bigint;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo. */
  readonly spki: Der;
  readonly extensions: readonly Extension[];
}

/** Neither: the empty name, as of Fulcio's leaves. */
export interface Name {
  readonly organization?: string;
  readonly commonName?: string;
}

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

export interface Certificate {
  readonly fields: CertificateFields;
  readonly der: Der;
}

/** Who issues: the key and the name that go into what it signs. */
export interface Issuer {
  readonly key: TestKey;
  readonly certificate: Certificate;
}

export function issueCertificate(fields: CertificateFields, key: TestKey): Certificate {
  const tbs = encodeTbs(fields, key.algorithm);
  return { fields, der: sequence(tbs, key.algorithm, bits(key.sign(tbs))) };
}

/** TBSCertificate, version 3; this is what a signature, and a log's promise, is about. */
export function encodeTbs(fields: CertificateFields, algorithm: Der): Der {
  return sequence(
    context(0, integer(2)),
    integer(fields.serial),
    algorithm,
    encodeName(fields.issuer),
    sequence(validityTime(fields.notBefore), validityTime(fields.notAfter)),
    encodeName(fields.subject),
    fields.spki,
    ...(fields.extensions.length === 0 ? [] : [context(3, sequence(...fields.extensions.map(encodeExtension)))]),
  );
}

export function encodeName({ organization, commonName }: Name): Der {
  const part = (type: string, value: string | undefined) =>
    value === undefined ? [] : [setOf(sequence(oid(type), utf8(value)))];
  return sequence(...part("2.5.4.10", organization), ...part("2.5.4.3", commonName));
}

/** PEM, leaf first. */
export function pemOf(...certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => new X509Certificate(der).toString()).join("");
}

/** The form of every certificate in a bundle and in trusted_root.json. */
export function rawBytes({ der }: Certificate): { rawBytes: string } {
  return { rawBytes: base64(der) };
}

function encodeExtension({ oid: type, critical, value }: Extension): Der {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octets(value));
}
