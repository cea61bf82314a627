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
    [LOCAL, "http://localhost:6000/", "http://localhost:6000/"],
    [REMOTE, "https://10.0.0.1/", "https://10.0.0.1/"],
    [REMOTE, "https://[2001:db8::127.0.0.1]/", "https://[2001:db8::7f00:1]/"],
    [new URL("https://169.254.1.1/v2/"), "/v2/x", "https://169.254.1.1/v2/x"],
  ])("from %s to %s is one", (from, where, to) => {
    expect(referral(where, from, "it").href).toBe(to);
  });

  it.each([
    ["plain http", REMOTE, "http://cdn.example/"],
    ["plain http on the same host", REMOTE, "http://ghcr.io/"],
    ["plain http from this machine to another", LOCAL, "http://cdn.example/"],
    ["this machine from another", REMOTE, "https://127.0.0.1/"],
    ["this machine by its name", REMOTE, "https://localhost/"],
    ["this machine by its name, with a dot", REMOTE, "https://localhost./"],
    ["a name of this machine's", REMOTE, "https://x.localhost/"],
    ["this machine as nobody's address", REMOTE, "https://0.0.0.0/"],
    ["this machine in IPv6", REMOTE, "https://[::1]/"],
    ["this machine as nobody's address in IPv6", REMOTE, "https://[::]/"],
    ["this machine's IPv4 in IPv6", REMOTE, "https://[::ffff:127.0.0.1]/"],
    ["a cloud's metadata", REMOTE, "https://169.254.169.254/latest/"],
    ["a cloud's metadata from this machine", LOCAL, "https://169.254.169.254/latest/"],
    ["a cloud's metadata in IPv6", REMOTE, "https://[::ffff:a9fe:a9fe]/latest/"],
    ["the link", REMOTE, "https://[fe80::1]/"],
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
