import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseReference, referenceText } from "./reference.ts";

const SHA256 = `sha256:${"a".repeat(64)}`;
const SHA512 = `sha512:${"b".repeat(128)}`;

describe("a reference", () => {
  test.each([
    ["demo", "docker.io", "library/demo", null, null],
    ["demo:1.0", "docker.io", "library/demo", "1.0", null],
    ["octo/demo", "docker.io", "octo/demo", null, null],
    ["docker.io/demo", "docker.io", "library/demo", null, null],
    ["index.docker.io/octo/demo:x", "docker.io", "octo/demo", "x", null],
    ["localhost/demo", "localhost", "demo", null, null],
    ["localhost:5000/demo", "localhost:5000", "demo", null, null],
    ["127.0.0.1:5000/a/b/c:v1", "127.0.0.1:5000", "a/b/c", "v1", null],
    ["[::1]:5000/demo", "[::1]:5000", "demo", null, null],
    ["GHCR.io/octo/app", "ghcr.io", "octo/app", null, null],
    ["ghcr.io/octo/a_b__c.d-e--f", "ghcr.io", "octo/a_b__c.d-e--f", null, null],
    [`ghcr.io/octo/app@${SHA256}`, "ghcr.io", "octo/app", null, SHA256],
    [`ghcr.io/octo/app:v1@${SHA512}`, "ghcr.io", "octo/app", "v1", SHA512],
    ["myhost:5000", "docker.io", "library/myhost", "5000", null],
    [`a/${"b".repeat(253)}`, "docker.io", `a/${"b".repeat(253)}`, null, null],
  ])("%s", (text, registry, repository, tag, digest) => {
    expect(parseReference(text)).toEqual({ registry, repository, name: `${registry}/${repository}`, tag, digest });
  });

  test.each([
    ["nothing", ""],
    ["a host alone", "ghcr.io/"],
    ["an upper case repository", "ghcr.io/Octo/app"],
    ["an upper case first segment, which docker takes for a host", "Octo/app"],
    ["a .. segment", "ghcr.io/octo/../app"],
    ["an empty segment", "ghcr.io//app"],
    ["a scheme", "https://ghcr.io/octo/app"],
    ["a space", "ghcr.io/oc to/app"],
    ["a line end", "ghcr.io/octo/app\n"],
    ["three underscores", "ghcr.io/octo/a___b"],
    ["two dots", "ghcr.io/octo/a..b"],
    ["an empty tag", "ghcr.io/octo/app:"],
    ["a tag with a slash", "ghcr.io/octo/app:a/b"],
    ["a tag of 129 characters", `ghcr.io/octo/app:${"t".repeat(129)}`],
    ["an empty digest", "ghcr.io/octo/app@"],
    ["another algorithm", `ghcr.io/octo/app@sha384:${"a".repeat(96)}`],
    ["a short digest", "ghcr.io/octo/app@sha256:abc"],
    ["two digests", `ghcr.io/octo/app@${SHA256}@${SHA256}`],
    ["64 hex digits, which docker takes for an id", "a".repeat(64)],
    ["a port that is none", "ghcr.io:x/octo/app"],
    ["a host that ends in a dash", "ghcr-.io/octo/app"],
    ["a repository of 256 characters", `a/${"b".repeat(254)}`],
    ["more than any reference has", `ghcr.io/${"a/".repeat(600)}b`],
  ])("with %s is refused", (_what, text) => {
    expect(() => parseReference(text, "it")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  test.each([
    "https://user:hunter2@ghcr.io/octo/app",
    "user:hunter2@ghcr.io/octo/app",
    `user:hunter2@ghcr.io/octo/app@${SHA256}`,
    "ghcr.io/octo/app?token=hunter2",
  ])("keeps the secret of %s to itself", (text) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({ actual: expect.not.stringContaining("hunter2") }),
    );
  });
});

const alphanumeric = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const segment = fc
  .tuple(alphanumeric, fc.array(fc.tuple(fc.constantFrom(".", "_", "__", "-", "--"), alphanumeric), { maxLength: 2 }))
  .map(([first, rest]) => first + rest.flat().join(""));
const registry = fc.oneof(
  fc.constantFrom("localhost", "[::1]:5000", "127.0.0.1:15000"),
  fc.tuple(alphanumeric, alphanumeric).map((labels) => labels.join(".")),
  fc.tuple(alphanumeric, fc.integer({ min: 1, max: 65535 })).map(([host, port]) => `${host}:${port}`),
);
const written = fc
  .tuple(
    fc.option(registry),
    fc.array(segment, { minLength: 1, maxLength: 4 }),
    fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/)),
    fc.option(fc.constantFrom(SHA256, SHA512)),
  )
  .map(([host, path, tag, digest]) => ({
    host,
    name: host === null ? path.join("/") : `${host}/${path.join("/")}`,
    tag,
    digest,
  }))
  // A first segment with a dot is a host.
  .filter(({ host, name }) => host !== null || !/^[^/]*\.[^/]*\//.test(name));

test("what is printed is read as the same, whatever was written", () => {
  fc.assert(
    fc.property(written, (reference) => {
      const read = parseReference(referenceText(reference));
      expect(read).toMatchObject({ tag: reference.tag, digest: reference.digest });
      expect(parseReference(referenceText(read))).toEqual(read);
      expect(parseReference(read.name)).toEqual({ ...read, tag: null, digest: null });
    }),
  );
});

test("any text is read or refused with a code", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."aA0./:@_-[]\n\0é") }), (text) => {
      try {
        const read = parseReference(text);
        expect(parseReference(referenceText(read))).toEqual(read);
      } catch (error) {
        expect(error).toMatchObject({ code: "INPUT_INVALID" });
      }
    }),
    { numRuns: 2000 },
  );
});
