import type { VerifierFlags } from "../verifier-flags.ts";

/** Flags of `verify` about the verification summaries that it writes. */
export interface SummaryOutFlags {
  readonly vsaOut?: string;
  readonly vsaVerifierId?: string;
  readonly vsaSigningKey?: string;
  readonly vsaSignerExec?: string;
  readonly vsaPassphraseFile?: string;
  readonly vsaPassphraseEnv?: string;
  readonly vsaKeyless?: boolean;
  readonly vsaSigningConfig?: string;
  readonly vsaSigningRoot?: string;
  readonly vsaIdentityToken?: string;
  readonly vsaAcknowledgePrivate?: boolean;
  readonly vsaRelease?: string;
  readonly vsaResourcePrefix?: string;
  readonly vsaPolicyUri?: string;
}

/** Flags about summaries that are accepted; most begin in the same way. */
const ACCEPTING = [
  "acceptVsa",
  "vsaKey",
  "vsaSignerIdentity",
  "vsaSignerIssuer",
  "vsaTrustedRoot",
  "vsaWithoutLog",
  "vsaVerifier",
  "vsaResource",
  "vsaLevel",
  "vsaMaxAge",
] as const satisfies readonly (keyof VerifierFlags)[];

/** True where a flag is given about summaries that are accepted. */
export function acceptsSummaries(flags: VerifierFlags): boolean {
  return flags.acceptVsa !== undefined || ACCEPTING.some((name) => flags[name] !== undefined);
}

/** The first of these flags that was given, as it is typed; null where no summary is asked for. */
export function summaryFlag(flags: SummaryOutFlags): string | null {
  const given = Object.entries(flags).find(
    ([name, value]) => name.startsWith("vsa") && value !== undefined && !ACCEPTING.some((one) => one === name),
  );
  return given === undefined ? null : `--${given[0].replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
