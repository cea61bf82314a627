import { identifyCrate, identifySdist, identifyWheel } from "../../packages/package-identity/src/index.ts";
import { tarballOf } from "../../packages/package-identity/test/tarball-of.ts";
import { zipOf } from "../../packages/package-identity/test/zip-of.ts";
import type { Parser } from "../parser.ts";

const METADATA = "Metadata-Version: 2.4\nName: octo-pad\nVersion: 1.0.0\nSummary: pads\n that hold\n\npads\n";
const TOML = `[package]\nname = "pad"\nversion = "1.0.0"\n\n[dependencies.other]\nversion = "2"\nfeatures = ["a", "b"]\n`;

/** Package files, which are opened to learn which package they are. */
export async function packageParsers(): Promise<readonly Parser[]> {
  const codes = ["PACKAGE_UNREADABLE"] as const;
  return [
    {
      name: "wheel",
      sound: [
        zipOf([
          { name: "octo_pad/__init__.py", content: "" },
          { name: "octo_pad-1.0.0.dist-info/METADATA", content: METADATA },
        ]),
      ],
      codes,
      read: identifyWheel,
    },
    {
      name: "core-metadata",
      sound: [new TextEncoder().encode(METADATA)],
      codes,
      read: (bytes) => identifyWheel(zipOf([{ name: "octo_pad-1.0.0.dist-info/METADATA", content: bytes }])),
    },
    { name: "sdist", sound: [await tarballOf([["octo_pad-1.0.0/PKG-INFO", METADATA]])], codes, read: identifySdist },
    { name: "crate", sound: [await tarballOf([["pad-1.0.0/Cargo.toml", TOML]])], codes, read: identifyCrate },
    {
      name: "cargo-toml",
      sound: [new TextEncoder().encode(TOML)],
      codes,
      read: async (bytes) => identifyCrate(await tarballOf([["pad-1.0.0/Cargo.toml", Buffer.from(bytes).toString()]])),
    },
  ];
}
