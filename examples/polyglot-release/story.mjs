// The whole story on a copy of this example: state, sign, verify, and a changed byte that is caught. Ends with status 0
// only if every step ended as it says.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const began = performance.now();
const cli = fileURLToPath(new URL("../../apps/cli/dist/touchmark.cjs", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "touchmark-example-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

// The story is that of a laptop, also where it is told in a CI job, which would have to speak for the release.
const { GITHUB_ACTIONS: _github, GITLAB_CI: _gitlab, ...env } = process.env;

cpSync(here, folder, { recursive: true, filter: (path) => !["story.mjs", "README.md"].includes(basename(path)) || path.includes("npm") });

const sources = [
  "goreleaser:dist",
  "buildx:image/metadata.json,layout=image/greet",
  "npm-pack+run:npm",
  "nix:nix/build.json,store=nix/store",
  "checksums:extras/SHA256SUMS",
].flatMap((source) => ["--from", source]);

say("A release made by GoReleaser, docker buildx, npm pack, Nix and by hand. First, what would be stated:");
touchmark(["attest", ...sources, "--dry-run"], 0);

say("A key of your own, and one signed statement about all of it:");
touchmark(["keys", "generate"], 0);
touchmark(["attest", ...sources, "--key", "touchmark.key", "--name", "greet-1.0.0"], 0);

say("What people download: the assets with the evidence beside them, an image for two platforms, what Nix built. Whoever has the public key verifies all of it, without a network:");
assemble("release");
const output = readdirSync(join(folder, "nix", "store")).find((name) => !name.endsWith(".drv"));
const targets = ["release", "oci-layout:image/greet", `nix:nix/store/${output}`];
const verify = ["verify", ...targets, "--key", "touchmark.pub", "--recursive", "--complete"];
touchmark(verify, 0, /^VERIFIED {2}13 of 13/m);

say("The same by a file that is kept: whom to believe, and what is expected of each artifact:");
touchmark(["policy", "check", "policy.yaml"], 0);
touchmark(["verify", ...targets, "--policy", "policy.yaml", "--recursive", "--complete"], 0, /^VERIFIED {2}13 of 13/m);

say("Somebody changes one byte of a file on the download server, one of a layer of the image, one of what Nix built:");
const archive = "greet_1.0.0_linux_amd64.tar.gz";
flip(join("release", archive));
flip(layerOf("linux", "arm64"));
flip(join("nix", "store", output, "bin", "greet"));
console.log();
touchmark(verify, 1, /^FAILED {2}4 of 13/m, [archive, "greet", "greet (linux/arm64)", output]);

console.log(`All three are caught, in every artifact that they are part of. The whole story took ${((performance.now() - began) / 1000).toFixed(1)} s.`);

/** Lays out the release as its assets are uploaded: what GoReleaser calls each file, the npm tarball, the loose files. */
function assemble(name) {
  const release = join(folder, name);
  mkdirSync(release);
  const artifacts = JSON.parse(readFileSync(join(folder, "dist", "artifacts.json"), "utf8"));
  for (const artifact of artifacts) {
    const intermediate = artifact.type === "Binary" && artifact.extra?.Format !== "binary";
    if (artifact.type === "Metadata" || intermediate) continue;
    copyFileSync(join(folder, artifact.path), join(release, artifact.name));
  }
  for (const file of readdirSync(join(folder, "npm"))) {
    if (file.endsWith(".tgz")) copyFileSync(join(folder, "npm", file), join(release, file));
  }
  for (const file of ["install.sh", "greet.1"]) copyFileSync(join(folder, "extras", file), join(release, file));
  copyFileSync(join(folder, "touchmark-out", "greet-1.0.0.sigstore.json"), join(release, "greet-1.0.0.sigstore.json"));
}

function flip(path) {
  const file = join(folder, path);
  const bytes = readFileSync(file);
  const at = bytes.length >> 1;
  bytes[at] ^= 1;
  writeFileSync(file, bytes);
  console.log(`  byte ${at} of ${path}: 0x${hex(bytes[at] ^ 1)} is now 0x${hex(bytes[at])}`);
}

/** The only layer of the image for one platform, as the manifests in the layout name it. */
function layerOf(os, architecture) {
  const blob = (digest) => join("image", "greet", "blobs", ...digest.split(":"));
  const read = (path) => JSON.parse(readFileSync(join(folder, path), "utf8"));
  const index = read(blob(read(join("image", "greet", "index.json")).manifests[0].digest));
  const isWanted = ({ platform }) => platform.os === os && platform.architecture === architecture;
  return blob(read(blob(index.manifests.find(isWanted).digest)).layers[0].digest);
}

/**
 * Runs the built command line as a person would, shows it, and stops the story when it ends otherwise than expected.
 *
 * @param tampered - the artifacts that it must name as tampered, and no others.
 */
function touchmark(args, expectedStatus, expectedText = /(?:)/, tampered = []) {
  if (!existsSync(cli)) stop(`${cli} is missing; npm start builds it`);
  console.log(`$ touchmark ${args.join(" ")}`);
  const ended = spawnSync(process.execPath, [cli, ...args], { cwd: folder, env, encoding: "utf8", timeout: 60_000 });
  process.stdout.write(`${ended.stderr}${ended.stdout}\n`);
  if (ended.status !== expectedStatus) stop(`it ended with ${ended.status ?? ended.signal}, expected ${expectedStatus}`);
  if (!expectedText.test(ended.stdout)) stop(`its output does not match ${expectedText}`);
  const named = [...ended.stdout.matchAll(/^ {2}(\S.*?) +TAMPERED /gm)].map(([, name]) => name);
  if (named.join() !== tampered.join()) stop(`it calls tampered: ${named.join(", ")}; expected: ${tampered.join(", ")}`);
}

function say(text) {
  console.log(`── ${text}\n`);
}

function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}

function stop(why) {
  console.error(`The story went wrong: ${why}`);
  process.exit(1);
}
