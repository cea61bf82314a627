// Signs files as a release job without a key does, by a Sigstore of its own, in this process.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { RELEASE_RUN, rootOf, signBundle, testSigstore } from "../packages/testkit/dist/sigstore/index.js";

const sigstore = testSigstore();

/**
 * Writes one bundle about all of the files, and the roots by which it holds.
 *
 * @returns the arguments that name both and the signer, for Touchmark and for cosign.
 */
export function signKeyless(folder, name, files) {
  const subject = files.map((file) => ({
    name: basename(file),
    digest: { sha256: createHash("sha256").update(readFileSync(file)).digest("hex") },
  }));
  const predicate = {
    buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
    runDetails: { builder: { id: "https://example.com/builder" } },
  };
  const predicateType = "https://slsa.dev/provenance/v1";
  const statement = { _type: "https://in-toto.io/Statement/v1", subject, predicateType, predicate };
  const [bundle, roots] = [join(folder, `${name}.sigstore.json`), join(folder, `${name}-roots.json`)];
  writeFileSync(bundle, JSON.stringify(signBundle(sigstore, Buffer.from(JSON.stringify(statement))).bundle));
  writeFileSync(roots, JSON.stringify(rootOf(sigstore)));
  const { buildSignerUri, issuer } = RELEASE_RUN;
  const common = ["--bundle", bundle, "--trusted-root", roots];
  return {
    touchmark: [...common, "--signer-identity", buildSignerUri, "--signer-issuer", issuer, "--offline"],
    cosign: [
      ...[...common, "--certificate-identity", buildSignerUri, "--certificate-oidc-issuer", issuer],
      ...["--type", "slsaprovenance1", "--use-signed-timestamps"],
    ],
  };
}
