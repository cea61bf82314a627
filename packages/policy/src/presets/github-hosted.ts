import { GITHUB_ISSUER } from "@touchmark/core";
import type { Preset } from "./preset.ts";

export const GITHUB_HOSTED: Preset = {
  name: "github-hosted",
  date: "2026-11",
  about:
    "any workflow of the source repository itself, on runners that GitHub hosts, up to level 2: GitHub's attestations; needs a source",
  sources: [
    "https://docs.github.com/actions/concepts/security/artifact-attestations",
    "https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md",
  ],
  entries: [
    {
      name: "github-hosted@2026-11",
      signer: { issuer: GITHUB_ISSUER, workflow: "any-of-source" },
      builder: "same-as-signer",
      "max-level": 2,
      operator: "GitHub",
      runners: "github-hosted",
    },
  ],
  released: [],
};
