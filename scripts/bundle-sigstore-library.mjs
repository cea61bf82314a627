// Puts Sigstore's libraries into dist/sigstore-library.js of packages/verify: they declare Node 22 and run on 20, and nobody
// who installs that package should be warned of it. Runs after tsc, as a part of its build.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { thirdPartyNotices } from "./third-party-notices.mjs";
import { withoutMessages } from "./unused-parts.mjs";

const here = (path) => fileURLToPath(new URL(path, new URL("../packages/verify/", import.meta.url)));

const { metafile } = await build({
  absWorkingDir: here("."),
  entryPoints: ["src/sigstore-library.ts"],
  outfile: "dist/sigstore-library.js",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
  plugins: [withoutMessages],
  // Bundled CommonJS parts call require(), which an ES module does not have.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});
writeFileSync(here("dist/THIRD-PARTY-NOTICES.txt"), thirdPartyNotices([metafile], here(".")));

// What its values are is nobody's business outside: they are opaque there.
writeFileSync(
  here("dist/sigstore-library.d.ts"),
  `export type ASN1Obj = object;
export type RFC3161Timestamp = object;
export type X509Certificate = object;
export type TrustMaterial = object;
export type SignedEntity = { readonly key: object; readonly tlogEntries: readonly object[] };
`,
);
