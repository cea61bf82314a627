import { RELEASE_RUN } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { IDENTITY, ISSUER, sign } from "../test/certificate-cases.ts";
import { certifiedHolder } from "./certified-holder.ts";

type Leaf = Parameters<typeof sign>[0] extends infer O | undefined ? (O extends { leaf?: infer L } ? L : never) : never;

const leaf = (options: NonNullable<Leaf> = {}) => {
  const { verificationMaterial } = sign({ leaf: options });
  const material = verificationMaterial as { certificate?: { rawBytes: string } };
  return new Uint8Array(Buffer.from(material.certificate?.rawBytes ?? "", "base64"));
};

describe("certifiedHolder", () => {
  it("says whom a job's certificate names, and for which source", async () => {
    expect(await certifiedHolder(leaf())).toEqual({
      identity: IDENTITY,
      issuer: ISSUER,
      source: `${RELEASE_RUN.sourceRepositoryUri}@${RELEASE_RUN.sourceRepositoryRef}`,
    });
  });

  it("says whom a person's names", async () => {
    const issuer = "https://login.example";
    expect(await certifiedHolder(leaf({ claims: { issuer }, names: [{ email: "dev@example.com" }] }))).toEqual({
      identity: "dev@example.com",
      issuer,
      source: null,
    });
  });

  it.each<[string, Uint8Array]>([
    ["no certificate", new Uint8Array([1, 2, 3])],
    ["two names", leaf({ names: [{ email: "a@example.com" }, { email: "b@example.com" }] })],
    ["a host's name", leaf({ names: [{ dns: "example.com" }] })],
  ])("CERTIFICATE_INVALID: %s", async (_name, der) => {
    await expect(certifiedHolder(der)).rejects.toMatchObject({ code: "CERTIFICATE_INVALID" });
  });
});
