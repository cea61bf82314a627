import { describe, expect, it } from "vitest";
import { referral, referralAtHome } from "./referral.ts";

const REMOTE = new URL("https://ghcr.io/v2/octo/app/blobs/x");
const LOCAL = new URL("http://127.0.0.1:5000/v2/octo/app/blobs/x");

describe("a referral", () => {
  it.each([
    [REMOTE, "https://cdn.example/blob?sig=x", "https://cdn.example/blob?sig=x"],
    [REMOTE, "/other?x", "https://ghcr.io/other?x"],
    [REMOTE, "y", "https://ghcr.io/v2/octo/app/blobs/y"],
    [REMOTE, "//cdn.example/z#part", "https://cdn.example/z"],
    [LOCAL, "http://127.0.0.1:6000/", "http://127.0.0.1:6000/"],
    [LOCAL, "https://cdn.example/", "https://cdn.example/"],
  ])("from %s to %s is one", (from, where, to) => {
    expect(referral(where, from, "it").href).toBe(to);
  });

  it.each([
    ["plain http", REMOTE, "http://cdn.example/"],
    ["plain http on the same host", REMOTE, "http://ghcr.io/"],
    ["plain http from this machine to another", LOCAL, "http://cdn.example/"],
    ["this machine from another", REMOTE, "https://127.0.0.1/"],
    ["this machine by its name", REMOTE, "https://localhost/"],
    ["userinfo", REMOTE, "https://canary:canary@cdn.example/"],
    ["another protocol", REMOTE, "file:///etc/passwd"],
    ["data", LOCAL, "data:text/plain,x"],
    ["nowhere", REMOTE, undefined],
    ["no URL", REMOTE, "https://"],
    ["too long a URL", REMOTE, `/${"x".repeat(20_000)}`],
  ])("to %s is refused", (_, from, where) => {
    expect(() => referral(where, from, "it")).toThrow(
      expect.objectContaining({ code: "REGISTRY_INVALID", actual: expect.not.stringContaining("canary") }),
    );
  });

  it("at home stays on its host and port", () => {
    expect(referralAtHome("/x", LOCAL, "it").href).toBe("http://127.0.0.1:5000/x");
    for (const other of ["http://127.0.0.1:5001/", "http://127.0.0.2:5000/", "https://127.0.0.1:5000/"]) {
      expect(() => referralAtHome(other, LOCAL, "it")).toThrow(expect.objectContaining({ code: "REGISTRY_INVALID" }));
    }
  });
});
