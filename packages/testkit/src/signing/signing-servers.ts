import { type Answer, type SeenRequest, startFaultServer } from "../registry/fault-server.ts";
import { type Fault, FaultList, type ServerName } from "../registry/faults.ts";
import { type TestSigstore, testSigstore } from "../sigstore/test-sigstore.ts";
import { type ServiceBench, withServiceHost } from "../with-service-host.ts";
import { certify } from "./fulcio-answers.ts";
import { RekorV1Answers } from "./rekor-v1-answers.ts";
import { RekorV2Answers } from "./rekor-v2-answers.ts";
import { stamp } from "./timestamp-answers.ts";

/** The services that a keyless signature needs, on 127.0.0.1, each with the real protocol and a key of the test's own. */
export interface SigningServers {
  readonly sigstore: TestSigstore;
  readonly fulcio: string;
  readonly rekor1: string;
  readonly rekor2: string;
  /** The whole address, path included. */
  readonly timestamps: string;
  readonly requests: readonly SeenRequest[];
  /** From now on; see {@link Fault}. */
  fail(fault: Fault & { readonly server: ServerName }): void;
}

export interface SigningBench extends ServiceBench {
  readonly servers: SigningServers;
}

/**
 * Runs something with fresh servers and a host that may talk to them, and ends both after it.
 *
 * @param time - when everything happens, for certificates, entries and timestamps.
 */
export async function withSigningServers<T>(time: Date, run: (bench: SigningBench) => Promise<T>): Promise<T> {
  const sigstore = testSigstore();
  const requests: SeenRequest[] = [];
  const faults = new FaultList();
  const [first, second] = [new RekorV1Answers(sigstore, time), new RekorV2Answers(sigstore, time)];
  const start = (name: ServerName, answer: (request: SeenRequest) => Answer) =>
    startFaultServer({ name, faults, requests, answer });
  const fulcio = await start("fulcio", (request) => certify(sigstore, time, request));
  const rekor1 = await start("rekor1", (request) => first.answer(request));
  const rekor2 = await start("rekor2", (request) => second.answer(request));
  const timestamps = await start("timestamps", (request) => stamp(sigstore, time, request));
  const all = [fulcio, rekor1, rekor2, timestamps];
  const servers: SigningServers = {
    sigstore,
    fulcio: `http://${fulcio.host}`,
    rekor1: `http://${rekor1.host}`,
    rekor2: `http://${rekor2.host}`,
    timestamps: `http://${timestamps.host}/api/v1/timestamp`,
    requests,
    fail: (fault) => faults.add(fault),
  };
  const network = { kind: "services", hosts: all.map(({ host }) => host) } as const;
  const close = () => Promise.all(all.map((server) => server.close()));
  return withServiceHost({ network, close }, (bench) => run({ servers, ...bench }));
}
