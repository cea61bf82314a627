import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { namedCurve } from "./named-curve.ts";

it.each(["prime256v1", "secp384r1", "secp521r1", "secp256k1"])("%s is the name of a curve", (curve) => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: curve });
  expect([namedCurve(publicKey), namedCurve(privateKey)]).toEqual([curve, curve]);
});

it("there is none of a key of another kind", () => {
  expect(namedCurve(generateKeyPairSync("ed25519").publicKey)).toBeNull();
  expect(namedCurve(generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey)).toBeNull();
  // Node ends here, too, when it is asked for the details of some.
  expect(namedCurve(generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 }).publicKey)).toBeNull();
});

it("a curve that is written out has the name of the one that it is", () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1", paramEncoding: "explicit" });
  expect(publicKey.asymmetricKeyType).toBe("ec");
  expect(namedCurve(publicKey)).toBe("prime256v1");
});

it.each([
  ["P-256", "3019301306072a8648ce3d020106082a8648ce3d03010703020000"],
  ["P-384", "3016301006072a8648ce3d020106052b8104002203020000"],
])("there is none of a point of %s at infinity, and the process goes on", (_, hex) => {
  const key = createPublicKey({ key: Buffer.from(hex, "hex"), format: "der", type: "spki" });
  expect(key.asymmetricKeyType).toBe("ec");
  expect(namedCurve(key)).toBeNull();
});
