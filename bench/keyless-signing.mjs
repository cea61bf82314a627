// Signs at a Sigstore of its own, in a network of its own, beside cosign: the same services are asked by both.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { mean, median } from "./measure.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const cli = here("../apps/cli/dist/touchmark.cjs");

const PREDICATE = {
  buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
  runDetails: { builder: { id: "https://example.com/builder" } },
};

/** How much later log and timestamp authority answer in every second run. Unit: milliseconds, each of them. */
export const LATENESS = 1_000;

/**
 * The log answers once a second, when its checkpoint is there. Who starts right after an answer always waits for the next
 * one, however quick it is: each run starts anywhere in that second. Unit: milliseconds.
 */
const LOG_TURN = 1_000;

/**
 * The wall time of signing one file, in milliseconds: means as the services answer and with both of log and timestamp
 * authority late, and medians without a log.
 *
 * @returns `{touchmark, touchmarkUnlogged, touchmarkLate}` and the same of `cosign`; null where this machine cannot have a Sigstore, or `npm run e2e`
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
    const unlogged = join(folder, "unlogged.json");
    writeFileSync(unlogged, withoutLog(readFileSync(sigstore.signingConfigFile, "utf8")));
    const touchmark = (name, signingConfig) => {
      const services = ["--signing-config", signingConfig, "--trusted-root", sigstore.trustedRootFile];
      const what = ["--from", "files:tool", "--no-config", "--out", "out", "--name", name];
      return sigstore.inside(process.execPath, [cli, "attest", "--keyless", ...services, ...what], {
        cwd: folder,
        env: { ...jobOf(claims), ...sigstore.tokenEnvironment(claims) },
      });
    };
    const cosign = (name, signingConfig) =>
      cosignAttest("tool", "predicate.json", join("out", `${name}.json`), sigstore.token(claims), signingConfig);
    const cases = ["", "Unlogged", "Late"];
    const times = Object.fromEntries(
      ["touchmark", "cosign"].flatMap((name) => cases.map((one) => [`${name}${one}`, []])),
    );
    for (let round = 0; round <= rounds; round += 1) {
      for (const one of cases) {
        if (one === "Late") {
          await sigstore.fail("rekor", { kind: "slow", ms: LATENESS });
          await sigstore.fail("timestamps", { kind: "slow", ms: LATENESS });
        }
        for (const [name, sign] of Object.entries({ touchmark, cosign })) {
          if (one !== "Unlogged") await sleep(Math.random() * LOG_TURN);
          const began = performance.now();
          const signingConfig = one === "Unlogged" ? unlogged : sigstore.signingConfigFile;
          const { status, stderr } = await sign(`${name}${one}${round}`, signingConfig);
          if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
          if (round > 0) times[`${name}${one}`].push(performance.now() - began);
        }
        await sigstore.mend();
      }
    }
    return Object.fromEntries(
      Object.entries(times).map(([name, values]) => [name, name.endsWith("Unlogged") ? median(values) : mean(values)]),
    );
  } finally {
    await sigstore.stop();
  }
}

/** A signing configuration without its logs. */
function withoutLog(signingConfig) {
  const { rekorTlogUrls: _urls, rekorTlogConfig: _how, ...rest } = JSON.parse(signingConfig);
  return JSON.stringify(rest);
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
