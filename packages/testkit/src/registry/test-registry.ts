import { answerApi } from "./distribution-api.ts";
import { type SeenRequest, startFaultServer } from "./fault-server.ts";
import { type Fault, FaultList } from "./faults.ts";
import { emptyRepository, type RepositoryContent, sha256Of } from "./registry-content.ts";
import { RegistryLogin, type TestLogin } from "./registry-login.ts";

export interface TestRegistryOptions {
  /** Whether the referrers API is there; true when absent. */
  readonly referrers?: boolean;
  /** Descriptors in one answer of the referrers API; 100 when absent. */
  readonly referrersPage?: number;
  /** Announced as `OCI-Chunk-Min-Length`; not at all when absent. Unit: bytes. */
  readonly chunkMinLength?: number;
  /** Redirects blobs to another server, as registries with a CDN do; false when absent. */
  readonly blobsElsewhere?: boolean;
  /** Nobody has to log in when absent. */
  readonly login?: TestLogin;
  readonly faults?: readonly Fault[];
}

/** A registry in memory, on 127.0.0.1. Blobs, manifests and tags can be looked at and changed behind its back. */
export interface TestRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly tokenHost: string;
  readonly blobHost: string;
  /** Every request to any of its servers so far, in order. */
  readonly requests: readonly SeenRequest[];
  repository(name: string): RepositoryContent;
  /** @returns the digest. */
  addBlob(repository: string, bytes: Uint8Array): string;
  /** @returns the digest. */
  addManifest(repository: string, bytes: Uint8Array, options: { mediaType: string; tag?: string }): string;
  /** From now on; see {@link Fault}. */
  fail(fault: Fault): void;
  close(): Promise<void>;
}

/**
 * Starts a registry for unit tests: small, honest unless told otherwise, and able to fail in ways that real ones do only
 * on bad days. Not a reference: what must work with real registries is tried with real ones.
 */
export async function startTestRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const requests: SeenRequest[] = [];
  const faults = new FaultList();
  for (const fault of options.faults ?? []) faults.add(fault);
  const content = new Map<string, RepositoryContent>();
  const repository = (name: string): RepositoryContent => {
    const known = content.get(name) ?? emptyRepository();
    content.set(name, known);
    return known;
  };
  const api = {
    referrers: options.referrers ?? true,
    referrersPage: options.referrersPage ?? 100,
    chunkMinLength: options.chunkMinLength ?? 0,
    blobOrigin: null,
  };
  const login = new RegistryLogin(options.login ?? { kind: "none" });
  const tokens = await startFaultServer({
    name: "tokens",
    faults,
    requests,
    answer: (request) => login.token(request),
  });
  const blobs = await startFaultServer({
    name: "blobs",
    faults,
    requests,
    answer: (request) => answerApi(request, repository, api),
  });
  const blobOrigin = options.blobsElsewhere ? `http://${blobs.host}` : null;
  const main = await startFaultServer({
    name: "registry",
    faults,
    requests,
    answer: (request) =>
      login.refusal(request, `http://${tokens.host}/token`) ?? answerApi(request, repository, { ...api, blobOrigin }),
  });
  return {
    host: main.host,
    tokenHost: tokens.host,
    blobHost: blobs.host,
    requests,
    repository,
    addBlob: (name, bytes) => {
      const digest = sha256Of(bytes);
      repository(name).blobs.set(digest, bytes);
      return digest;
    },
    addManifest: (name, bytes, { mediaType, tag }) => {
      const digest = sha256Of(bytes);
      repository(name).manifests.set(digest, { bytes, mediaType });
      if (tag !== undefined) repository(name).tags.set(tag, digest);
      return digest;
    },
    fail: (fault) => faults.add(fault),
    close: async () => {
      await Promise.all([main.close(), blobs.close(), tokens.close()]);
    },
  };
}
