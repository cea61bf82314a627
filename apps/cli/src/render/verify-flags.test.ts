import { expect, it } from "vitest";
import { verifyFlags } from "./attest-summary.ts";

const signer = { identity: "dev@example.com", issuer: "https://login.example", source: null, withoutLog: false };

it.each([
  [signer, "--signer-identity dev@example.com --signer-issuer https://login.example"],
  [
    { ...signer, source: "https://github.com/o/r@refs/tags/v1", withoutLog: true },
    "--signer-identity dev@example.com --signer-issuer https://login.example --source https://github.com/o/r@refs/tags/v1 --without-log",
  ],
  [
    { ...signer, identity: "o'b$(x)@example.com" },
    "--signer-identity 'o'\\''b$(x)@example.com' --signer-issuer https://login.example",
  ],
])("can be typed into a shell: %#", (one, words) => {
  expect(verifyFlags(one)).toBe(words);
});
