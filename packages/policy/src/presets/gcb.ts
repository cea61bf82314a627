import type { Preset } from "./preset.ts";

export const GCB: Preset = {
  name: "gcb",
  date: "2026-11",
  about: "Google Cloud Build's own provenance, by the keys that came with Touchmark, up to level 3; needs a source",
  sources: [
    "https://cloud.google.com/build/docs/securing-builds/view-build-provenance",
    "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
  ],
  entries: [{ name: "gcb@2026-11", signer: { "cloud-build": true }, "max-level": 3, operator: "Google" }],
  released: [],
};
