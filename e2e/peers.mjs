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

/** What the peers' own go.mod ask for. */
const OLDEST_GO = [1, 26];

/**
 * The path of a peer's program, built when it is not there yet.
 *
 * @returns null when this machine has no Go, or an older one than the peers need; whoever asks must then name the skipped test.
 */
export function goPeer(name) {
  const { version, module, package: main } = PEERS[name];
  const program = join(cache, `${name}-${version}`);
  if (existsSync(program)) return program;
  if (!hasGo()) return null;
  const work = join(cache, `build-${name}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  // `go install` refuses modules with replace or exclude directives; requiring one from a module of our own does not.
  writeFileSync(join(work, "go.mod"), `module peers\n\ngo ${OLDEST_GO.join(".")}\n\nrequire ${module} ${version}\n`);
  const env = { ...process.env, GOFLAGS: "-mod=mod", CGO_ENABLED: "0", GOTOOLCHAIN: "local" };
  const built = spawnSync("go", ["build", "-trimpath", "-o", program, main], { cwd: work, env, encoding: "utf8" });
  rmSync(work, { recursive: true, force: true });
  if (built.status !== 0) throw new Error(`${name} ${version} could not be built:\n${built.stderr}`);
  return program;
}

function hasGo() {
  // `go version go1.26.8 linux/amd64`; a build of its own has `devel` in between.
  const { status, stdout } = spawnSync("go", ["version"], { encoding: "utf8" });
  const found = status === 0 ? /\bgo(\d+)\.(\d+)/.exec(stdout) : null;
  if (found === null) return false;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major > OLDEST_GO[0] || (major === OLDEST_GO[0] && minor >= OLDEST_GO[1]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of Object.keys(PEERS))
    console.log(`${name}: ${goPeer(name) ?? `not here: no Go ${OLDEST_GO.join(".")} or newer on this machine`}`);
}
