import { describe, expect, it } from "vitest";
import { hostAndPort, isConfidential, isLoopback, registryAddress } from "./registry-address.ts";

describe("the address of a registry", () => {
  it.each([
    ["ghcr.io", "ghcr.io", "https://ghcr.io"],
    ["GHCR.io", "ghcr.io", "https://ghcr.io"],
    ["ghcr.io:443", "ghcr.io", "https://ghcr.io"],
    ["registry.example:5000", "registry.example:5000", "https://registry.example:5000"],
    ["docker.io", "docker.io", "https://registry-1.docker.io"],
    ["index.docker.io", "docker.io", "https://registry-1.docker.io"],
    ["127.0.0.1:5000", "127.0.0.1:5000", "http://127.0.0.1:5000"],
    ["127.9.9.9", "127.9.9.9", "http://127.9.9.9"],
    ["[::1]:5000", "[::1]:5000", "http://[::1]:5000"],
    ["localhost:5000", "localhost:5000", "http://localhost:5000"],
    ["localhost.example", "localhost.example", "https://localhost.example"],
    ["10.0.0.1:5000", "10.0.0.1:5000", "https://10.0.0.1:5000"],
    ["[::ffff:7f00:1]", "[::ffff:7f00:1]", "https://[::ffff:7f00:1]"],
  ])("of %s is %s at %s", (text, registry, origin) => {
    expect(registryAddress(text)).toMatchObject({ registry, origin });
  });

  it.each([
    "",
    "https://ghcr.io",
    "ghcr.io/octo",
    "user:password@ghcr.io",
    "ghcr.io?x",
    "ghcr.io#x",
    "ghcr.io:",
    "ghcr.io:99999",
    "0x7f.1",
    "127.1",
    "2130706433",
    "::1",
    "bücher.example",
    "a b",
    "ghcr.io\\evil.example",
    `${"a".repeat(300)}.example`,
  ])("%j is none", (text) => {
    expect(() => registryAddress(text)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it("is refused without the password that somebody put there", () => {
    expect(() => registryAddress("user:canary@ghcr.io")).toThrow(
      expect.objectContaining({ actual: expect.not.stringContaining("canary") }),
    );
  });
});

it("knows what never leaves the machine", () => {
  expect(["localhost", "127.0.0.1", "127.255.0.9", "[::1]"].map(isLoopback)).toEqual([true, true, true, true]);
  expect(
    ["128.0.0.1", "127.0.0.1.example", "x127.0.0.1", "::1", "[::2]", "0.0.0.0", "alocalhost"].filter(isLoopback),
  ).toEqual([]);
});

it("knows over what nobody reads along", () => {
  const all = ["https://ghcr.io", "http://ghcr.io", "http://127.0.0.1:5000", "https://[::1]", "ftp://localhost"];
  expect(all.filter((url) => isConfidential(new URL(url)))).toEqual([
    "https://ghcr.io",
    "http://127.0.0.1:5000",
    "https://[::1]",
  ]);
});

it("compares hosts with their ports", () => {
  expect(hostAndPort(new URL("https://ghcr.io/v2/"))).toBe("ghcr.io:443");
  expect(hostAndPort(new URL("http://127.0.0.1/"))).toBe("127.0.0.1:80");
  expect(hostAndPort(new URL("https://[::1]:5000/"))).toBe("[::1]:5000");
});
