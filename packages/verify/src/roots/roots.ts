import type { KeyObject } from "node:crypto";
import { attempt, type Bundle, isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { certainty } from "../certificate/certainty.ts";
import type { Demand } from "../certificate/demand.ts";
import { envelopeContent } from "../certificate/signed-content.ts";
import {
  type Signed,
  signingOf,
  type VerifiedSigning,
  verifySigned,
  verifySignedByKey,
} from "../certificate/verify-signed.ts";
import { SEAL } from "../seal.ts";
import type { SeenInstance } from "../seen/schema.ts";
import { rootsRollback } from "../seen/seen-roots.ts";
import type { ShowSigning } from "../trace/compared-signing.ts";
import { type Trace, traced } from "../trace/trace.ts";
import { instanceOf } from "./instance.ts";
import { listRoot, type RootsListing } from "./list-root.ts";
import { addressOf, materialOf, type RootMaterial } from "./material.ts";
import { newestStart, parseRoots } from "./parse-roots.ts";
import type { TrustedRoot } from "./schema.ts";

/** Where roots come from. */
export interface RootsSource {
  readonly bytes: Uint8Array;
  /** What they are called in messages and in reports; a path as the user typed it. */
  readonly label: string;
  /** RFC 3339: when they were known to be complete. Null where nobody knows: then it is the newest start in them. */
  readonly asOf: string | null;
}

/** When roots are not believed, however good they are. */
export interface RootsDemand {
  /** Older ones cannot tell: `ROOTS_STALE`. Null for any age. */
  readonly notBefore: Date | null;
  /** What was seen before: older ones of the same instance are `ROOTS_ROLLBACK`. */
  readonly seen: readonly SeenInstance[];
}

const ANY: RootsDemand = { notBefore: null, seen: [] };

/**
 * The certificate authorities, logs and timestamp authorities that are believed. Only a file that the user named, the ones
 * that come with the program, or what has just been updated from them; never anything that lies beside evidence.
 */
export class Roots {
  readonly label: string;
  /** SHA-256 of the file, lowercase hex. */
  readonly digest: string;
  /** RFC 3339, UTC: the newest day for which these are known to be complete. */
  readonly date: string;
  /** By which other threads make the same roots. */
  readonly origin: { readonly source: RootsSource; readonly demand: RootsDemand };
  readonly #documents: readonly TrustedRoot[];
  readonly #roots: readonly OpenRoot[];
  readonly #known = {
    logged: new WeakMap<Bundle, SigningOutcome>(),
    withoutLog: new WeakMap<Bundle, SigningOutcome>(),
  };

  /** Why nothing is verified under these; null where it is. */
  readonly #refusal: TouchmarkError | null;

  /** @throws TouchmarkError `ROOTS_INVALID`. */
  constructor(source: RootsSource, demand: RootsDemand = ANY) {
    const { roots, digest } = parseRoots(source.bytes, source.label);
    this.label = source.label;
    this.origin = { source, demand };
    this.digest = digest;
    this.date = source.asOf ?? new Date(Math.max(...roots.map((root) => newestStart(root).getTime()))).toISOString();
    this.#documents = roots;
    this.#roots = roots.map((root) => ({
      material: materialOf(root, source.label),
      hasLogs: root.tlogs.length > 0,
      olderThan: source.asOf === null ? newestStart(root) : new Date(source.asOf),
    }));
    // After the material was read: what cannot be read has no instance either.
    this.#refusal =
      tooOld(source.label, this.date, demand) ??
      (demand.seen.length === 0 ? null : rootsRollback(source.label, this.instances(), demand.seen));
  }

  /** By what a verifier that remembers knows these again. */
  instances(): readonly SeenInstance[] {
    return this.#documents.map(instanceOf);
  }

  /** What is trusted, for people. */
  list(): readonly RootsListing[] {
    return this.#documents.map(listRoot);
  }

  /**
   * Addresses of the logs that can be asked for entries: those of Rekor v1. Later ones keep entries by number alone, and
   * have keys of another kind (https://github.com/sigstore/rekor-tiles/blob/main/CLIENTS.md).
   */
  askableLogs(): readonly string[] {
    const logs = this.#roots.flatMap(({ material }) => material.forLibrary.tlogs);
    const old = logs.filter(({ publicKey }) => publicKey.asymmetricKeyType === "ec");
    return [...new Set(old.map(({ baseURL }) => addressOf(baseURL)))];
  }

  /**
   * Verifies who signed a bundle. It must hold under one root as a whole: a log of one instance says nothing about a
   * certificate of another. Where the root has transparency logs the signature must be in one; where it has none, a
   * verified timestamp must do.
   *
   * Remembers the answer, so that one bundle is verified once however many identities are trusted.
   *
   * @param withoutLog - also take what is in no log, by a verified timestamp alone.
   * @param trace - whoever wants to know what is checked has it checked again.
   * @throws TouchmarkError `ROOTS_STALE` and `ROOTS_ROLLBACK` for roots that are not believed, whatever the bundle is; else
   * as `verifySigned`; of several roots, the one that knows the authorities speaks.
   */
  verifyBundle(bundle: Bundle, withoutLog: boolean, trace: Trace<ShowSigning> | null = null): VerifiedSigning {
    const known = trace === null ? this.#answers(withoutLog).get(bundle) : undefined;
    const signed = () => ({ mediaType: bundle.mediaType, material: bundle, content: envelopeContent(bundle) });
    const answer = known ?? this.#attempt(signed(), withoutLog, trace);
    this.#answers(withoutLog).set(bundle, answer);
    if (isTouchmarkError(answer)) throw answer;
    return answer as VerifiedSigning;
  }

  /** Takes the answer of another thread that has the same roots, a refusal or the verified times; see `signing-threads.ts`. */
  learn(seal: typeof SEAL, bundle: Bundle, withoutLog: boolean, answer: TouchmarkError | readonly Date[]): void {
    if (seal !== SEAL) throw new TypeError("who signed is found out by this package only");
    const outcome = isTouchmarkError(answer) ? answer : attempt(() => signingOf(bundle, answer));
    this.#answers(withoutLog).set(bundle, outcome);
  }

  /**
   * The same for any signature, such as one over a file.
   *
   * @throws TouchmarkError
   */
  verifySignature(signed: Signed): VerifiedSigning {
    const answer = this.#attempt(signed, false);
    if (isTouchmarkError(answer)) throw answer;
    return answer as VerifiedSigning;
  }

  /**
   * The same for a bundle that a key signed; what it brings from logs and timestamp authorities must hold as well.
   *
   * @throws TouchmarkError
   */
  verifyBundleByKey(bundle: Bundle, key: KeyObject): void {
    this.verifySignatureByKey({ mediaType: bundle.mediaType, material: bundle, content: envelopeContent(bundle) }, key);
  }

  /**
   * A signature by a key, with the log entries and timestamps that come with it, if any; under the first root.
   *
   * @throws TouchmarkError
   */
  verifySignatureByKey(signed: Signed, key: KeyObject): void {
    const [first] = this.#roots;
    if (first === undefined) throw new TypeError("roots without a root");
    verifySignedByKey(signed, key, first.material);
  }

  /**
   * The same for a bundle of which a log must have the signature, and somebody must say when it was made; under any of the
   * roots, as a whole.
   *
   * @returns every verified time, the earliest first; at least one.
   * @throws TouchmarkError as {@link verifyBundle}.
   */
  verifyLoggedByKey(bundle: Bundle, key: KeyObject): readonly Date[] {
    const signed: Signed = { mediaType: bundle.mediaType, material: bundle, content: envelopeContent(bundle) };
    return this.#underOne(({ material }) => verifySignedByKey(signed, key, material, { logs: 1, times: 1 }));
  }

  /**
   * When a bundle that a key signed was signed, by whatever logs and timestamp authorities it brings.
   *
   * @returns every verified time, the earliest first; at least one.
   * @throws TouchmarkError as {@link verifyBundle}; `TIMESTAMP_INVALID` where nothing proves a time.
   */
  timesByKey(bundle: Bundle, key: KeyObject): readonly Date[] {
    const signed: Signed = { mediaType: bundle.mediaType, material: bundle, content: envelopeContent(bundle) };
    return this.#underOne(({ material }) => verifySignedByKey(signed, key, material, { logs: 0, times: 1 }));
  }

  #answers(withoutLog: boolean): WeakMap<Bundle, SigningOutcome> {
    return this.#known[withoutLog ? "withoutLog" : "logged"];
  }

  #attempt(signed: Signed, withoutLog: boolean, trace: Trace<ShowSigning> | null = null): SigningOutcome {
    return attempt(() =>
      this.#underOne(({ material, hasLogs, olderThan }, under) => {
        const demand: Demand = { logs: hasLogs && !withoutLog ? 1 : 0, times: 1 };
        return verifySigned(signed, material, demand, olderThan, under);
      }, trace),
    );
  }

  /** What holds under the first root under which it holds; of several refusals, that of the root that knows most. */
  #underOne<T>(
    verify: (root: OpenRoot, trace: Trace<ShowSigning> | null) => T,
    trace: Trace<ShowSigning> | null = null,
  ): T {
    const refusal = this.#refusal;
    if (refusal !== null) {
      traced(trace, "roots", () => {
        throw refusal;
      });
    }
    let reason: TouchmarkError | null = null;
    let told: Trace<ShowSigning> | null = null;
    for (const root of this.#roots) {
      const under = trace === null ? null : trace.branch();
      try {
        const result = verify(root, under);
        trace?.note(...stepsOf(under));
        return result;
      } catch (error) {
        if (!isTouchmarkError(error)) throw error;
        if (reason !== null && certainty(error) <= certainty(reason)) continue;
        reason = error;
        told = under;
      }
    }
    trace?.note(...stepsOf(told));
    throw reason ?? new TypeError("roots without a root");
  }
}

function stepsOf(trace: Trace<ShowSigning> | null) {
  return trace?.attempts.flatMap(({ steps }) => steps) ?? [];
}

interface OpenRoot {
  readonly material: RootMaterial;
  readonly hasLogs: boolean;
  readonly olderThan: Date;
}

function tooOld(label: string, date: string, { notBefore }: RootsDemand): TouchmarkError | null {
  if (notBefore === null || new Date(date) >= notBefore) return null;
  return new TouchmarkError("ROOTS_STALE", `${label} is older than roots may be`, {
    expected: `roots of ${notBefore.toISOString()} or newer`,
    actual: `roots of ${date}`,
  });
}

/** Who signed, or why nobody did. */
export type SigningOutcome = VerifiedSigning | TouchmarkError;
