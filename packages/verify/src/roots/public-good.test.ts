import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import seeds from "@sigstore/tuf/seeds.json" with { type: "json" };
import { expect, test } from "vitest";
import { publicGoodRoots } from "../open-roots.ts";
import { PUBLIC_GOOD_DATE, PUBLIC_GOOD_ROOT } from "./public-good.ts";

test("the roots are the ones in @sigstore/tuf, byte for byte (scripts/take-public-good-root.mjs writes them)", () => {
  const target = seeds["https://tuf-repo-cdn.sigstore.dev"].targets["trusted_root.json"];
  expect(PUBLIC_GOOD_ROOT).toBe(Buffer.from(target, "base64").toString("utf8"));
});

test("docs/roots.md says digest and date", async () => {
  const page = readFileSync(new URL("../../../../docs/roots.md", import.meta.url), "utf8");
  const digest = createHash("sha256").update(PUBLIC_GOOD_ROOT).digest("hex");
  expect(page).toContain(digest);
  expect(page).toContain(PUBLIC_GOOD_DATE.slice(0, 10));
  expect(await publicGoodRoots()).toMatchObject({ label: "public-good", digest, date: PUBLIC_GOOD_DATE });
});
