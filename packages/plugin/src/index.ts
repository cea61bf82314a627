import * as z from "zod";

export { type Adapter, API_VERSION, defineAdapter, type Expectation, requireAll } from "./adapter.ts";
export { type ArgumentSettings, argumentSettings } from "./argument-settings.ts";
export { askService, jsonPost, type ServiceCall, serviceAnswer, serviceRefusal } from "./ask-service.ts";
export type { FetchedEvidence, Fetcher, FetchTarget } from "./fetcher.ts";
export type { HashAlgorithm, Host, RunOptions, WritableHost } from "./host.ts";
export { fileOfEntry, type HostEntry, type HostFile } from "./host-file.ts";
export type { HttpRequest, HttpResponse, HttpStream, RegistryCredentials } from "./network.ts";
export type { CertifiedSigner, Env, HandedToken, Platform, PlatformRun, VerifiedToken } from "./platform.ts";
export { publicAddress } from "./public-address.ts";
export type { Publisher, Receipt } from "./publisher.ts";
export { readUrl } from "./read-url.ts";
export { hostAndPort, isConfidential, isLoopback, type RegistryAddress, registryAddress } from "./registry-address.ts";
export { requestId } from "./request-id.ts";
export type { SignedEnvelope, Signer } from "./signer.ts";
export { subjectsOf } from "./subjects-of.ts";
export type { TreeDigest } from "./tree-digest.ts";
export { z };
