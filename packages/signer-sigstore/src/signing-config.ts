import { MAX_SMALL_FILE_BYTES, parseJson, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import type { Clock } from "./clock.ts";
import { MAX_SERVICES, MAX_USED_SERVICES } from "./limits.ts";
import { type LogService, type SigningInstance, serviceUrl } from "./signing-instance.ts";

/** https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto, SigningConfig */
const MEDIA_TYPE = "application/vnd.dev.sigstore.signingconfig.v0.2+json";

/** The same file, ClientTrustConfig: a SigningConfig, and the TrustedRoot of its services. */
const CLIENT_MEDIA_TYPE = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";

const Service = z.object({
  url: z.string().max(2048),
  majorApiVersion: z.int().min(1).max(1_000),
  validFor: z.object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }).optional() }),
  operator: z.string().max(256),
});
type Service = z.output<typeof Service>;

const Selection = z.discriminatedUnion("selector", [
  z.object({ selector: z.literal("ALL") }),
  z.object({ selector: z.literal("ANY") }),
  z.object({ selector: z.literal("EXACT"), count: z.int().min(1).max(MAX_USED_SERVICES) }),
]);
type Selection = z.output<typeof Selection>;

const services = z.array(Service).max(MAX_SERVICES);
const SigningConfig = z.object({
  mediaType: z.literal(MEDIA_TYPE),
  caUrls: services.min(1),
  oidcUrls: services.optional(),
  rekorTlogUrls: services.optional(),
  rekorTlogConfig: Selection.optional(),
  tsaUrls: services.optional(),
  tsaConfig: Selection.optional(),
});

const ClientTrustConfig = z.object({
  mediaType: z.literal(CLIENT_MEDIA_TYPE),
  trustedRoot: z.looseObject({}),
  signingConfig: z.looseObject({}),
});

/** The signing services that a file names. */
export interface ConfiguredServices {
  readonly instance: SigningInstance;
  /** The file also holds the roots of these services, for a verifier to read: it is a ClientTrustConfig. */
  readonly withTrustedRoot: boolean;
}

/**
 * The services that a SigningConfig v0.2, by itself or in a ClientTrustConfig v0.1, names for now: of each kind the newest that
 * is valid of each operator, of the highest version that we speak, and of these as many as the configuration says. Where it says
 * "any", that is the newest. Timestamp authorities beyond that number are kept, for when one of them fails.
 *
 * @param bytes - a file's; roots in it are not looked at.
 * @throws TouchmarkError `INPUT_INVALID`, `INPUT_TOO_LARGE`; `USAGE` for an address that cannot be used.
 */
export function readSigningConfig(bytes: Uint8Array, clock: Clock): ConfiguredServices {
  const json = parseJson(bytes, { what: "the signing configuration", maxBytes: MAX_SMALL_FILE_BYTES });
  const client = ClientTrustConfig.safeParse(json);
  return {
    instance: instanceNow(parse(client.success ? client.data.signingConfig : json), clock()),
    withTrustedRoot: client.success,
  };
}

function instanceNow(config: z.output<typeof SigningConfig>, now: number): SigningInstance {
  const authorities = select("certificate authority", config.caUrls, [1], { selector: "ANY" }, now);
  const [authority] = authorities.services;
  if (authority === undefined) throw invalid("a certificate authority that is valid now", "none");
  const logs = select("log", config.rekorTlogUrls ?? [], [2, 1], config.rekorTlogConfig ?? null, now);
  const timestamps = select("timestamp authority", config.tsaUrls ?? [], [1], config.tsaConfig ?? null, now);
  // Which people may sign is no condition for a job that has a token.
  const [login] = newestOf(config.oidcUrls ?? [], [1], now);
  return {
    ...(login === undefined ? {} : { loginIssuer: login.url }),
    certificateAuthority: serviceUrl(authority.url),
    logs: logs.services
      .slice(0, logs.wanted)
      .map(
        ({ url, majorApiVersion }): LogService => ({ url: serviceUrl(url), version: majorApiVersion === 2 ? 2 : 1 }),
      ),
    timestampAuthorities: timestamps.services.map(({ url }) => serviceUrl(url)),
    timestamps: timestamps.wanted,
  };
}

function parse(json: unknown): z.output<typeof SigningConfig> {
  const parsed = SigningConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(`a SigningConfig v0.2 (${MEDIA_TYPE})`, `not so at ${(issue?.path ?? []).join(".") || "its start"}`);
}

/** @param selection - null: the configuration has none of this kind, and says nothing of how many. */
function select(
  kind: string,
  all: readonly Service[],
  versions: readonly number[],
  selection: Selection | null,
  now: number,
): { readonly services: readonly Service[]; readonly wanted: number } {
  if (selection === null) {
    if (all.length === 0) return { services: [], wanted: 0 };
    throw invalid(`a selector beside each kind of service that is listed`, `a ${kind} without one`);
  }
  const best = newestOf(all, versions, now);
  // Two services of one operator are one witness.
  const apart = best.filter(({ operator }, at) => best.findIndex((other) => other.operator === operator) === at);
  const wanted = selection.selector === "EXACT" ? selection.count : selection.selector === "ANY" ? 1 : apart.length;
  if (wanted > 0 && wanted <= Math.min(apart.length, MAX_USED_SERVICES)) {
    return { services: apart.slice(0, MAX_USED_SERVICES), wanted };
  }
  throw invalid(
    `${Math.max(wanted, 1)} valid ${kind} of version ${versions.join(" or ")}, each of another operator`,
    `${apart.length}`,
  );
}

/** Those that are valid, of the first version of which there are any; the newest first. */
function newestOf(all: readonly Service[], versions: readonly number[], now: number): readonly Service[] {
  const valid = all
    .filter(({ validFor }) => Date.parse(validFor.start) <= now && now <= endOf(validFor))
    .sort((left, right) => Date.parse(right.validFor.start) - Date.parse(left.validFor.start));
  const spoken = versions.map((version) => valid.filter((service) => service.majorApiVersion === version));
  return spoken.find((some) => some.length > 0) ?? [];
}

function endOf({ end }: Service["validFor"]): number {
  return end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end);
}

function invalid(expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", "the signing configuration cannot be used", { expected, actual });
}
