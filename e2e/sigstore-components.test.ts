import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { githubClaims, ISSUERS } from "./servers/sigstore/claims.ts";
import { hasSigstore, type Sigstore, startSigstore } from "./servers/sigstore.ts";
import { type Ended, newFolder, runProgram } from "./touchmark-process.ts";

const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";

describe.skipIf(!hasSigstore())("a local Sigstore", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let sigstore: Sigstore;
  const at = (...parts: string[]) => join(folder.path, ...parts);

  beforeAll(async () => {
    folder = await newFolder();
    await writeFile(at("tool"), "the tool's bytes");
    await writeFile(
      at("predicate.json"),
      JSON.stringify({
        buildDefinition: { buildType: "https://build.example", externalParameters: {} },
        runDetails: { builder: { id: "https://builder.example" } },
      }),
    );
    sigstore = await startSigstore(at("sigstore"));
  });

  afterAll(async () => {
    await sigstore?.stop();
    await folder.remove();
  });

  const cosign = (args: readonly string[]): Promise<Ended> =>
    sigstore.inside(goProgram("cosign") ?? "", args, { cwd: folder.path });

  function cosignAttest(bundle: string, token: string): Promise<Ended> {
    return cosign([
      "attest-blob",
      ...["--identity-token", token, "--signing-config", sigstore.signingConfigFile],
      ...["--trusted-root", sigstore.trustedRootFile, "--predicate", at("predicate.json"), "--type", "slsaprovenance1"],
      ...["--bundle", bundle, "--yes", at("tool")],
    ]);
  }

  it(`signs for cosign ${goProgramVersion("cosign")}, which verifies it without a network`, async () => {
    expect(await cosignAttest(at("cosign.json"), sigstore.token(githubClaims()))).toMatchObject({ status: 0 });
    const args = [
      "verify-blob-attestation",
      ...["--bundle", at("cosign.json"), "--trusted-root", sigstore.trustedRootFile, "--use-signed-timestamps"],
      ...["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", ISSUERS.github],
      ...["--type", "slsaprovenance1", at("tool")],
    ];
    expect(await runProgram(goProgram("cosign") ?? "", args, { cwd: folder.path })).toMatchObject({ status: 0 });
  });
});
