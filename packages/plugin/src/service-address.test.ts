import { expect, it, test } from "vitest";
import { requireServiceAddress, serviceAddress } from "./service-address.ts";

test.each([
  ["https://host.example", "https://host.example/"],
  ["https://HOST.example:443/api/v3//", "https://host.example/api/v3"],
  ["http://127.0.0.1:8080/simple/", "http://127.0.0.1:8080/simple"],
  ["http://[::1]/", "http://[::1]/"],
])("%s is the address of a service", (text, href) => {
  expect(serviceAddress(text)?.href).toBe(href);
});

test.each([
  ["no URL", "host.example", "no URL with a host"],
  ["another protocol", "ftp://host.example", "one of ftp://host.example"],
  ["a protocol without hosts", "data:,hush", "no URL with a host"],
  ["http to another machine", "http://host.example", "one of http://host.example"],
  ["a user", "https://hush@host.example", "one of https://host.example"],
  ["a password", "https://:hush@host.example", "one of https://host.example"],
  ["a query", "https://host.example/?hush", "one of https://host.example"],
  ["a fragment", "https://host.example/#hush", "one of https://host.example"],
])("%s is none, and no message has more of it than the host", (_what, text, actual) => {
  expect(serviceAddress(text)).toBeNull();
  const refusal = { code: "USAGE", message: "--it is not the address of a service", actual };
  expect(() => requireServiceAddress(text, "--it")).toThrow(expect.objectContaining(refusal));
});

it("that must be one is the same", () => {
  expect(requireServiceAddress("https://host.example/", "--it")).toEqual(serviceAddress("https://host.example"));
});
