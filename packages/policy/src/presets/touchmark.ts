import { GITHUB_ISSUER } from "@touchmark/core";
import type { Preset } from "./preset.ts";

export const TOUCHMARK: Preset = {
  name: "touchmark",
  date: "2026-11",
  about:
    "Touchmark's own signing workflow, at released tags, on runners that GitHub hosts, up to level 2: signing is isolated, the jobs that build are the project's own; needs a source",
  sources: ["https://github.com/touchmark/touchmark/blob/main/docs/levels.md"],
  entries: [
    {
      name: "touchmark@2026-11",
      signer: {
        issuer: GITHUB_ISSUER,
        workflow: "github.com/touchmark/touchmark/.github/workflows/provenance.yml",
        at: { tags: ">=1 <2" },
      },
      builder: "same-as-signer",
      "max-level": 2,
      operator: "GitHub",
      runners: "github-hosted",
    },
  ],
  released: [],
};
