import type { Json } from "@touchmark/core";
import type { GcbStatement } from "./gcb-signature.ts";
import { objectOf } from "./go-json.ts";
import { Refusal } from "./refusal.ts";

type Object = Readonly<Record<string, Json>>;

/** What the rules look at in a statement of Google Cloud Build, of either version. */
export interface GcbPredicate {
  readonly builderId: string;
  readonly buildType: string;
  readonly subjects: readonly Object[];
  /** v0.1: the arguments of the recipe. */
  readonly arguments: Json | undefined;
  /** `URI` or `URI@REF`. @throws Refusal */
  source(): string;
  /** The tag that triggered the build. @throws Refusal `ErrorMismatchTag`, where there is none or two. */
  tag(): string;
}

export function gcbPredicate({ version, statement }: GcbStatement): GcbPredicate {
  const predicate = objectOf(statement["predicate"]) ?? {};
  const subjects = listOf(statement["subject"]);
  return version === "v1" ? fromV1(predicate, subjects) : fromV01(predicate, subjects);
}

function fromV01(predicate: Object, subjects: readonly Object[]): GcbPredicate {
  const recipe = at(predicate, "recipe");
  return {
    builderId: textOf(at(predicate, "builder")["id"]),
    buildType: textOf(recipe["type"]),
    subjects,
    arguments: recipe["arguments"],
    source: () => {
      const [first] = listOf(predicate["materials"]);
      if (first === undefined) throw new Refusal("ErrorInvalidDssePayload", "no material");
      const uri = textOf(first["uri"]);
      if (uri === "") throw new Refusal("ErrorMalformedURI", "empty uri");
      return uri;
    },
    tag: () => substitution(objectOf(recipe["arguments"])?.["substitutions"]),
  };
}

function fromV1(predicate: Object, subjects: readonly Object[]): GcbPredicate {
  const definition = at(predicate, "buildDefinition");
  const configSource = (name: string): string => {
    const source = objectOf(objectOf(definition["externalParameters"])?.["buildConfigSource"]);
    const value = source?.[name];
    if (typeof value === "string") return value;
    throw new Refusal("ErrorInvalidDssePayload", `buildConfigSource: no ${name}`);
  };
  return {
    builderId: textOf(at(at(predicate, "runDetails"), "builder")["id"]),
    buildType: textOf(definition["buildType"]),
    subjects,
    arguments: undefined,
    source: () => `${configSource("repository")}@${configSource("ref")}`,
    tag: () => {
      const tag = substitution(objectOf(definition["internalParameters"])?.["systemSubstitutions"]);
      if (configSource("ref") === `refs/tags/${tag}`) return tag;
      throw new Refusal("ErrorMismatchTag", `"refs/tags/${tag}" != "${configSource("ref")}"`);
    },
  };
}

function substitution(substitutions: Json | undefined): string {
  const tag = objectOf(substitutions)?.["TAG_NAME"];
  if (typeof tag === "string") return tag;
  throw new Refusal("ErrorMismatchTag", 'no entry "TAG_NAME" among the substitutions');
}

function at(object: Object, name: string): Object {
  return objectOf(object[name]) ?? {};
}

function listOf(json: Json | undefined): readonly Object[] {
  return Array.isArray(json) ? json.map((one: Json) => objectOf(one) ?? {}) : [];
}

function textOf(json: Json | undefined): string {
  return typeof json === "string" ? json : "";
}
