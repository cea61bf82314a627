import type { Json } from "@touchmark/core";
import { objectOf } from "./go-json.ts";
import { Refusal } from "./refusal.ts";

/** How Go's reader sees a part of JSON: other members are not there, and names count in any case. */
export type Shape =
  /** Whatever it is. */
  | "any"
  /** A text, empty where there is none; a flag, false. */
  | "text"
  | "flag"
  /** A map of texts. */
  | "texts"
  | { readonly list: Shape }
  | { readonly members: Readonly<Record<string, Shape>>; readonly optional?: true };

/** The part of JSON that a reader of this shape sees, so that two of them can be compared. @throws Refusal */
export function seen(json: Json | undefined, shape: Shape): Json {
  const value = json ?? null;
  if (shape === "any") return value;
  if (shape === "text" || shape === "flag") return scalar(value, shape);
  if (shape === "texts") return value === null ? null : texts(value);
  if ("list" in shape) {
    if (value === null) return null;
    if (!Array.isArray(value)) throw malformed("not a list");
    return value.map((one: Json) => seen(one, shape.list));
  }
  if (value === null && shape.optional === true) return null;
  const object = value === null ? {} : objectOf(value);
  if (object === null) throw malformed("not an object");
  const keys = Object.keys(object);
  return Object.fromEntries(
    Object.entries(shape.members).map(([name, member]) => {
      const key = keys.find((one) => one === name) ?? keys.find((one) => one.toLowerCase() === name.toLowerCase());
      return [name, seen(key === undefined ? null : object[key], member)];
    }),
  );
}

function scalar(value: Json, shape: "text" | "flag"): Json {
  if (shape === "text" && (value === null || typeof value === "string")) return value ?? "";
  if (shape === "flag" && (value === null || typeof value === "boolean")) return value ?? false;
  throw malformed(`not a ${shape}`);
}

function texts(value: Json): Json {
  const object = objectOf(value);
  if (object === null) throw malformed("not an object");
  return Object.fromEntries(Object.entries(object).map(([key, text]) => [key, scalar(text, "text")]));
}

function malformed(why: string): Refusal {
  return new Refusal("ErrorInvalidDssePayload", `a part of the provenance is ${why}`);
}

const SUBJECTS = { list: { members: { name: "text", digest: "texts" } } } as const satisfies Shape;
const HEAD = { _type: "text", predicateType: "text", subject: SUBJECTS } as const;

const PREDICATE_V01 = {
  members: {
    builder: { members: { id: "text" } },
    recipe: { members: { type: "text", entryPoint: "text", arguments: "any", environment: "any" } },
    metadata: {
      optional: true,
      members: {
        buildStartedOn: "text",
        buildFinishedOn: "text",
        completeness: { members: { arguments: "flag", environment: "flag", materials: "flag" } },
        reproducible: "flag",
      },
    },
    materials: { list: { members: { uri: "text", digest: "texts" } } },
  },
} as const satisfies Shape;

const DESCRIPTORS = {
  list: {
    members: {
      uri: "text",
      digest: "texts",
      name: "text",
      downloadLocation: "text",
      mediaType: "text",
      content: "text",
      annotations: "any",
    },
  },
} as const satisfies Shape;

const PREDICATE_V1 = {
  members: {
    buildDefinition: {
      members: {
        buildType: "text",
        externalParameters: "any",
        internalParameters: "any",
        resolvedDependencies: DESCRIPTORS,
      },
    },
    runDetails: {
      members: {
        builder: { members: { id: "text", version: "texts", builderDependencies: DESCRIPTORS } },
        metadata: { members: { invocationID: "text", startedOn: "text", finishedOn: "text" } },
        byproducts: DESCRIPTORS,
      },
    },
  },
} as const satisfies Shape;

/** Google Cloud Build's statements, by the version of the predicate. Sources: the provenance.go of each version under https://github.com/slsa-framework/slsa-verifier/tree/v2.7.1/verifiers/internal/gcb/slsaprovenance */
export const STATEMENTS = {
  v01: { members: { ...HEAD, predicate: PREDICATE_V01 } },
  /** What stands beside the signed one for people to read calls the predicate otherwise. */
  v01Text: { members: { ...HEAD, slsaProvenance: PREDICATE_V01 } },
  v1: { members: { ...HEAD, predicate: PREDICATE_V1 } },
} as const satisfies Record<string, Shape>;
