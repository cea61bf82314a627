import type { DigestSet } from "./digest.ts";
import { parsePredicate } from "./provenance.ts";
import { PROVENANCE_V1, ProvenanceV1 } from "./provenance-v1.ts";
import { PROVENANCE_V01, ProvenanceV01 } from "./provenance-v01.ts";
import { PROVENANCE_V02, ProvenanceV02 } from "./provenance-v02.ts";
import type { ResourceDescriptor } from "./resource-descriptor.ts";
import type { StatedStatement } from "./statement.ts";

/** Something that a build used; at least one of the three says what. */
export type Dependency = Pick<ResourceDescriptor, "name" | "uri" | "digest">;

/**
 * What provenance of any version says that its build used: v1 `resolvedDependencies`, before that `materials`. It is as complete as
 * whoever wrote it cared: https://slsa.dev/spec/v1.2/build-provenance#fields, "best effort".
 *
 * @returns none for a statement that is no provenance.
 * @throws TouchmarkError `STATEMENT_MALFORMED`.
 */
export function readDependencies(statement: StatedStatement): readonly Dependency[] {
  switch (statement.predicateType) {
    case PROVENANCE_V1:
      return parsePredicate(ProvenanceV1, statement).buildDefinition.resolvedDependencies;
    case PROVENANCE_V02:
      return parsePredicate(ProvenanceV02, statement).materials.flatMap(ofMaterial);
    case PROVENANCE_V01:
      return parsePredicate(ProvenanceV01, statement).materials.flatMap(ofMaterial);
    default:
      return [];
  }
}

/** "unset == null == empty": one of which nothing is said is none. */
function ofMaterial({
  uri,
  digest,
}: {
  readonly uri: string | null;
  readonly digest: DigestSet | null;
}): readonly Dependency[] {
  if (uri === null && digest === null) return [];
  return [
    {
      ...(uri === null ? {} : { uri }),
      ...(digest === null ? {} : { digest }),
    },
  ];
}
