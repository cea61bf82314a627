// The whole story on a copy of this example: state, sign, verify, and a changed byte that is caught. Ends with status 0
// only if every step ended as it says.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const began = performance.now();
const cli = fileURLToPath(new URL("../../apps/cli/dist/touchmark.mjs", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "touchmark-example-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

cpSync(here, folder, { recursive: true, filter: (path) => !["story.mjs", "README.md"].includes(basename(path)) || path.includes("npm") });

const sources = ["--from", "goreleaser:dist", "--from", "npm-pack+run:npm", "--from", "checksums:extras/SHA256SUMS"];

say("A release made by GoReleaser, by npm pack and by hand. First, what would be stated:");
touchmark(["attest", ...sources, "--dry-run"], 0);

say("A key of your own, and one signed statement about all of it:");
touchmark(["keys", "generate"], 0);
touchmark(["attest", ...sources, "--key", "touchmark.key", "--name", "greet-1.0.0"], 0);

say("What people download: every asset, and the evidence beside them. Whoever has the public key verifies all of it:");
assemble("release");
touchmark(["verify", "release", "--key", "touchmark.pub", "--complete"], 0, /^VERIFIED/m);

say("Somebody changes one byte of one file on the download server:");
const victim = "greet_1.0.0_linux_amd64.tar.gz";
const bytes = readFileSync(join(folder, "release", victim));
const at = bytes.length >> 1;
bytes[at] ^= 1;
writeFileSync(join(folder, "release", victim), bytes);
console.log(`  byte ${at} of ${victim}: 0x${hex(bytes[at] ^ 1)} is now 0x${hex(bytes[at])}\n`);
touchmark(["verify", "release", "--key", "touchmark.pub", "--complete"], 1, new RegExp(`${victim.replaceAll(".", "\\.")} {2}TAMPERED`));

console.log(`Caught. The whole story took ${((performance.now() - began) / 1000).toFixed(1)} s.`);

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

/** Runs the built command line as a person would, shows it, and stops the story when it ends otherwise than expected. */
function touchmark(args, expectedStatus, expectedText = /(?:)/) {
  if (!existsSync(cli)) stop(`${cli} is missing; npm start builds it`);
  console.log(`$ touchmark ${args.join(" ")}`);
  const ended = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: "utf8", timeout: 60_000 });
  process.stdout.write(`${ended.stderr}${ended.stdout}\n`);
  if (ended.status !== expectedStatus) stop(`it ended with ${ended.status ?? ended.signal}, expected ${expectedStatus}`);
  if (!expectedText.test(ended.stdout)) stop(`its output does not match ${expectedText}`);
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
