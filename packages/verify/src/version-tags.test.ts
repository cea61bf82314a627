import { leastCpuMs } from "@touchmark/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersionTags } from "./version-tags.ts";

const tag = (name: string) => `refs/tags/${name}`;
const order = (left: string, right: string) => compareVersionTags(tag(left), tag(right));

describe("compareVersionTags", () => {
  it("orders as semver does", () => {
    const ascending = [
      "v1.0.0-alpha",
      "v1.0.0-alpha.1",
      "v1.0.0-alpha.beta",
      "v1.0.0-beta",
      "v1.0.0-beta.2",
      "v1.0.0-beta.11",
      "v1.0.0-rc.1",
      "v1.0.0",
      "v1.0.1",
      "v1.2.0",
      "v1.10.0",
      "v2.0",
      "10.0.0",
    ];
    for (const [left, one] of ascending.entries()) {
      for (const [right, other] of ascending.entries()) {
        expect([one, other, Math.sign(order(one, other) ?? Number.NaN)]).toEqual([one, other, Math.sign(left - right)]);
      }
    }
  });

  it("compares versions of one thing only", () => {
    expect(order("sdk@1.2.3", "sdk@1.2.4")).toBeLessThan(0);
    expect(order("sdk@1.2.3", "cli@1.2.4")).toBeNull();
    expect(order("cli/v2.0.0", "v1.0.0")).toBeNull();
    expect(order("v1.2.3+build", "v1.2.3")).toBe(0);
  });

  it.each(["latest", "v1", "2026-11-05x", "v1.2.3.4"])("knows that %s is no version", (name) => {
    expect(order(name, "v1.2.3")).toBeNull();
    expect(compareVersionTags("refs/heads/v1.2.3", tag("v1.2.3"))).toBeNull();
  });

  it("is antisymmetric, and ends for any text", async () => {
    const names = fc.oneof(fc.stringMatching(/^v?\d{1,3}\.\d{1,3}(\.\d{1,3})?(-[a-c0-2.]{1,6})?$/), fc.string());
    fc.assert(
      fc.property(names, names, (left, right) => {
        const [there, back] = [order(left, right), order(right, left)];
        expect(there === null ? null : Math.sign(there) + Math.sign(back ?? Number.NaN)).toBe(
          there === null ? back : 0,
        );
      }),
    );
    expect(await leastCpuMs(100, () => order(`${"1.".repeat(1_000)}x`, `${"v1".repeat(1_000)}`))).toBeLessThan(100);
  });
});
