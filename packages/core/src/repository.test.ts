import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { comparableRepository, gitUri, hostedRepository, sameRepository } from "./repository.ts";

// Large inputs, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000 });

test.each([
  "https://github.com/octo/widgets",
  "https://github.com/octo/widgets.git",
  "https://github.com/octo/widgets/",
  "https://github.com/octo/widgets.git//",
  "https://GitHub.com/octo/widgets",
  "HTTPS://github.com/octo/widgets",
  "http://github.com/octo/widgets",
  "git+https://github.com/octo/widgets",
  "git://github.com:9418/octo/widgets",
  "https://github.com:443/octo/widgets",
  "ssh://git@github.com/octo/widgets.git",
  "ssh://git@github.com:22/octo/widgets.git",
  "git+ssh://git@github.com/octo/widgets",
  "https://user:p@ss:w@github.com/octo/widgets",
  "git@github.com:octo/widgets.git",
  "git@github.com:/octo/widgets",
  "github.com:octo/widgets",
  "github.com/octo/widgets",
])("%s is one repository", (repository) => {
  expect(comparableRepository(repository)).toBe("github.com/octo/widgets");
});

test.each([
  ["https://github.com/Octo/widgets", "the case of the path"],
  ["https://github.com/octo/widgets2", "the name"],
  ["https://github.com/octo/widgets.gitx", "an ending that only looks like .git"],
  ["https://github.com:8443/octo/widgets", "a port"],
  ["https://github.com:22/octo/widgets", "a port that is ssh's default, not https's"],
  ["https://evil.example/github.com/octo/widgets", "the host"],
  ["https://github.com@evil.example/octo/widgets", "the host behind a user that looks like one"],
  ["https://github.com.evil.example/octo/widgets", "the end of the host"],
  ["https://github.com/octo@x/widgets", "an at sign in the path"],
])("%s is another: %s", (repository) => {
  expect(comparableRepository(repository)).not.toBe("github.com/octo/widgets");
});

test.each([
  ["git@host:42/repo", "host/42/repo"],
  ["ssh://git@host:42/repo", "host:42/repo"],
  ["file:///srv/git/repo.git", "/srv/git/repo"],
  ["/srv/git/repo.git", "/srv/git/repo"],
  ["HOST", "host"],
  ["https://host", "host/"],
  ["", ""],
])("%j is %j", (repository, comparable) => {
  expect(comparableRepository(repository)).toBe(comparable);
});

test.each([
  ["https://github.com/octo/widgets.git", "git+https://github.com/octo/widgets.git"],
  ["ssh://git@host:42/repo", "git+ssh://git@host:42/repo"],
  ["git@github.com:octo/widgets.git", "git+ssh://git@github.com/octo/widgets.git"],
  ["github.com:/octo/widgets", "git+ssh://github.com/octo/widgets"],
])("the URI of %j", (repository, uri) => {
  expect(gitUri(repository)).toBe(uri);
});

test("a repository and its URI are one", () => {
  const host = fc.constantFrom("github.com", "HOST", "h:22", "h:8080");
  const form = fc.constantFrom("https://", "ssh://git@", "http://");
  const path = fc.stringMatching(/^[a-z]{1,3}\/[a-zA-Z.]{1,4}(\.git)?$/);
  fc.assert(
    fc.property(form, host, path, (scheme, name, rest) => {
      const repository = `${scheme}${name}/${rest}`;
      expect(comparableRepository(gitUri(repository))).toBe(comparableRepository(repository));
    }),
  );
});

test.each(["/", "@", ":", "a@", ".git/"])(
  "a long text of %j is compared like any other",
  { timeout: 60_000 },
  (unit) => {
    const text = unit.repeat(300_000);
    const repository = `https://h/${text}x`;
    expect(comparableRepository(gitUri(repository))).toBe(comparableRepository(repository));
    expect(comparableRepository(gitUri(text))).toBe(comparableRepository(text));
  },
);

test.each([
  ["https://octo:secret@GitHub.com/octo/widgets.git", "github.com/octo/widgets"],
  ["git@github.com:octo/widgets.git", "github.com/octo/widgets"],
  ["ssh://git@git.example.org:2222/a/b", "git.example.org:2222/a/b"],
  ["file:///home/octo/widgets", null],
  ["/home/octo/widgets", null],
  ["../widgets", null],
  ["https://github.com/", null],
  ["https://github.com/octo/widgets?token=secret", null],
])("%s is hosted at %j", (remote, hosted) => {
  expect(hostedRepository(remote)).toBe(hosted);
});

test.each<[string | null, string | null, boolean]>([
  ["https://github.com/octo/widgets", "git@GitHub.com:octo/widgets.git", true],
  ["https://github.com/octo/widgets/", "git+https://github.com:443/octo/widgets", true],
  ["https://github.com/octo/widgets", "https://github.com/Octo/widgets", false],
  ["https://github.com/octo/widgets", "https://gitlab.com/octo/widgets", false],
  ["https://github.com/octo/widgets", null, false],
  [null, null, false],
])("%s and %s are one repository: %s", (one, other, expected) => {
  expect(sameRepository(one, other)).toBe(expected);
  expect(sameRepository(other, one)).toBe(expected);
});
