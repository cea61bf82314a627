import { type Bundle, parseStatement } from "@touchmark/core";
import { attLayerOfBundle, sha256Text } from "@touchmark/oci";
import { layerDescriptor } from "../evidence-input.ts";
import type { Conversion } from "./conversion.ts";
import type { Loss } from "./loss.ts";

/**
 * As a layer of cosign's `.att` tag: its descriptor, with annotations and the layer in it.
 *
 * @throws TouchmarkError `STATEMENT_MALFORMED`: readers of such a layer choose it by its predicate type.
 */
export function toCosignLayer(bundle: Bundle): Conversion {
  const { content, annotations, lost } = attLayerOfBundle(bundle, parseStatement(bundle.payload).predicateType);
  const losses: readonly (Loss | null)[] = [
    lost.logEntries > 0 ? "log-entries" : null,
    lost.logProofs > 0 ? "log-proofs" : null,
    lost.loggedEnvelopes > 0 ? "logged-envelope" : null,
    lost.timestamps > 0 ? "timestamps" : null,
  ];
  return {
    line: layerDescriptor({ content, digest: sha256Text(content), annotations }),
    losses: losses.filter((loss) => loss !== null),
  };
}
