import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { repositoryUrl } from "./repository-url.ts";

describe("a forge's repository has one name, however it was cloned", () => {
  it.each([
    "https://github.com/octo/widgets",
    "https://github.com/octo/widgets.git",
    "https://github.com/octo/widgets/",
    "https://GitHub.com/octo/widgets.git",
    "https://github.com:443/octo/widgets.git",
    "http://github.com/octo/widgets.git",
    "https://x-access-token:ghs_secret@github.com/octo/widgets.git",
    "https://octo@github.com/octo/widgets",
    "https://github.com/octo/widgets?token=secret#secret",
    "git@github.com:octo/widgets.git",
    "github.com:octo/widgets",
    "git@github.com:/octo/widgets.git",
    "ssh://git@github.com/octo/widgets.git",
    "ssh://git@github.com:22/octo/widgets.git",
    "git+ssh://git@github.com/octo/widgets.git",
    "git://github.com/octo/widgets.git",
  ])("%s", (remote) => {
    expect(repositoryUrl(remote)).toBe("https://github.com/octo/widgets");
  });
});

describe("elsewhere the transport stays", () => {
  it.each([
    ["https://git.example.com/team/app.git", "https://git.example.com/team/app.git"],
    ["https://me:pass@git.example.com:8443/team/app.git", "https://git.example.com:8443/team/app.git"],
    ["http://git.example.com/app", "http://git.example.com/app"],
    ["https://me@dev.azure.com/org/project/_git/app", "https://dev.azure.com/org/project/_git/app"],
    ["git@git.example.com:team/app.git", "ssh://git.example.com/team/app.git"],
    ["ssh://git@git.example.com:2222/team/app.git", "ssh://git.example.com:2222/team/app.git"],
    ["ssh://git@ssh.github.com:443/octo/widgets.git", "ssh://ssh.github.com:443/octo/widgets.git"],
    ["ssh://gitserver/repos/app", "ssh://gitserver/repos/app"],
    ["https://gitlab.com/group/sub/app.git", "https://gitlab.com/group/sub/app"],
    ["https://notgithub.com/octo/widgets.git", "https://notgithub.com/octo/widgets.git"],
    ["https://github.com.evil.example/octo/widgets.git", "https://github.com.evil.example/octo/widgets.git"],
  ])("%s", (remote, expected) => {
    expect(repositoryUrl(remote)).toBe(expected);
  });
});

describe("not named in a statement", () => {
  it.each([
    "/home/ci/repos/app.git",
    "../app.git",
    "./app",
    "app",
    "C:/repos/app",
    "C:\\repos\\app",
    "file:///home/ci/app.git",
    "ext::sh -c whoami",
    "codecommit::us-east-1://app",
    "s3://bucket/app",
    "gh:octo/widgets",
    "git@github-work:octo/widgets.git",
    "https://github.com",
    "https://github.com/",
    "https://",
    "https://github.com/octo/wid\ngets",
    "https://github.com/octo/wid gets",
    "https://github.com/octo/widgets@refs/tags/v1",
    "git@git.example.com:../app.git",
    "git@git.example.com:/",
    `https://github.com/octo/${"x".repeat(2048)}`,
    "",
  ])("%s", (remote) => {
    expect(repositoryUrl(remote)).toBeNull();
  });
});

it("no userinfo, query or fragment gets through", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{8,20}$/);
  fc.assert(
    fc.property(
      word,
      fc.constantFrom("github.com", "git.example.com"),
      fc.constantFrom<(host: string, secret: string) => string>(
        (host, secret) => `https://${secret}@${host}/o/r`,
        (host, secret) => `https://user:${secret}@${host}/o/r.git`,
        (host, secret) => `https://${host}/o/r?private_token=${secret}`,
        (host, secret) => `https://${host}/o/r#${secret}`,
        (host, secret) => `ssh://git:${secret}@${host}/o/r`,
        (host, secret) => `${secret}@${host}:o/r`,
      ),
      (secret, host, remote) => {
        expect(repositoryUrl(remote(host, `S${secret}`))).not.toContain(`S${secret}`);
      },
    ),
  );
});

it("is stable: what it gives, it gives again", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (remote) => {
      const once = repositoryUrl(remote);
      expect(once === null ? null : repositoryUrl(once)).toBe(once);
    }),
  );
});
