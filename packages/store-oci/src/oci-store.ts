import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { inParallel, openRegistry, type Registry } from "@touchmark/oci";
import type { Host, Publisher, Receipt } from "@touchmark/plugin";
import { type Attached, attach } from "./attach.ts";
import { MAX_PARALLEL_IMAGES } from "./limits.ts";
import { type Place, placeIn } from "./place.ts";
import { settle } from "./tag-edit.ts";
import { type OciStoreOptions, type Target, targetsOf } from "./target.ts";

/**
 * Attaches bundles to the images that they speak of, in the images' own repositories: as OCI 1.1 referrers, under the
 * referrers tag where the registry has no API for them. What is there already is not pushed again; several images are
 * worked on at once. Subjects that are no images in a registry are left to other publishers.
 *
 * @throws TouchmarkError in `publish`: `SUBJECTS_EMPTY` when there is no such image; else, once everything that can be
 * pushed is pushed, an error with the code of the first failure that says how many were pushed and which failed.
 */
export function ociStore(options: OciStoreOptions): Publisher {
  return {
    name: "oci",
    async publish(envelopes, host) {
      const targets = targetsOf(envelopes, options);
      if (targets.length === 0) {
        throw new TouchmarkError("SUBJECTS_EMPTY", "no subject is an image in a registry", {
          expected: "a subject with a pkg:oci purl that names its repository",
          actual: "none",
        });
      }
      const outcomes = await pushAll(targets, host);
      const failures = outcomes.flatMap((outcome, index) => {
        const target = targets[index];
        return outcome.status === "rejected" && target !== undefined ? [{ target, reason: outcome.reason }] : [];
      });
      const attached = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
      const written = attached.flatMap((one) => one.written);
      const unsettled = await settle(written, host).then(
        () => null,
        (error: unknown) => error,
      );
      if (failures.length > 0) throw summary(targets.length, failures);
      if (unsettled !== null) throw unsettled;
      return attached.flatMap(({ receipts }): readonly Receipt[] => receipts);
    },
  };
}

async function pushAll(targets: readonly Target[], host: Host): Promise<readonly PromiseSettledResult<Attached>[]> {
  const registries = new Map<string, Registry>();
  const places = new Map<string, Place>();
  const placeOf = ({ registry, repository, name }: Target): Place => {
    const opened = registries.get(registry) ?? openRegistry(registry, host);
    registries.set(registry, opened);
    const place = places.get(name) ?? placeIn(opened.repository(repository, { push: true }));
    places.set(name, place);
    return place;
  };
  const unreachable = new Map<string, unknown>();
  return inParallel(targets, MAX_PARALLEL_IMAGES, async (target) => {
    // A host that did not answer after several attempts would cost the same time again for every image.
    if (unreachable.has(target.registry)) throw unreachable.get(target.registry);
    try {
      return await attach(target, placeOf(target), host);
    } catch (error) {
      if (isTouchmarkError(error) && (error.code === "NETWORK_UNAVAILABLE" || error.code === "ABORTED")) {
        unreachable.set(target.registry, error);
      }
      throw error;
    }
  });
}

/** How many failed images a message names. */
const NAMES_SHOWN = 3;

function summary(total: number, failures: readonly { readonly target: Target; readonly reason: unknown }[]): unknown {
  const foreign = failures.find(({ reason }) => !isTouchmarkError(reason));
  if (foreign !== undefined) return foreign.reason;
  const [first] = failures;
  if (first === undefined || !isTouchmarkError(first.reason)) return first?.reason;
  const { code, message, expected, actual } = first.reason;
  const named = failures.slice(0, NAMES_SHOWN).map(({ target }) => `${target.name}@${target.digest}`);
  const more = failures.length > named.length ? ` and ${failures.length - named.length} more` : "";
  const share = `${total - failures.length} of ${total} images have their evidence now; not ${named.join(", ")}${more}`;
  const what = total === 1 ? `the evidence is not with ${named.join()}` : share;
  return new TouchmarkError(code, `${what}: ${message}`, { expected, actual, cause: first.reason });
}
