import path from "node:path";
import { isTouchmarkError, type Subject, TouchmarkError } from "@touchmark/core";
import { encodeImageSignatures, type ImageSignature, simpleSigningPayload } from "@touchmark/oci";
import type { Host, PlatformRun, Publisher, Receipt } from "@touchmark/plugin";
import { type ImageSubject, imagesIn, ociStore, registriesOf } from "./builtin-services.ts";
import type { Config } from "./config/schema.ts";
import type { Context } from "./context.ts";
import { counted } from "./render/counted.ts";
import { shellWord } from "./render/shell-word.ts";
import { safe } from "./render/terminal.ts";
import type { Signing } from "./signing.ts";
import { openHost } from "./workbench.ts";

/** What `attest` and `publish` take about registries. */
export interface PushOptions {
  readonly push?: boolean;
  readonly attTag?: boolean;
  readonly cosignSignature?: boolean;
}

/** What goes into registries. */
export interface PushPlan {
  readonly images: readonly ImageSubject[];
  /** Also cosign's `.att` tag. */
  readonly attTag: boolean;
  /** Also a signature of each image in cosign's `.sig` tag. */
  readonly cosignSignature: boolean;
}

/** Beside the bundles, so that `publish` can finish without signing. */
const SIGNATURES_SUFFIX = ".image-signatures.jsonl";

/**
 * What flags and configuration want pushed; flags win.
 *
 * @returns null where nothing is.
 * @throws TouchmarkError `USAGE` for a flag about the registry without a push; `SUBJECTS_EMPTY` when no subject is an
 * image in a registry: before anything is signed.
 */
export function planPush(
  options: PushOptions,
  registry: NonNullable<Config["publish"]>["registry"],
  subjects: readonly Subject[],
): PushPlan | null {
  if (!(options.push ?? registry?.push ?? false)) {
    const stray = options.attTag ? "--att-tag" : options.cosignSignature ? "--cosign-signature" : null;
    if (stray === null) return null;
    throw new TouchmarkError("USAGE", `${stray} is about the registry, and nothing is pushed`, {
      expected: "--push beside it, or publish.registry.push in the configuration",
      actual: "neither",
    });
  }
  const images = imagesIn(subjects);
  if (images.length === 0) {
    throw new TouchmarkError("SUBJECTS_EMPTY", "there is no image to push evidence for", {
      expected:
        "an image with its repository among the subjects, such as --from buildx:metadata.json gives; or --no-push",
      actual: `${counted(subjects.length, "subject")}, none of them an image in a registry`,
    });
  }
  return {
    images,
    attTag: options.attTag ?? registry?.["att-tag"] ?? false,
    cosignSignature: options.cosignSignature ?? registry?.["cosign-signature"] ?? false,
  };
}

/** Signs every image for `cosign verify`. */
export async function signImages(
  images: readonly ImageSubject[],
  { signer, publicKey }: Signing,
  run: PlatformRun,
  host: Host,
): Promise<readonly ImageSignature[]> {
  if (publicKey === null) {
    throw new TouchmarkError("USAGE", "--cosign-signature needs a key", {
      expected: "--key, or the attached statement alone, which cosign verify-attestation reads",
      actual: "--keyless",
    });
  }
  const signatures: ImageSignature[] = [];
  for (const { name, digest } of images) {
    const payload = simpleSigningPayload({ name, digest });
    signatures.push({ name, digest, payload, signature: await signer.signMessage(payload, run, host), publicKey });
  }
  return signatures;
}

/** Keeps image signatures as a file beside the bundles. */
export function signaturesFile(folder: string, stem: string, signatures: readonly ImageSignature[]): Publisher {
  return {
    name: "image-signatures",
    async publish(_envelopes, host): Promise<readonly Receipt[]> {
      const name = `${stem}${SIGNATURES_SUFFIX}`;
      await host.writeFiles(folder, [{ name, bytes: encodeImageSignatures(signatures) }]);
      return [{ subject: null, uri: path.join(folder, name), existed: false }];
    },
  };
}

/** Where the evidence of a release lies: what `publish` is given to push it. */
export function evidenceFiles(folder: string, stem: string, hasSignatures: boolean): readonly string[] {
  const names = [`${stem}.intoto.jsonl`, ...(hasSignatures ? [`${stem}${SIGNATURES_SUFFIX}`] : [])];
  return names.map((name) => path.join(folder, name));
}

export interface PusherOptions {
  readonly attTag: boolean;
  readonly signatures: readonly ImageSignature[];
  /** Files that hold what is pushed; a failure names the line that pushes the rest of them. */
  readonly files: readonly string[];
}

/**
 * Pushes into the registries that the subjects are in; no other host is contacted, but for those that these refer to.
 *
 * @throws TouchmarkError in `publish`: as the store's, with the line to type that finishes the work.
 */
export function registryPusher(context: Context, options: PusherOptions): Publisher {
  const { attTag, signatures } = options;
  return {
    name: "oci",
    async publish(envelopes) {
      const signed = signatures.map(({ name }) => name.slice(0, name.indexOf("/")));
      const named = [...registriesOf(envelopes.flatMap(({ subjects }) => subjects)), ...signed];
      const hosts = [...new Set(named)];
      // Before anybody is contacted: of evidence that `publish` is given, whoever wrote it chose them.
      if (hosts.length > 0) context.terminal.note(`  may contact   ${hosts.map(safe).join(", ")}`);
      const host = openHost(context, [], false, { network: { kind: "registries", hosts } });
      try {
        return await ociStore({ attTag, signatures }).publish(envelopes, host);
      } catch (error) {
        throw namingTheRest(error, options);
      } finally {
        await host.close();
      }
    },
  };
}

function namingTheRest(error: unknown, { attTag, files }: PusherOptions): unknown {
  if (!isTouchmarkError(error)) return error;
  const line = ["touchmark publish", ...files.map(shellWord), "--to oci", ...(attTag ? ["--att-tag"] : [])].join(" ");
  return new TouchmarkError(
    error.code,
    `${error.message}; nothing has to be signed again, this pushes the rest: ${line}`,
    {
      expected: error.expected,
      actual: error.actual,
      cause: error,
    },
  );
}
