import { type ServiceBench, withServiceHost } from "../with-service-host.ts";
import { startTestIssuer, type TestIssuer } from "./test-issuer.ts";

export interface IssuerBench extends ServiceBench {
  readonly issuer: TestIssuer;
}

/** Runs something with a fresh issuer and a host that may talk to it, and ends both after it. */
export async function withTestIssuer<T>(run: (bench: IssuerBench) => Promise<T>): Promise<T> {
  const issuer = await startTestIssuer();
  const network = { kind: "services", hosts: [issuer.host] } as const;
  return withServiceHost({ network, close: () => issuer.close() }, (bench) => run({ issuer, ...bench }));
}
