import { expect, it } from "vitest";
import { GITHUB_ISSUER, gitHubServer } from "./github-issuer.ts";

it.each([
  [GITHUB_ISSUER, "https://github.com"],
  [`${GITHUB_ISSUER}/octo-corp`, "https://github.com"],
  ["https://github.example.com/_services/token", "https://github.example.com"],
  ["https://ghe:8443/_services/token", "https://ghe:8443"],
])("%s speaks of %s", (issuer, server) => {
  expect(gitHubServer(issuer)).toBe(server);
});

it.each([
  "",
  `${GITHUB_ISSUER}/`,
  `${GITHUB_ISSUER}/a/b`,
  `${GITHUB_ISSUER}/a?b`,
  `${GITHUB_ISSUER}.evil.example`,
  `${GITHUB_ISSUER}@evil.example/a`,
  "http://token.actions.githubusercontent.com",
  "http://github.example.com/_services/token",
  "https://github.example.com/_services/token/",
  "https://github.example.com/x/_services/token",
  "https://me@github.example.com/_services/token",
  "https://GitHub.example.com/_services/token",
  "https://github.example.com/_services/tokens",
  "https://gitlab.com",
])("%j is no issuer of GitHub's", (issuer) => {
  expect(gitHubServer(issuer)).toBeNull();
});
