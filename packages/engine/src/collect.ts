import { createHash } from "node:crypto";
import {
  type BuildOutput,
  type Checkout,
  checkSubjectName,
  fillNameTemplate,
  isPurl,
  issueText,
  isTouchmarkError,
  namePartsOf,
  type Origin,
  type Subject,
  type SubjectsFile,
  subjectsFileOf,
  TouchmarkError,
} from "@touchmark/core";
import type { Adapter, Host } from "@touchmark/plugin";

/** One thing to collect: an adapter, its options and how its subjects are called. */
export interface Source {
  readonly adapter: Adapter;
  /** As the adapter's schema reads them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The artifact's key in the configuration; the adapter's name for `--from`. */
  readonly artifact: string;
  readonly part: string | null;
  /** A template such as `{stem}-{part}`; null keeps the adapter's names. */
  readonly name: string | null;
  /** How the user wrote it: `goreleaser:dist`. For messages only. */
  readonly label: string;
}

/** Where the collecting runs. */
export interface Surroundings {
  readonly origin: Origin | null;
  /** Being read meanwhile; null outside a repository. Nothing that an adapter runs starts before it is known. */
  readonly checkout: Promise<Checkout | null>;
}

/**
 * Runs one adapter and makes the subjects file of what it found.
 *
 * @throws TouchmarkError `CONFIG_INVALID` for options that the adapter refuses; `NOTHING_FOUND` when its tool left no
 * trace; `SUBJECTS_EMPTY` when it did and made nothing; whatever the adapter throws.
 */
export async function collect(source: Source, surroundings: Surroundings, host: Host): Promise<SubjectsFile> {
  const output = await source.adapter.collect(runningAfter(surroundings.checkout, host), parseOptions(source));
  if (output === null) {
    throw new TouchmarkError("NOTHING_FOUND", `${source.label} found nothing that ${source.adapter.name} made`, {
      expected: `the outputs of ${source.adapter.name}`,
      actual: "no trace of it",
    });
  }
  if (output.subjects.length === 0) {
    throw new TouchmarkError("SUBJECTS_EMPTY", `${source.label} made no artifact`, {
      expected: "at least one subject",
      actual: "none",
    });
  }
  const checkout = await surroundings.checkout;
  return subjectsFileOf(
    {
      adapter: source.adapter.name,
      artifact: source.artifact,
      part: source.part,
      origin: surroundings.origin,
      checkouts: checkout === null ? [] : [checkout],
      output: rename(output, source),
    },
    sha256Hex,
  );
}

/** A host whose commands wait for the checkout: what they write must not make it look changed. */
function runningAfter(checkout: Promise<unknown>, host: Host): Host {
  const run: Host["run"] = async (command, args, options) => {
    await checkout;
    return host.run(command, args, options);
  };
  return Object.assign(Object.create(host) as Host, { run });
}

/** Hex SHA-256 of bytes in memory. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function parseOptions(source: Source): unknown {
  const parsed = source.adapter.options.safeParse(source.options);
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("CONFIG_INVALID", `the options of ${source.label} are not those of ${source.adapter.name}`, {
    expected: `options of the adapter ${source.adapter.name}`,
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
}

/** Names of packages and images belong to their ecosystems; only file names follow the template. */
function rename(output: BuildOutput, source: Source): BuildOutput {
  const template = source.name;
  if (template === null) return output;
  const named = (subject: Subject): Subject => {
    if (isPurl(subject.name) || subject.uri?.startsWith("pkg:oci/")) return subject;
    const name = fillNameTemplate(template, namePartsOf(subject.name, source.part));
    try {
      checkSubjectName(name);
    } catch (error) {
      if (!isTouchmarkError(error)) throw error;
      throw new TouchmarkError("NAME_REFUSED", `the name template of ${source.artifact} gives a refused name`, {
        expected: error.expected,
        actual: `${JSON.stringify(name)}: ${error.actual}`,
        cause: error,
      });
    }
    return { ...subject, name };
  };
  return { ...output, subjects: output.subjects.map(named) };
}
