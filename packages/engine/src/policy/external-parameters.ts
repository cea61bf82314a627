import { isJsonObject, PROVENANCE_V1, PROVENANCE_V01, PROVENANCE_V02 } from "@touchmark/core";

type Parameters = Readonly<Record<string, unknown>>;

/**
 * What the build was told from outside, by the names of the provenance's version: v1's external parameters; of v0.2 what the
 * specification's table of changes makes of them, `configSource` and `parameters`; of v0.1 the recipe but for its type.
 * Source: https://slsa.dev/spec/v1.2/build-provenance#migrating-from-02
 *
 * @param predicate - of provenance that was read, with its JSON.
 */
export function externalParameters(predicateType: string, predicate: unknown): Parameters {
  switch (predicateType) {
    case PROVENANCE_V1:
      return memberOf(memberOf(predicate, "buildDefinition"), "externalParameters");
    case PROVENANCE_V02: {
      const { configSource, parameters } = memberOf(predicate, "invocation");
      return said({ configSource, parameters });
    }
    case PROVENANCE_V01: {
      const { type: _type, ...recipe } = memberOf(predicate, "recipe");
      return said(recipe);
    }
    default:
      return {};
  }
}

function memberOf(json: unknown, name: string): Parameters {
  const member = isJsonObject(json) && Object.hasOwn(json, name) ? json[name] : null;
  return isJsonObject(member) ? member : {};
}

/** "unset == null == empty": https://slsa.dev/spec/v1.2/build-provenance#parsing-rules */
function said(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null));
}
