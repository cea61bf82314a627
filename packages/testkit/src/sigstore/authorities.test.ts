import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  basicConstraints,
  type Certificate,
  type Chain,
  fulcioLeaf,
  intermediateAuthority,
  newTestKey,
  rootAuthority,
  timestampAuthority,
  tlsServer,
} from "./index.ts";

// OpenSSL, by way of Node, reads what is written here.
const read = ({ der }: Certificate) => new X509Certificate(der);
const root = rootAuthority("root");

describe("authorities", () => {
  it.each(["P-256", "P-384", "P-521", "RSA", "ed25519"] as const)("sign with keys of kind %s", (kind) => {
    const signing = rootAuthority("root", { key: newTestKey(kind) });
    const below = intermediateAuthority("below", signing);
    expect(read(below.certificate).verify(signing.key.publicKey)).toBe(true);
    expect(read(below.certificate).verify(below.key.publicKey)).toBe(false);
  });

  it.each<[string, Chain, boolean, readonly string[] | undefined]>([
    ["root", root, true, undefined],
    ["intermediate", intermediateAuthority("below", root), true, ["1.3.6.1.5.5.7.3.3"]],
    ["timestamp authority", timestampAuthority("times", root), false, ["1.3.6.1.5.5.7.3.8"]],
    ["server", tlsServer(["a.example", "b.example"], root), false, ["1.3.6.1.5.5.7.3.1"]],
  ])("a %s may do what it is for", (_, { certificate, chain }, ca, purposes) => {
    expect(read(certificate)).toMatchObject({ ca, keyUsage: purposes });
    expect(chain.at(-1)).toBe(root.certificate);
    expect(read(certificate).checkIssued(read(root.certificate))).toBe(true);
  });

  it("a server has the names that it was given", () => {
    const server = read(tlsServer(["a.example", "b.example"], root).certificate);
    expect(["a.example", "b.example", "c.example"].map((name) => server.checkHost(name))).toEqual([
      "a.example",
      "b.example",
      undefined,
    ]);
  });

  it("are as wrong as a test wants them", () => {
    const [notBefore, notAfter] = [new Date("2020-01-01T00:00:00Z"), new Date("2060-01-01T00:00:00Z")];
    const odd = intermediateAuthority("odd", root, {
      notBefore,
      notAfter,
      serial: 5,
      extensions: [basicConstraints(false)],
    });
    expect(read(odd.certificate)).toMatchObject({
      ca: false,
      serialNumber: "05",
      validFrom: "Jan  1 00:00:00 2020 GMT",
      validTo: "Jan  1 00:00:00 2060 GMT",
    });
  });
});

it("a leaf carries any names, and none where it is told so", () => {
  const [issuer, key, time] = [intermediateAuthority("below", root), newTestKey(), new Date("2026-01-15T12:00:00Z")];
  const names = [{ email: "dev@a.example" }, { dns: "a.example" }, { uri: "https://a.example/" }];
  const leaf = read(fulcioLeaf(issuer, key, time, { ctLogs: [], names }));
  expect(leaf.subjectAltName).toBe("email:dev@a.example, DNS:a.example, URI:https://a.example/");
  expect(leaf.subject).toBe(undefined);
  const other = read(
    fulcioLeaf(issuer, key, time, { ctLogs: [], names: [{ username: "octo" }], subject: { commonName: "cn" } }),
  );
  expect(other.subjectAltName).toMatch(/^othername:/);
  expect(other.subject).toBe("CN=cn");
  expect(read(fulcioLeaf(issuer, key, time, { ctLogs: [], extensions: [] })).subjectAltName).toBe(undefined);
});
