import { describe, expect, it } from "vitest";
import { readChallenge } from "./challenge.ts";

const bearer = (realm: string, service: string | null, scope: string | null) => ({
  kind: "bearer",
  realm,
  service,
  scope,
});

describe("a challenge", () => {
  it.each([
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:samalba/my-app:pull,push"',
      bearer("https://auth.docker.io/token", "registry.docker.io", "repository:samalba/my-app:pull,push"),
    ],
    ['Bearer realm="https://a.example/t"', bearer("https://a.example/t", null, null)],
    ['bearer REALM = "https://a.example/t" , Service=plain', bearer("https://a.example/t", "plain", null)],
    ['Bearer realm="https://a.example/\\"q\\""', bearer('https://a.example/"q"', null, null)],
    ['Basic realm="x", Bearer realm="https://a.example/t",service="s"', bearer("https://a.example/t", "s", null)],
    ['Bearer realm="https://a.example/t", Basic realm="x"', bearer("https://a.example/t", null, null)],
    ['Basic realm="Registry, with a comma"', { kind: "basic" }],
    ["Basic", { kind: "basic" }],
    ['Negotiate, Basic realm="x"', { kind: "basic" }],
    ["Bearer", null],
    ['Digest realm="x"', null],
    ["", null],
    [undefined, null],
    [`Bearer realm="${"x".repeat(10_000)}"`, null],
  ])("%s", (header, expected) => {
    expect(readChallenge(header)).toEqual(expected);
  });

  it("of any form is read in little time", () => {
    const start = performance.now();
    for (const one of ['Bearer realm="', "a=", ",", " ", "Basic ", '\\"'])
      readChallenge(one.repeat(8_000 / one.length));
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
