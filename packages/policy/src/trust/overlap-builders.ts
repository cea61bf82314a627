import type { BuilderTrust, TrustSigner } from "./entry.ts";
import { literalPrefix } from "./literal-prefix.ts";

type Sided = Pick<BuilderTrust, "signer" | "builders">;

/** False where provenance cannot name a builder of both. */
export function buildersMeet(left: Sided, right: Sided): boolean {
  const [one, other] = [left.builders, right.builders];
  if (one === null || other === null) return true;
  if (one === "same-as-signer" || other === "same-as-signer") {
    if (one === other) return true;
    const [named, signer] = one === "same-as-signer" ? [other, left.signer] : [one, right.signer];
    return typeof named === "string" || named.some((id) => isNameOf(id, signer));
  }
  return one.some((id) => other.some((more) => isSame(id, more)));
}

/** One without a ref stands for every tag. */
function isSame(left: string, right: string): boolean {
  return left === right || left.startsWith(`${right}@refs/tags/`) || right.startsWith(`${left}@refs/tags/`);
}

/** True where the signer can be called as the builder is. */
function isNameOf(id: string, signer: TrustSigner): boolean {
  switch (signer.kind) {
    case "identity":
      return isSame(id, signer.identity);
    case "workflow":
      return id === signer.workflow || id.startsWith(`${signer.workflow}@`);
    case "pattern": {
      const prefix = literalPrefix(signer.pattern);
      return id.startsWith(prefix) || prefix.startsWith(id);
    }
    case "own-workflow":
      return id.includes("/.github/workflows/");
    default:
      return false;
  }
}
