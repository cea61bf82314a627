import { createHash, type Hash } from "node:crypto";
import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { type Host, type HttpStream, readUrl, type ServiceCall, serviceRefusal } from "@touchmark/plugin";
import { isContact } from "./contact.ts";
import type { DownloadBudget } from "./download-budget.ts";
import { DOWNLOAD_PAUSE_MS, MAX_ASSET_BYTES, MAX_DOWNLOAD_ATTEMPTS, MAX_REDIRECTS, STALL_MS } from "./limits.ts";
import type { Asset, AssetSink, SavedAsset } from "./release.ts";

/** A file of a release, and what its host says of it. */
export interface Download {
  readonly name: string;
  /** What messages call whoever has it: `GitHub`. */
  readonly service: string;
  readonly url: URL;
  /** For the URL's own origin; whoever it redirects to gets none of them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** Who may have the file: `host[:port]`. */
  readonly contacts: readonly string[];
  /** Unit: bytes; null where the host does not say. */
  readonly size: number | null;
  /** Digests that the host says the file has, by algorithm, in lowercase hex. Compared; they vouch for nothing. */
  readonly declared: Readonly<Record<string, string>>;
  readonly budget: DownloadBudget;
}

/** A file as a part of its release. */
export function asAsset(wanted: Download, host: Host): Asset {
  return { name: wanted.name, save: (sink) => download(wanted, sink, host) };
}

/** Brings one file; see {@link Asset}. A transfer that breaks off is begun again. */
export async function download(wanted: Download, sink: AssetSink, host: Host): Promise<SavedAsset> {
  if ((wanted.size ?? 0) > MAX_ASSET_BYTES) throw tooLarge(wanted, `${wanted.size} bytes`);
  for (let number = 1; ; number += 1) {
    try {
      await sink.restart();
      return await transfer(wanted, sink, host);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (number === MAX_DOWNLOAD_ATTEMPTS) throw error.code === "REGISTRY_INVALID" ? brokenOff(wanted, error) : error;
      await host.wait(DOWNLOAD_PAUSE_MS * number);
    }
  }
}

/** A fault of the way and not of what was asked for. */
function isPassing(error: unknown): error is TouchmarkError {
  return (
    isTouchmarkError(error) && ["NETWORK_UNAVAILABLE", "REGISTRY_INVALID", "SERVICE_UNAVAILABLE"].includes(error.code)
  );
}

async function transfer(wanted: Download, sink: AssetSink, host: Host): Promise<SavedAsset> {
  const { name, size, declared, budget } = wanted;
  const { body } = await opened(wanted, host);
  const sha256 = createHash("sha256");
  const others = new Map<string, Hash>(
    Object.keys(declared).map((algorithm) => [algorithm, algorithm === "sha256" ? sha256 : createHash(algorithm)]),
  );
  const hashes = new Set([sha256, ...others.values()]);
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.byteLength;
      budget.spend(chunk.byteLength);
      for (const hash of hashes) hash.update(chunk);
      await sink.write(chunk);
    }
  } catch (error) {
    budget.refund(length);
    if (isTouchmarkError(error) && error.code === "INPUT_TOO_LARGE") throw tooLong(wanted, error);
    throw error;
  }
  if (size !== null && length !== size) throw differs(wanted, `${size} bytes`, `${length} bytes`);
  for (const [algorithm, hash] of others) {
    const found = hash === sha256 ? hash.copy().digest("hex") : hash.digest("hex");
    const said = declared[algorithm];
    if (found !== said) throw differs(wanted, `${algorithm}:${said}`, `${algorithm}:${found}`);
  }
  return { name, size: length, sha256: sha256.digest("hex") };
}

/** The answer with the file, wherever it truly lies. */
async function opened(wanted: Download, host: Host): Promise<HttpStream> {
  let url = wanted.url;
  let headers = wanted.headers;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    checkContact(wanted, url);
    const request = {
      method: "GET",
      url: url.href,
      headers,
      maxBody: wanted.size ?? MAX_ASSET_BYTES,
      timeoutMs: STALL_MS,
      referredBy: null,
    } as const;
    const answer = await host.fetchStream(request);
    if (answer.status === 200) return answer;
    await left(answer);
    const next = [301, 302, 303, 307, 308].includes(answer.status)
      ? readUrl(answer.headers["location"] ?? "", url)
      : null;
    if (next === null) {
      const call: ServiceCall = { service: wanted.service, request, secrets: wanted.secrets };
      throw serviceRefusal(call, { ...answer, body: new Uint8Array() }, `200 and the file ${wanted.name}`);
    }
    // For good, also when a further redirect leads back.
    if (next.origin !== url.origin) headers = {};
    url = next;
  }
  throw new TouchmarkError("SERVICE_INVALID", `${wanted.service} redirects without end`, {
    expected: `at most ${MAX_REDIRECTS} redirects to ${wanted.name}`,
    actual: "more",
  });
}

/** Ends an exchange whose body nobody reads. */
async function left({ body }: HttpStream): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}

function checkContact({ contacts, service, name }: Download, url: URL): void {
  if (isContact(url, contacts)) return;
  throw new TouchmarkError("SERVICE_INVALID", `${service} says that ${name} lies where nobody is contacted`, {
    expected: `one of ${contacts.join(", ")}`,
    actual: `${url.protocol}//${url.host}`,
  });
}

function tooLong(wanted: Download, cause: TouchmarkError): TouchmarkError {
  const { size } = wanted;
  return size === null ? tooLarge(wanted, "more", cause) : differs(wanted, `${size} bytes`, "more", cause);
}

function tooLarge({ name }: Download, actual: string, cause?: unknown): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", `${name} is too large to bring`, {
    expected: `at most ${MAX_ASSET_BYTES} bytes`,
    actual,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The host's error, which names its host and says registry. */
function brokenOff({ service, name }: Download, cause: TouchmarkError): TouchmarkError {
  const { expected, actual, message } = cause;
  return new TouchmarkError("SERVICE_INVALID", `${name} of ${service}: ${message}`, { expected, actual, cause });
}

function differs({ service, name }: Download, expected: string, actual: string, cause?: unknown): TouchmarkError {
  return new TouchmarkError("SERVICE_INVALID", `${name} is not what ${service} itself says that it is`, {
    expected,
    actual,
    ...(cause === undefined ? {} : { cause }),
  });
}
