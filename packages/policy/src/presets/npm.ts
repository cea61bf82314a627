import { GITHUB_ISSUER } from "@touchmark/core";
import type { Preset } from "./preset.ts";

export const NPM: Preset = {
  name: "npm",
  date: "2026-11",
  about:
    "npm's own provenance (npm publish --provenance) from a workflow of the source repository itself, on runners that GitHub hosts, up to level 2; needs a source",
  sources: [
    "https://docs.npmjs.com/generating-provenance-statements",
    "https://github.com/npm/provenance",
    "https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md",
  ],
  entries: [
    {
      name: "npm@2026-11",
      signer: { issuer: GITHUB_ISSUER, workflow: "any-of-source" },
      // The second is what the first versions of npm's command line wrote; the certificate says the kind of runner in any case.
      builder: ["https://github.com/actions/runner/github-hosted", "https://github.com/actions/runner"],
      "max-level": 2,
      operator: "GitHub",
      runners: "github-hosted",
    },
  ],
  released: [],
};
