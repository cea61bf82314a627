// Signs at a Sigstore of its own, in a network of its own, beside cosign: the same services are asked by both.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./measure.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const cli = here("../apps/cli/dist/touchmark.mjs");

const PREDICATE = {
  buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
  runDetails: { builder: { id: "https://example.com/builder" } },
};

/** How much later log and timestamp authority answer in every second run. Unit: milliseconds, each of them. */
export const LATENESS = 1_000;

/**
 * Medians of the wall time of signing one file, in milliseconds: as the services answer, and with both of log and timestamp
 * authority late.
 *
 * @returns `{touchmark, touchmarkLate, cosign, cosignLate}`; null where this machine cannot have a Sigstore, or `npm run e2e`
 * has not built it.
 */
export async function timeSigning(folder, rounds) {
  // The servers of the end-to-end tests are TypeScript, which Node 20 does not run.
  const { createJiti } = createRequire(here("../apps/cli/package.json"))("jiti");
  const jiti = createJiti(import.meta.url);
  const load = (path) => jiti.import(path);
  const { hasSigstore, startSigstore } = await load("../e2e/servers/sigstore.ts");
  if (!hasSigstore()) return null;
  const { githubClaims } = await load("../e2e/servers/sigstore/claims.ts");
  const { peerCommands } = await load("../e2e/servers/sigstore/peer-commands.ts");
  mkdirSync(join(folder, "out"), { recursive: true });
  writeFileSync(join(folder, "tool"), "the tool's bytes");
  writeFileSync(join(folder, "predicate.json"), JSON.stringify(PREDICATE));
  const sigstore = await startSigstore(join(folder, "sigstore"));
  try {
    const claims = githubClaims();
    const { cosignAttest } = peerCommands(sigstore, folder);
    const touchmark = (name) => {
      const services = ["--signing-config", sigstore.signingConfigFile, "--trusted-root", sigstore.trustedRootFile];
      const what = ["--from", "files:tool", "--no-config", "--out", "out", "--name", name];
      return sigstore.inside(process.execPath, [cli, "attest", "--keyless", ...services, ...what], {
        cwd: folder,
        env: { ...jobOf(claims), ...sigstore.tokenEnvironment(claims) },
      });
    };
    const cosign = (name) =>
      cosignAttest("tool", "predicate.json", join("out", `${name}.json`), sigstore.token(claims));
    const times = { touchmark: [], touchmarkLate: [], cosign: [], cosignLate: [] };
    for (let round = 0; round <= rounds; round += 1) {
      for (const late of ["", "Late"]) {
        if (late !== "") {
          await sigstore.fail("rekor", { kind: "slow", ms: LATENESS });
          await sigstore.fail("timestamps", { kind: "slow", ms: LATENESS });
        }
        for (const [name, sign] of Object.entries({ touchmark, cosign })) {
          const began = performance.now();
          const { status, stderr } = await sign(`${name}${late}${round}`);
          if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
          if (round > 0) times[`${name}${late}`].push(performance.now() - began);
        }
        await sigstore.mend();
      }
    }
    return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
  } finally {
    await sigstore.stop();
  }
}

/** What a job of GitHub Actions with these claims finds in its environment, beside where it gets its token. */
function jobOf({ repository, sha }) {
  return {
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: repository,
    GITHUB_SHA: sha,
    GITHUB_RUN_ID: "42",
    RUNNER_ENVIRONMENT: "github-hosted",
  };
}
