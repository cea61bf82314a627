import { encodeKeyBundle, parseBundle, parseMessageBundle } from "@touchmark/core";
import { EKU, RELEASE_RUN, signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { bytesOf, IDENTITY, ISSUER, PAYLOAD, sign, sigstore } from "../test/certificate-cases.ts";
import { describeSigning } from "./describe-signing.ts";

const described = (json: unknown) => describeSigning(parseBundle(bytesOf(json)));

describe("describeSigning", () => {
  it("says what certificate, log entry and timestamp say", async () => {
    expect(await described(sign())).toMatchObject({
      unverified: true,
      certificate: {
        identity: IDENTITY,
        claims: {
          issuer: ISSUER,
          sourceRepository: "https://github.com/octo/widgets",
          sourceRef: "refs/tags/v1.2.3",
          sourceCommit: RELEASE_RUN.sha,
          trigger: "push",
          runnerEnvironment: "github-hosted",
          runInvocation: "https://github.com/octo/widgets/actions/runs/42/attempts/1",
          environment: null,
        },
        notBefore: "2026-01-15T12:00:00.000Z",
        notAfter: "2026-01-15T12:10:00.000Z",
        key: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      },
      logEntries: [
        { log: expect.stringMatching(/rekor/), kind: "hashedrekord 0.0.2", integratedTime: null, proof: true },
      ],
      timestamps: [{ time: "2026-01-15T12:00:00.000Z" }],
    });
    const { logEntries } = await described(
      sign({ version: "0.1", entry: "intoto-0.0.2", entryOptions: { proof: false, logIndex: 7 } }),
    );
    expect(logEntries).toMatchObject([
      {
        index: "7",
        log: null,
        logId: expect.stringMatching(/^[0-9a-f]{64}$/),
        integratedTime: "2026-01-15T12:00:00.000Z",
        promise: true,
      },
    ]);
  });

  it("believes nothing, and so shows what nobody trusts", async () => {
    const bundle = sign();
    if (bundle.dsseEnvelope !== undefined) bundle.dsseEnvelope.payload = "AAAA";
    expect(await described(bundle)).toMatchObject({ certificate: { identity: IDENTITY } });
  });

  it("says of a part that cannot be read why, and shows the others", async () => {
    const bundle = sign({ leaf: { purposes: [EKU.timeStamping] } });
    const [entry] = bundle.verificationMaterial.tlogEntries;
    if (entry === undefined) throw new Error("no entry");
    const broken = {
      ...bundle,
      verificationMaterial: {
        ...bundle.verificationMaterial,
        tlogEntries: [entry, { ...entry, logIndex: "x" }],
        timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: "AAAA" }, {}] },
      },
    };
    expect(await described(broken)).toMatchObject({
      certificate: { unreadable: expect.stringMatching(/^CERTIFICATE_INVALID: .*purpose/) },
      logEntries: [
        { kind: "hashedrekord 0.0.2" },
        { unreadable: expect.stringMatching(/^LOG_ENTRY_INVALID: .*logIndex/) },
      ],
      timestamps: [
        { unreadable: expect.stringMatching(/^TIMESTAMP_INVALID/) },
        { unreadable: expect.stringMatching(/^TIMESTAMP_INVALID/) },
      ],
    });
  });

  it("has no certificate where a key signed", async () => {
    const bytes = encodeKeyBundle({ payloadType: "a/b", payload: PAYLOAD, signature: PAYLOAD, hint: "x" });
    expect(await describeSigning(parseBundle(bytes))).toEqual({
      unverified: true,
      certificate: null,
      logEntries: [],
      timestamps: [],
    });
  });

  it("describes a signature over a file just as well", async () => {
    const { bundle } = signBundle(sigstore, PAYLOAD, { content: "message" });
    expect(await describeSigning(parseMessageBundle(bytesOf(bundle)))).toMatchObject({
      certificate: { identity: IDENTITY },
    });
  });
});
