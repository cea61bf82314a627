import { rootOf } from "../../packages/testkit/src/sigstore/index.ts";
import { materialOf, type RootMaterial } from "../../packages/verify/src/roots/material.ts";
import { parseRoots } from "../../packages/verify/src/roots/parse-roots.ts";
import { bytesOf, sigstore } from "../../packages/verify/test/certificate-cases.ts";

/** After everything that the sound inputs say. */
export const LATE = new Date("2026-06-01T00:00:00Z");

/** The authorities that made the sound inputs. */
export const material: RootMaterial = materialOfTheTest();

function materialOfTheTest(): RootMaterial {
  const [root] = parseRoots(bytesOf(rootOf(sigstore)), "roots.json").roots;
  if (root === undefined) throw new TypeError("the test's roots hold no root");
  return materialOf(root, "roots.json");
}
