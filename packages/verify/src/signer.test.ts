import { expect, it } from "vitest";
import { type Signer, shownSigner } from "./signer.ts";

it.each<[object, string]>([
  [{ kind: "key", digest: "ab" }, "key:sha256:ab"],
  [{ kind: "identity", identity: "https://github.com/octo/a" }, "identity:https://github.com/octo/a"],
  [{ kind: "cloud-build", keyId: "projects/x" }, "cloud-build:projects/x"],
])("%j is shown as %s", (signer, shown) => {
  expect(shownSigner(signer as Signer)).toBe(shown);
});
