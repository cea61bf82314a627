// Installs the other projects' verifiers that the peer tests run, once, under .cache/peers; a version that is there stays.
// Go modules come from the Go module proxy and Python packages from PyPI, by the clients' own settings.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../.cache/peers", import.meta.url));

/** Pinned: what a peer accepts is a fact about a version. */
export const PEERS = {
  cosign: {
    version: "v3.1.3",
    module: "github.com/sigstore/cosign/v3",
    package: "github.com/sigstore/cosign/v3/cmd/cosign",
  },
};

/**
 * The path of a peer's program, built when it is not there yet.
 *
 * @returns null when this machine has no Go; whoever asks must then name the skipped test.
 */
export function goPeer(name) {
  const { version, module, package: main } = PEERS[name];
  const program = join(cache, `${name}-${version}`);
  if (existsSync(program)) return program;
  if (spawnSync("go", ["version"]).status !== 0) return null;
  const work = join(cache, `build-${name}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  // `go install` refuses modules with replace or exclude directives; requiring one from a module of our own does not.
  writeFileSync(join(work, "go.mod"), `module peers\n\ngo 1.26\n\nrequire ${module} ${version}\n`);
  const env = { ...process.env, GOFLAGS: "-mod=mod", CGO_ENABLED: "0", GOTOOLCHAIN: "local" };
  const built = spawnSync("go", ["build", "-trimpath", "-o", program, main], { cwd: work, env, encoding: "utf8" });
  rmSync(work, { recursive: true, force: true });
  if (built.status !== 0) throw new Error(`${name} ${version} could not be built:\n${built.stderr}`);
  return program;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of Object.keys(PEERS)) console.log(`${name}: ${goPeer(name) ?? "not here: no Go on this machine"}`);
}
