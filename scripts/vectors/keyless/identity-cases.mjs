// Who signed, and from which source: A2, A16, A27, A37.
import { githubRun } from "../../../packages/testkit/src/sigstore/index.ts";
import { IDENTITY, ISSUER } from "./authorities.mjs";
import { keyless, provenance } from "./keyless-release.mjs";

export function identityCases({ pass, fail }) {
  const trusting = (name, why, trust) => pass(`identity-${name}`, why, { trust });
  const refuse = (name, code, twin, why, trust) => fail(`identity-${name}`, code, twin, why, { trust });
  const other = (name, why, identity) => refuse(name, "IDENTITY_MISMATCH", "keyless", `${why} (A16).`, { identity });

  other("longer", "The trusted name has a letter more", `${IDENTITY}x`);
  other("shorter", "The trusted name has a letter less", IDENTITY.slice(0, -1));
  other("dots", "The trusted name fits as a pattern, where a dot is any letter", IDENTITY.replace("v1.2.3", "v1x2x3"));
  other("case", "The trusted name differs in a capital", IDENTITY.replace("octo", "Octo"));
  other("slash", "The trusted name has a slash more", `${IDENTITY}/`);
  other(
    "longer-repository",
    "The trusted name is of a repository that begins alike",
    IDENTITY.replace("/widgets/", "/widgets-evil/"),
  );
  other("percent", "The trusted name has a letter percent-encoded", IDENTITY.replace("release.yml", "release%2Eyml"));
  other("scheme", "The trusted name has another scheme", IDENTITY.replace("https", "http"));
  other("other-ref", "The trusted name is of another tag", IDENTITY.replace("v1.2.3", "v1.2.4"));
  refuse("issuer-slash", "IDENTITY_MISMATCH", "keyless", "The trusted issuer has a slash more (A2, A16).", {
    issuer: `${ISSUER}/`,
  });
  refuse("issuer-longer", "IDENTITY_MISMATCH", "keyless", "The trusted issuer begins alike (A2, A16).", {
    issuer: `${ISSUER}.evil.example`,
  });

  const whole = String.raw`https://github\.com/octo/widgets/\.github/workflows/release\.yml@refs/tags/v.*`;
  const pattern = (text) => ({ identity: null, pattern: text });
  trusting("pattern", "A pattern that fits the whole name.", pattern(whole));
  const unfit = (name, why, text) =>
    refuse(`pattern-${name}`, "IDENTITY_MISMATCH", "identity-pattern", `${why} (A16, CVE-2026-22772).`, pattern(text));
  unfit("beginning", "The pattern fits the name's beginning only", String.raw`https://github\.com/octo/widgets`);
  unfit("end", "The pattern fits the name's end only", String.raw`release\.yml@refs/tags/v1\.2\.3`);
  unfit(
    "alternative",
    "One of the pattern's alternatives fits the beginning only",
    String.raw`x|https://github\.com/octo/widgets/`,
  );
  refuse(
    "pattern-of-anybody",
    "USAGE",
    "identity-pattern",
    "The pattern fits everybody, which nobody means (A16).",
    pattern(".*"),
  );
  refuse("pattern-broken", "USAGE", "identity-pattern", "The pattern is none (A2).", pattern("("));
  refuse("two", "USAGE", "keyless", "Identity and pattern are both given: which one counts is not said (A2).", {
    pattern: whole,
  });
  refuse("empty", "USAGE", "keyless", "The trusted name is empty: an unset variable must not mean everybody (A2).", {
    identity: "",
  });

  sources({ trusting, refuse });
  callers({ pass, fail });
}

function sources({ trusting, refuse }) {
  trusting("source", "The source repository is expected.", { source: "octo/widgets" });
  trusting("source-ref", "The source repository is expected, and its ref.", {
    source: "octo/widgets@refs/tags/v1.2.3",
  });
  const wrong = (name, why, source, twin = "identity-source") =>
    refuse(`source-${name}`, "SOURCE_MISMATCH", twin, `${why} (A2, A16).`, { source });
  wrong("shorter", "Another repository is expected, whose name is shorter by a letter", "octo/widget");
  wrong("longer", "Another repository is expected, whose name begins alike", "octo/widgets-evil");
  wrong("case", "The expected repository differs in a capital", "Octo/widgets");
  wrong("other-host", "The same repository of another host is expected", "https://github.example/octo/widgets");
  wrong("other-ref", "Another tag is expected", "octo/widgets@refs/tags/v1.2", "identity-source-ref");
  wrong("branch", "A branch of the tag's name is expected", "octo/widgets@refs/heads/v1.2.3", "identity-source-ref");
  refuse(
    "source-short-ref",
    "USAGE",
    "identity-source-ref",
    "A ref that could be a tag or a branch is expected (A2).",
    {
      source: "octo/widgets@v1.2.3",
    },
  );
}

/** A27, A37: workflows that others call. */
function callers({ pass, fail }) {
  const workflow = "octo/builder/.github/workflows/build.yml@refs/tags/v1";
  const identity = `https://github.com/${workflow}`;
  const called = (repository) => {
    const claims = githubRun({ repository, ref: "refs/tags/v1.2.3", workflow });
    return keyless({ statement: provenance(claims), leaf: { claims } });
  };
  pass("caller", "A workflow of another repository built, for the repository that is expected.", {
    bundle: called("octo/widgets"),
    trust: { identity, source: "octo/widgets" },
  });
  fail("caller-other", "SOURCE_MISMATCH", "caller", "The same workflow built for another repository (A27).", {
    bundle: called("evil/widgets"),
    trust: { identity, source: "octo/widgets" },
  });
  fail(
    "caller-unsaid",
    "SOURCE_UNSET",
    "caller",
    "Nobody said for which repository: any may call that workflow (A37).",
    { bundle: called("octo/widgets"), trust: { identity } },
  );
  const generator =
    "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
  const claims = githubRun({
    repository: "octo/widgets",
    ref: "refs/tags/v1.2.3",
    workflow: generator.slice("https://github.com/".length),
  });
  const generated = { bundle: keyless({ statement: provenance(claims), leaf: { claims } }) };
  pass("caller-of-a-public-builder", "A builder that is made to be called by any repository, for the expected one.", {
    ...generated,
    trust: { identity: generator, source: "octo/widgets" },
  });
  fail(
    "caller-of-a-public-builder-unsaid",
    "SOURCE_UNSET",
    "caller-of-a-public-builder",
    "Nobody said for which repository (A37). Refused before anything is read.",
    { ...generated, trust: { identity: generator } },
  );

  const pull = githubRun({ repository: "octo/widgets", ref: "refs/pull/7/merge" });
  const pulled = { bundle: keyless({ statement: provenance(pull), leaf: { claims: pull } }) };
  pass("caller-pull-request", "A build of a pull request, which is what the user expects.", {
    ...pulled,
    trust: { identity: pull.buildSignerUri, source: "octo/widgets@refs/pull/7/merge" },
  });
  fail(
    "caller-pull-request-for-a-tag",
    "SOURCE_MISMATCH",
    "caller-pull-request",
    "A build of a pull request, where a tag is expected (A27).",
    { ...pulled, trust: { identity: pull.buildSignerUri, source: "octo/widgets@refs/tags/v1.2.3" } },
  );
}
