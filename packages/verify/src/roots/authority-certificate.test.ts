import { verify } from "node:crypto";
import { intermediateAuthority, rootAuthority } from "@touchmark/testkit/sigstore";
import { expect, test, vi } from "vitest";
import { parseCertificate } from "../certificate/parse-certificate.ts";
import { parseAuthority } from "./authority-certificate.ts";

vi.mock("node:crypto", { spy: true });

const root = rootAuthority("root");
const derOf = (authority: typeof root, at: number) => authority.chain[at]?.der ?? new Uint8Array();
const intermediate = intermediateAuthority("intermediate", root);

test("who issued an authority is asked once for each issuer, and no answer stands for another one", () => {
  vi.mocked(verify).mockClear();
  const certificate = parseAuthority(derOf(intermediate, 0), false);
  const issuer = parseAuthority(derOf(intermediate, 1), false);
  const namesake = parseCertificate(derOf(rootAuthority("root"), 0));
  for (const _time of [1, 2]) {
    expect(certificate.verify(issuer)).toBe(true);
    expect(certificate.verify(namesake)).toBe(false);
    expect(certificate.verify()).toBe(false);
    expect(issuer.verify()).toBe(true);
  }
  expect(verify).toHaveBeenCalledTimes(4);
});

test("the anchor of a chain is not asked who made it, and issued nothing more for that", () => {
  const changed = Uint8Array.from(derOf(root, 0));
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  expect(parseAuthority(changed, false).verify()).toBe(false);
  vi.mocked(verify).mockClear();
  const anchor = parseAuthority(changed, true);
  expect(anchor.verify()).toBe(true);
  expect(verify).not.toHaveBeenCalled();
  expect(anchor.verify(parseAuthority(derOf(root, 0), true))).toBe(false);
  expect(parseAuthority(derOf(rootAuthority("root"), 0), false).verify(anchor)).toBe(false);
});
