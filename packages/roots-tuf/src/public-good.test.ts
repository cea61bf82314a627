import seeds from "@sigstore/tuf/seeds.json" with { type: "json" };
import { expect, it } from "vitest";
import { PUBLIC_GOOD_MIRROR, PUBLIC_GOOD_TUF_ROOT } from "./public-good.ts";
import { firstRoot } from "./root-chain.ts";

it("the root is the one in @sigstore/tuf, byte for byte (scripts/take-public-good-root.mjs writes it)", () => {
  expect(PUBLIC_GOOD_TUF_ROOT).toBe(Buffer.from(seeds[PUBLIC_GOOD_MIRROR]["root.json"], "base64").toString("utf8"));
});

it("the root is signed by itself, for three of five", () => {
  const root = firstRoot(new TextEncoder().encode(PUBLIC_GOOD_TUF_ROOT), "root.json");
  expect(root.signed.roles.root).toMatchObject({ threshold: 3 });
});
