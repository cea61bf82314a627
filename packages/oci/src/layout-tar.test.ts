import { expect, test } from "vitest";
import { tarHost } from "../test/memory-source.ts";
import { encode, sha256, tarOf } from "../test/synthetic-image.ts";
import { tarFiles } from "./layout-tar.ts";

const json = (length: number) => encode(`{${" ".repeat(length - 2)}}`);

test("what was kept costs no pass, all else one", async () => {
  const host = tarHost(
    await tarOf([
      ["kept", json(60)],
      ["beyond", json(50)],
      ["also-kept", json(40)],
      ["no-json", encode("x".repeat(10))],
      ["empty", new Uint8Array()],
    ]),
  );
  const files = await tarFiles("it.tar", host, { kept: 100, passes: 2 });
  expect(host.passes()).toBe(1);
  expect(await files.read("kept", 60)).toEqual(Buffer.from(json(60)));
  expect(await files.read("also-kept", 60)).toEqual(Buffer.from(json(40)));
  expect(await files.read("empty", 60)).toEqual(new Uint8Array());
  expect(await files.read("absent", 60)).toBeNull();
  expect(host.passes()).toBe(1);
  expect(await files.read("beyond", 60)).toEqual(Buffer.from(json(50)));
  expect(await files.read("no-json", 60)).toEqual(Buffer.from("x".repeat(10)));
  expect(host.passes()).toBe(3);
  await expect(files.read("beyond", 60)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  expect(host.passes()).toBe(3);
});

test("a file above the size that the caller allows is not looked for", async () => {
  const host = tarHost(await tarOf([["a", encode("content")]]));
  const files = await tarFiles("it.tar", host);
  await expect(files.read("a", 6)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE", actual: "7 bytes" });
  expect(host.passes()).toBe(1);
});

test("files are measured without being kept", async () => {
  const files = await tarFiles("it.tar", tarHost(await tarOf([["a", encode("content")]])));
  expect(await files.measure(["b", "a"])).toMatchObject([null, { digest: sha256(encode("content")), size: 7 }]);
});
