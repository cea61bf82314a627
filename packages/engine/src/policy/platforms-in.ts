import type { CompiledPolicy } from "@touchmark/policy";
import type { ImageItem } from "../check-items.ts";
import { artifactFacts } from "./artifact-facts.ts";

/** The platforms that a policy wants an image to have, by the rule that is about the image. */
export function platformsIn(policy: CompiledPolicy): (root: ImageItem) => readonly string[] {
  return ({ name, repository, layout, digest, platform }) => {
    const [algorithm = "", hex = ""] = digest.split(":");
    const image = { kind: "image", name, repository, layout, digests: { [algorithm]: hex }, platform } as const;
    return policy.ruleFor(artifactFacts({ ...image, obstacle: null, gaps: [] }, null)).platforms;
  };
}
