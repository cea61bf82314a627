import type { BuildClaim, BuildOutput, DigestSet, Origin, Subject } from "@touchmark/core";
import { describe, expect, expectTypeOf, test } from "vitest";
import type {
  Adapter,
  Env,
  Expectation,
  FetchedEvidence,
  Fetcher,
  HandedToken,
  HashAlgorithm,
  Host,
  HostFile,
  Platform,
  PlatformRun,
  Publisher,
  Receipt,
  SignedEnvelope,
  Signer,
  WritableHost,
} from "./index.ts";
import * as plugin from "./index.ts";

// The contract, apiVersion 1: a change of these types breaks every plugin.
describe("types", () => {
  test("an adapter gives outputs or null, and nothing else", () => {
    expectTypeOf<Adapter<{ path: string }>["collect"]>().toEqualTypeOf<
      (host: Host, options: { path: string }) => Promise<BuildOutput | null>
    >();
    expectTypeOf<Adapter["apiVersion"]>().toEqualTypeOf<1>();
    expectTypeOf<Adapter["completeness"]>().toEqualTypeOf<"manifest" | "listing">();
    expectTypeOf<Adapter["fromArgument"]>().toEqualTypeOf<
      (argument: string | null) => Readonly<Record<string, unknown>>
    >();
    expectTypeOf<Expectation>().toEqualTypeOf<readonly string[] | number | null>();
  });

  test("defineAdapter keeps the type of the options", () => {
    const define = (adapter: Adapter<{ path: string }>) => plugin.defineAdapter(adapter);
    expectTypeOf(define).returns.toEqualTypeOf<Adapter<{ path: string }>>();
    expectTypeOf<Parameters<typeof plugin.requireAll>>().toEqualTypeOf<
      [found: readonly string[], expected: Expectation]
    >();
  });

  test("a host reads; only a publisher's writes", () => {
    expectTypeOf<keyof Host>().toEqualTypeOf<
      | "signal"
      | "userCode"
      | "kind"
      | "file"
      | "glob"
      | "list"
      | "readBytes"
      | "readText"
      | "realPath"
      | "openRead"
      | "digest"
      | "digestTree"
      | "readStdin"
      | "fetch"
      | "fetchStream"
      | "credentials"
      | "wait"
      | "elapsed"
      | "retrying"
      | "run"
    >();
    expectTypeOf<Exclude<keyof WritableHost, keyof Host>>().toEqualTypeOf<"writeFiles">();
    expectTypeOf<Parameters<Adapter["collect"]>[0]>().not.toExtend<WritableHost>();
    expectTypeOf<Host["digest"]>().toEqualTypeOf<
      (files: readonly HostFile[], algorithms?: readonly HashAlgorithm[]) => Promise<readonly DigestSet[]>
    >();
    expectTypeOf<"md5">().toExtend<HashAlgorithm>();
    expectTypeOf<"narSha256">().not.toExtend<HashAlgorithm>();
  });

  test("platforms claim, signers sign, publishers publish", () => {
    expectTypeOf<Platform["detect"]>().toEqualTypeOf<(env: Env, token?: HandedToken | null) => PlatformRun | null>();
    expectTypeOf<PlatformRun["claim"]>().returns.resolves.toEqualTypeOf<BuildClaim>();
    expectTypeOf<PlatformRun["origin"]>().returns.resolves.toEqualTypeOf<Origin | null>();
    expectTypeOf<PlatformRun["identityToken"]>().returns.resolves.toEqualTypeOf<string | null>();
    expectTypeOf<Signer["sign"]>().toEqualTypeOf<
      (payload: Uint8Array, run: PlatformRun, host: Host) => Promise<Uint8Array>
    >();
    expectTypeOf<Signer["signMessage"]>().toEqualTypeOf<
      (message: Uint8Array, run: PlatformRun, host: Host) => Promise<Uint8Array>
    >();
    expectTypeOf<Publisher["publish"]>().toEqualTypeOf<
      (envelopes: readonly SignedEnvelope[], host: WritableHost) => Promise<readonly Receipt[]>
    >();
    expectTypeOf<SignedEnvelope["subjects"]>().toEqualTypeOf<readonly Subject[]>();
    expectTypeOf<Fetcher["fetch"]>().toEqualTypeOf<
      (image: { readonly repository: string; readonly digest: string }, host: Host) => AsyncIterable<FetchedEvidence>
    >();
  });

  test("subjectsOf hashes with what can cover an artifact only", () => {
    expectTypeOf(plugin.subjectsOf).returns.resolves.toEqualTypeOf<readonly Subject[]>();
    // @ts-expect-error md5 covers nothing
    const weak = (host: Host) => plugin.subjectsOf(host, [], { algorithms: ["md5"] });
    expectTypeOf(weak).parameter(0).toEqualTypeOf<Host>();
  });
});

test("the exported values, each on purpose", () => {
  expect(Object.keys(plugin).sort()).toEqual([
    "API_VERSION",
    "allOrNone",
    "argumentSettings",
    "askService",
    "defineAdapter",
    "fileOfEntry",
    "hostAndPort",
    "isConfidential",
    "isLoopback",
    "jsonPost",
    "publicAddress",
    "readUrl",
    "registryAddress",
    "requestId",
    "requireAll",
    "requireServiceAddress",
    "serviceAddress",
    "serviceAnswer",
    "serviceRefusal",
    "stoppableHost",
    "subjectsOf",
    "z",
  ]);
  expect(plugin.API_VERSION).toBe(1);
});
