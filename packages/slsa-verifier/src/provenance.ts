import type { Json } from "@touchmark/core";
import { BUILD_TYPES, type Shape } from "./builders.ts";
import { type Fields, flagOf, structOf, structsOf, textOf, textsOf, timeOf } from "./go-json.ts";
import { Refusal } from "./refusal.ts";
import { type Payload, readStatement, type StatementSubject } from "./statement.ts";

/** SLSA provenance of a builder that slsa-verifier knows, in the parts that its rules look at. */
export interface KnownProvenance {
  readonly shape: Shape;
  readonly statementType: string;
  readonly predicateType: string;
  readonly subjects: readonly StatementSubject[];
  readonly builderId: string;
  readonly buildType: string;
  /** URIs of materials, or of resolvedDependencies. */
  readonly dependencies: readonly string[];
  readonly invocationId: string;
  readonly startedOn: string | null;
  readonly finishedOn: string | null;
  /** v0.2: where the build was started from. Both empty in v1. */
  readonly configSource: { readonly uri: string; readonly entryPoint: string };
  /** v0.2's environment, v1's internalParameters: anything. */
  readonly environment: Json | undefined;
  /** v0.2's invocation.parameters, v1's externalParameters: anything. */
  readonly parameters: Json | undefined;
  /** v0.2 only. */
  readonly buildConfig: Json | undefined;
  readonly claimsCompleteness: boolean;
  readonly claimsReproducible: boolean;
}

const V02_TYPE = "https://slsa.dev/provenance/v0.2";
const V1_TYPE = "https://slsa.dev/provenance/v1";

/**
 * Reads provenance, if its builder and its build type belong together.
 *
 * @param builderName - who made it, without a version; as the certificate says, not the provenance.
 * @throws Refusal `ErrorInvalidDssePayload`, `ErrorInvalidBuilderID`, `ErrorInvalidBuildType`.
 */
export function readKnownProvenance(builderName: string, signed: Payload): KnownProvenance {
  const { predicateType, predicate, subjects, type } = readStatement(signed);
  const version = predicateType === V02_TYPE ? "v0.2" : predicateType === V1_TYPE ? "v1" : null;
  if (version === null) {
    throw new Refusal("ErrorInvalidDssePayload", `unexpected predicate type "${predicateType}"`);
  }
  const parts = version === "v1" ? partsOfV1(predicate) : partsOfV02(predicate);
  const buildTypes = BUILD_TYPES[version].get(builderName);
  if (buildTypes === undefined) throw new Refusal("ErrorInvalidBuilderID", `"${builderName}"`);
  const shape = buildTypes.get(parts.buildType);
  if (shape === undefined) {
    throw new Refusal("ErrorInvalidBuildType", `"${parts.buildType}" for builder ID "${builderName}"`);
  }
  return { shape, statementType: type, predicateType, subjects, ...parts };
}

type Parts = Omit<KnownProvenance, "shape" | "statementType" | "predicateType" | "subjects">;

/** https://github.com/in-toto/in-toto-golang/blob/v0.9.0/in_toto/slsa_provenance/v0.2/provenance.go */
function partsOfV02(json: Json | undefined): Parts {
  const fields = structOf(
    json,
    ["builder", "buildType", "invocation", "buildConfig", "metadata", "materials"],
    "predicate",
  );
  const builder = structOf(fields.get("builder"), ["id"], "builder");
  const invocation = structOf(fields.get("invocation"), ["configSource", "parameters", "environment"], "invocation");
  const configSource = structOf(invocation.get("configSource"), ["uri", "digest", "entryPoint"], "configSource");
  textsOf(configSource, "digest");
  const metadata = structOf(
    fields.get("metadata"),
    ["buildInvocationID", "buildStartedOn", "buildFinishedOn", "completeness", "reproducible"],
    "metadata",
  );
  const completeness = structOf(metadata.get("completeness"), COMPLETENESS, "completeness");
  return {
    builderId: textOf(builder, "id"),
    buildType: textOf(fields, "buildType"),
    dependencies: structsOf(fields, "materials", ["uri", "digest"]).map(uriOf),
    invocationId: textOf(metadata, "buildInvocationID"),
    startedOn: timeOf(metadata, "buildStartedOn"),
    finishedOn: timeOf(metadata, "buildFinishedOn"),
    configSource: { uri: textOf(configSource, "uri"), entryPoint: textOf(configSource, "entryPoint") },
    environment: invocation.get("environment"),
    parameters: invocation.get("parameters"),
    buildConfig: fields.get("buildConfig"),
    claimsCompleteness: COMPLETENESS.map((name) => flagOf(completeness, name)).includes(true),
    claimsReproducible: flagOf(metadata, "reproducible"),
  };
}

const COMPLETENESS = ["parameters", "environment", "materials"];

const DESCRIPTOR = ["uri", "digest", "name", "downloadLocation", "mediaType", "content", "annotations"];

/** https://github.com/in-toto/in-toto-golang/blob/v0.9.0/in_toto/slsa_provenance/v1/provenance.go */
function partsOfV1(json: Json | undefined): Parts {
  const fields = structOf(json, ["buildDefinition", "runDetails"], "predicate");
  const definition = structOf(
    fields.get("buildDefinition"),
    ["buildType", "externalParameters", "internalParameters", "resolvedDependencies"],
    "buildDefinition",
  );
  const run = structOf(fields.get("runDetails"), ["builder", "metadata", "byproducts"], "runDetails");
  const builder = structOf(run.get("builder"), ["id", "version", "builderDependencies"], "builder");
  textsOf(builder, "version");
  structsOf(builder, "builderDependencies", DESCRIPTOR).forEach(uriOf);
  structsOf(run, "byproducts", DESCRIPTOR).forEach(uriOf);
  const metadata = structOf(run.get("metadata"), ["invocationID", "startedOn", "finishedOn"], "metadata");
  return {
    builderId: textOf(builder, "id"),
    buildType: textOf(definition, "buildType"),
    dependencies: structsOf(definition, "resolvedDependencies", DESCRIPTOR).map(uriOf),
    invocationId: textOf(metadata, "invocationID"),
    startedOn: timeOf(metadata, "startedOn"),
    finishedOn: timeOf(metadata, "finishedOn"),
    configSource: { uri: "", entryPoint: "" },
    environment: definition.get("internalParameters"),
    parameters: definition.get("externalParameters"),
    buildConfig: undefined,
    claimsCompleteness: false,
    claimsReproducible: false,
  };
}

function uriOf(descriptor: Fields): string {
  textsOf(descriptor, "digest");
  return textOf(descriptor, "uri");
}
