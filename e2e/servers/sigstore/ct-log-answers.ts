import { X509Certificate } from "node:crypto";
import {
  ctLogId,
  digitallySigned,
  promise,
  type TestKey,
  withoutPoison,
} from "../../../packages/testkit/src/sigstore/index.ts";
import type { Answer, Request } from "./faulty-server.ts";

/**
 * A certificate log that only promises (RFC 6962, 4.2): it keeps no tree, and whoever verifies a certificate looks at
 * the promise alone.
 */
export function ctLogAnswer(key: TestKey, { path, body }: Request): Answer {
  if (!path.endsWith("/ct/v1/add-pre-chain")) return { status: 404 };
  const { chain } = JSON.parse(body.toString()) as { chain: readonly string[] };
  const [precertificate = Buffer.of(), issuer = Buffer.of()] = chain.map((one) => Buffer.from(one, "base64"));
  const issuerSpki = new X509Certificate(issuer).publicKey.export({ type: "spki", format: "der" });
  const sct = promise(key, { tbs: withoutPoison(precertificate), issuerSpki }, new Date());
  const answer = {
    sct_version: 0,
    id: Buffer.from(ctLogId(key)).toString("base64"),
    timestamp: sct.timestamp,
    extensions: "",
    signature: Buffer.from(digitallySigned(sct)).toString("base64"),
  };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(answer) };
}
