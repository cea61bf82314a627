import { createPrivateKey, createPublicKey, verify } from "node:crypto";
import { expect, it } from "vitest";
import { signDeterministically } from "./deterministic-ecdsa.mjs";

/** RFC 6979, A.2.5 and A.2.6: the private keys, and `r` of the signatures over "sample". */
it.each([
  [
    "P-256",
    "sha256",
    "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
    "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
  ],
  [
    "P-384",
    "sha384",
    "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
    "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13",
    "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720",
    "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46",
  ],
])("signs on %s as RFC 6979 does", (crv, hash, d, x, y, r) => {
  const [key, left, right] = [d, x, y].map((hex) => Buffer.from(hex, "hex").toString("base64url"));
  const privateKey = createPrivateKey({ format: "jwk", key: { kty: "EC", crv, d: key, x: left, y: right } });
  const signature = signDeterministically(privateKey, hash, Buffer.from("sample"));
  expect(Buffer.from(signature ?? []).toString("hex")).toContain(r.toLowerCase());
  expect(verify(hash, Buffer.from("sample"), createPublicKey(privateKey), Buffer.from(signature ?? []))).toBe(true);
});
