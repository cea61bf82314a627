import { expect, it } from "vitest";
import { publicAddress } from "./public-address.ts";

it("keeps host, port and path, and nothing that may hold a secret", () => {
  expect(publicAddress("https://me:secret@example.com:8443/a/b?token=secret#secret", ["https:"])).toBe(
    "https://example.com:8443/a/b",
  );
});

it.each(["file:///home/me/a", "/home/me/a", "https:a b", "http://example.com/a", "https://", ""])(
  "%j is for nobody else",
  (text) => {
    expect(publicAddress(text, ["https:", "file:"])).toBe(null);
  },
);
