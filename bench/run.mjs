// Measures the built CLI beside openssl and sha256sum; README.md says what each row means.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { goProgram } from "../e2e/peers/go-programs.mjs";
import { makeInputs } from "./inputs.mjs";
import { signKeyless } from "./keyless-release.mjs";
import { LATENESS, timeSigning } from "./keyless-signing.mjs";
import { firstLines, signMany } from "./many-bundles.mjs";
import { isInstalled, median, medianTimes, needsOf, settle, timeOf } from "./measure.mjs";
import { compileTime, signForPolicy } from "./policy-release.mjs";
import { digestOf, IMAGE } from "./slow-registry.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const cli = fileURLToPath(new URL("../apps/cli/dist/touchmark.cjs", import.meta.url));
const cache = fileURLToPath(new URL("../.cache/bench", import.meta.url));
const quick = process.argv.includes("--quick");
const largeBytes = (quick ? 256 : 1024) * 2 ** 20;
const sizeName = quick ? "256 MiB" : "1 GiB";

if (!existsSync(cli)) {
  console.error("apps/cli/dist/touchmark.cjs is not there, expected a build: npm run bench builds it");
  process.exit(1);
}
// Others at work take the second processor away, and with it what the workers gain.
const busy = loadavg()[0];
const inputs = makeInputs(cache, largeBytes);
const work = join(cache, "work");
rmSync(work, { recursive: true, force: true });
mkdirSync(work);

const peers = { openssl: isInstalled("openssl"), sha256sum: isInstalled("sha256sum"), nix: isInstalled("nix-hash") };
const medians = {};
const rows = [];
const touchmark = (...args) => ({ args: [process.execPath, cli, ...args], cwd: work });
const collect = (pattern) => touchmark("collect", "--from", `files:${join(inputs, pattern)}`, "-o", "out.json");
const collectTree = (folder) => touchmark("collect", "--from", `nix:${join(inputs, folder)}`, "-o", "out.json");
const nixHashOf = (folder) =>
  peers.nix ? { args: ["nix-hash", "--type", "sha256", join(inputs, folder)], cwd: inputs } : null;
const opensslOf = (...files) =>
  peers.openssl ? { args: ["openssl", "dgst", "-sha256", ...files], cwd: inputs } : null;
const sha256sumOf = (...files) => (peers.sha256sum ? { args: ["sha256sum", ...files], cwd: inputs } : null);

timeOf(touchmark("keys", "generate", "--out", "."));
await settle();
const empty = startUp();
largeFiles();
manySmallFiles(empty);
keylessRelease(empty);
await policies(empty);
oneStatement();
await manyStatements(empty);
trees(empty);
imageTar();
manySubjects();
memoryBySize();
await manyImages();
await keylessSigning();
report();

function startUp() {
  writeFileSync(join(work, "empty.mjs"), "");
  const first = join(inputs, "many", "f000000.bin");
  timeOf(
    touchmark("attest", "--from", `files:${first}`, "--key", "touchmark.key", "--out", "single", "--name", "single"),
  );
  const keyless = signKeyless(work, "keyless", [first]);
  const cosign = cosignHere();
  const rounds = 30;
  const emptyScript = { args: [process.execPath, "empty.mjs"], cwd: work };
  const keylessCommand = touchmark("verify", first, ...keyless.touchmark);
  const times = measured("start-up", rounds, {
    empty: emptyScript,
    help: touchmark("--help"),
    verify: touchmark("verify", first, "--bundle", "single/single.sigstore.json", "--key", "touchmark.pub"),
    keyless: keylessCommand,
    cosign: cosign && { args: [cosign, "verify-blob-attestation", ...keyless.cosign, first], cwd: work },
  });
  row("an empty script", times.empty, "ms");
  row("--help, above an empty script", times.help - times.empty, "ms", "<=", 25);
  row("verify one file, above an empty script", times.verify - times.empty, "ms", "<=", 70);
  row("keyless, one file, above an empty script", times.keyless - times.empty, "ms", "<=", 60);
  row("keyless, one file: processor time above that", processorTime(rounds, keylessCommand, emptyScript), "ms");
  row("keyless, one file: time by cosign's", times.keyless / times.cosign, "");
  return times.empty;
}

/** How much more one command needs than another, in turn: what others at work change less than wall time. */
function processorTime(rounds, command, other) {
  const more = Array.from({ length: rounds }, () => needsOf(command).processorMs - needsOf(other).processorMs);
  return median(more);
}

/** Built by `npm run e2e`; null where that has not run. */
function cosignHere() {
  try {
    return goProgram("cosign");
  } catch {
    return null;
  }
}

function largeFiles() {
  const times = measured("large files", quick ? 3 : 7, {
    one: collect("one.bin"),
    two: collect("pair/*"),
    openssl: opensslOf("one.bin"),
    sha256sum: sha256sumOf("one.bin"),
  });
  row(`${sizeName}: rate by openssl's`, times.openssl / times.one, "", ">=", 0.75);
  row(`${sizeName}: rate by sha256sum's`, times.sha256sum / times.one, "");
  row(`${sizeName}: two at once by one`, (2 * times.one) / times.two, "", ">=", 1.7);
}

function manySmallFiles(emptyScript) {
  const names = readdirSync(join(inputs, "many")).map((name) => join("many", name));
  const times = measured("20,000 files of 4 KiB", quick ? 3 : 9, {
    collect: collect("many/**"),
    openssl: opensslOf(...names),
    sha256sum: sha256sumOf(...names),
  });
  row("20,000 × 4 KiB: time by openssl's", (times.collect - emptyScript) / times.openssl, "", "<=", 1.6);
  row("20,000 × 4 KiB: time by sha256sum's", (times.collect - emptyScript) / times.sha256sum, "");
}

/** A thousand files of one bundle, whose signature is checked once for all of them. */
function keylessRelease(emptyScript) {
  const files = readdirSync(join(inputs, "thousand")).map((name) => join(inputs, "thousand", name));
  const keyless = signKeyless(work, "thousand", files);
  const times = measured("1,000 files of 1 MiB", quick ? 3 : 7, {
    verify: touchmark("verify", join(inputs, "thousand"), ...keyless.touchmark, "--complete"),
    collect: collect("thousand/**"),
    openssl: opensslOf(...files),
    sha256sum: sha256sumOf(...files),
  });
  row("keyless, 1,000 × 1 MiB: time by openssl's", (times.verify - emptyScript) / times.openssl, "", "<=", 1.3);
  row("keyless, 1,000 × 1 MiB: time by sha256sum's", (times.verify - emptyScript) / times.sha256sum, "");
  row("keyless, 1,000 × 1 MiB: time by collect's", times.verify / times.collect, "", "<=", 1.3);
}

/** The same files under several bundles and a policy that asks much of each; and how long a long policy takes to be read. */
async function policies(emptyScript) {
  const folder = join(inputs, "thousand");
  const files = readdirSync(folder).map((name) => join(folder, name));
  const flags = signForPolicy(work, files, 50);
  const times = measured("1,000 files, 50 bundles and a policy", quick ? 3 : 7, {
    verify: touchmark("verify", folder, ...flags, "--complete"),
    openssl: opensslOf(...files),
  });
  row(
    "policy, 1,000 × 1 MiB, 50 bundles: time by openssl's",
    (times.verify - emptyScript) / times.openssl,
    "",
    "<=",
    1.5,
  );
  row("a policy of 10,000 rules: time to compile", await compileTime(10_000, quick ? 3 : 9), "ms", "<=", 300);
}

/** A hundred files of one bundle, beside cosign, which is asked about one file at a time. */
function oneStatement() {
  const files = readdirSync(join(inputs, "many"))
    .slice(0, 100)
    .map((name) => join(inputs, "many", name));
  const keyless = signKeyless(work, "hundred-files", files);
  const cosign = cosignHere();
  console.error("measuring 100 files and their bundle …");
  const times = { verify: [], cosign: [] };
  for (let round = 0; round < (quick ? 2 : 4); round += 1) {
    const verify = timeOf(touchmark("verify", ...files, ...keyless.touchmark));
    if (round > 0) times.verify.push(verify);
    if (cosign === null || round === 0) continue;
    const one = (file) => timeOf({ args: [cosign, "verify-blob-attestation", ...keyless.cosign, file], cwd: work });
    times.cosign.push(files.reduce((sum, file) => sum + one(file), 0));
  }
  const [verify, peer] = [Math.min(...times.verify), Math.min(...times.cosign)];
  medians["100 files and their bundle"] = { verify, cosign: Number.isFinite(peer) ? peer : null };
  row("100 files, one bundle: 100 runs of cosign by it", peer / verify, "", ">=", 15);
}

/** Files with a statement each, all in one file of evidence. */
async function manyStatements(emptyScript) {
  const largest = quick ? 1_000 : 10_000;
  console.error(`signing ${largest} files …`);
  const { files, all, who } = await signMany(join(cache, `statements-${largest}`), largest);
  console.error(`measuring ${largest} statements …`);
  const verify = (count) => {
    const targets = readdirSync(files).slice(0, count);
    const evidence = count === largest ? all : firstLines(all, count);
    const command = touchmark("verify", ...targets.map((name) => join(files, name)), "--bundle", evidence, ...who);
    return Math.min(timeOf(command), timeOf(command)) - emptyScript;
  };
  const whole = touchmark("verify", files, "--bundle", all, ...who);
  const times = { quarter: verify(largest / 4), half: verify(largest / 2), all: verify(largest) };
  const one = join(files, readdirSync(files)[0]);
  const single = timeOf(touchmark("verify", one, "--bundle", all, ...who)) - emptyScript;
  const { peak } = needsOf(whole);
  medians["many statements"] = { ...times, single, peak };
  const name = `${largest.toLocaleString("en")} × ${largest.toLocaleString("en")}`;
  row(`${name}: time`, times.all / 1000, "s");
  row(`${name}: time by twice the half's`, times.all / (2 * times.half), "", "<=", 1.15);
  row(`${name}: half's time by twice the quarter's`, times.half / (2 * times.quarter), "", "<=", 1.15);
  row(`${name}: peak memory`, peak, "MiB", "<=", 500);
  row(`one file of ${name}: time by all's`, single / times.all, "");
}

/** The same bytes as a tree, hashed as Nix does it, and as files. */
function trees(emptyScript) {
  mkdirSync(join(work, "tiny"));
  writeFileSync(join(work, "tiny", "file"), "");
  const files = readdirSync(join(inputs, "typical"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const times = measured("trees", quick ? 3 : 7, {
    tiny: touchmark("collect", "--from", "nix:tiny", "-o", "out.json"),
    large: collectTree("large"),
    largeFile: collect("large/bin/tool"),
    openssl: opensslOf("large/bin/tool"),
    largeNix: nixHashOf("large"),
    typical: collectTree("typical"),
    typicalOpenssl: opensslOf(...files),
    typicalNix: nixHashOf("typical"),
  });
  row("tree of one file: rate by openssl's", times.openssl / times.large, "", ">=", 0.7);
  row("tree of one file: rate by files:", times.largeFile / times.large, "");
  row("tree of one file: rate by nix-hash's", times.largeNix / times.large, "");
  row("tree of 8,000 files: rate by openssl's", times.typicalOpenssl / (times.typical - times.tiny), "", ">=", 0.7);
  row("tree of 8,000 files: less an empty script only", times.typicalOpenssl / (times.typical - emptyScript), "");
  row("tree of 8,000 files: rate by nix-hash's", times.typicalNix / (times.typical - times.tiny), "");
}

/** An image for two platforms in one tar, as BuildKit and docker write it. */
function imageTar() {
  const tar = join("image", "image.tar");
  const image = touchmark("collect", "--from", `buildx:image.json,layout=${join(inputs, tar)}`, "-o", "out.json");
  copyFileSync(join(inputs, "image", "metadata.json"), join(work, "image.json"));
  const times = measured("image tar", quick ? 3 : 7, { image, openssl: opensslOf(tar) });
  const { peak, bytesRead } = needsOf(image);
  const { size } = statSync(join(inputs, tar));
  const read = bytesRead === null ? null : bytesRead / size;
  Object.assign(medians["image tar"], { peak, bytesRead, size });
  row(`image tar of ${sizeName}: rate by openssl's`, times.openssl / times.image, "");
  row(`image tar of ${sizeName}: bytes read by its size`, read, "", "<=", 1.05);
  row(`image tar of ${sizeName}: peak memory`, peak, "MiB", "<=", 150);
}

function manySubjects() {
  const folder = join(inputs, "hundred");
  const key = ["--key", "touchmark.key"];
  const attest = touchmark("attest", "--from", `files:${folder}/**`, ...key, "--out", "hundred", "--name", "hundred");
  const verify = touchmark(
    "verify",
    folder,
    "--bundle",
    "hundred/hundred.sigstore.json",
    "--key",
    "touchmark.pub",
    "--complete",
  );
  const times = [timeOf(attest), timeOf(verify)];
  const peaks = [needsOf(attest).peak, needsOf(verify).peak];
  medians["100,000 subjects"] = { attest: times[0], verify: times[1], attestPeak: peaks[0], verifyPeak: peaks[1] };
  row("100,000 subjects: attest and verify", (times[0] + times[1]) / 1000, "s", "<=", 15);
  row("100,000 subjects: peak of attest", peaks[0], "MiB", "<=", 500);
  row("100,000 subjects: peak of verify", peaks[1], "MiB", "<=", 500);
}

function memoryBySize() {
  const peaks = Object.fromEntries(
    [16, 1024, 4096].map((size) => [`${size} MiB`, needsOf(collect(`sparse-${size}.bin`)).peak]),
  );
  medians["memory by size"] = peaks;
  row("peak memory, 4 GiB file", peaks["4096 MiB"], "MiB");
  row(
    "peak memory, highest less lowest",
    Math.max(...Object.values(peaks)) - Math.min(...Object.values(peaks)),
    "MiB",
    "<=",
    16,
  );
}

/** One statement about 100 images, pushed, beside the sum of what the registry takes for each request. */
async function manyImages() {
  console.error("measuring 100 images …");
  const server = spawn(process.execPath, [join(here, "slow-registry.mjs"), "serve"], { stdio: ["pipe", "pipe", 2] });
  try {
    const [first] = await once(server.stdout, "data");
    const host = first.toString().trim();
    const answering = async () => Number(await (await fetch(`http://${host}/answering`)).text());
    const push = async (name, count) => {
      writeFileSync(join(work, "images.json"), imageSubjects(`${host}/${name}`, count));
      const out = ["--out", name, "--name", "r"];
      timeOf(touchmark("attest", "--subjects", "images.json", "--key", "touchmark.key", ...out));
      const before = await answering();
      const took = timeOf(touchmark("publish", join(name, "r.intoto.jsonl"), "--to", "oci"));
      const signatures = signaturesIn(join(work, name, "r.intoto.jsonl"));
      return { took, serial: (await answering()) - before, signatures };
    };
    const ratios = [];
    let signatures = 0;
    for (let round = 0; round < (quick ? 2 : 5); round += 1) {
      const [one, all] = [await push(`one${round}`, 1), await push(`all${round}`, 101)];
      // What is not the registry's (start-up, reading the bundle) is in both.
      signatures = Math.max(signatures, all.signatures);
      ratios.push((all.took - one.took) / (all.serial - one.serial));
    }
    const ratio = ratios.sort((a, b) => a - b)[ratios.length >> 1];
    medians["100 images"] = { ratio };
    row("100 images: signatures", signatures, "", "<=", 1);
    row("100 images: time by one request at a time", ratio, "", "<=", 0.35);
  } finally {
    server.stdin.end();
  }
}

/** One file, signed without a key; a Sigstore of the end-to-end tests answers, and cosign asks the same services. */
async function keylessSigning() {
  console.error("measuring signing without a key …");
  const times = await timeSigning(join(work, "signing"), quick ? 4 : 15);
  medians.signing = times;
  const added = times && (times.touchmarkLate - times.touchmark) / (2 * LATENESS);
  const addedToCosign = times && (times.cosignLate - times.cosign) / (2 * LATENESS);
  row("signing: what two late answers add, by their sum", added, "", "<=", 0.6);
  row("signing: the same for cosign", addedToCosign, "");
  row("signing without a key: time by cosign's", times && times.touchmark / times.cosign, "", "<=", 2);
  const more = times && times.touchmarkUnlogged - times.cosignUnlogged;
  row("signing without a log: time above cosign's", more, "ms");
}

/** In all bundles of what `attest` wrote. */
function signaturesIn(path) {
  const bundles = readFileSync(path, "utf8").trimEnd().split("\n");
  return bundles.reduce((sum, bundle) => sum + JSON.parse(bundle).dsseEnvelope.signatures.length, 0);
}

function imageSubjects(prefix, count) {
  const digest = digestOf(IMAGE);
  const subjects = Array.from({ length: count }, (_, at) => {
    const uri = `pkg:oci/app${at}@${encodeURIComponent(digest)}?repository_url=${encodeURIComponent(`${prefix}/app${at}`)}`;
    return { name: `${prefix}/app${at}`, digest: { sha256: digest.slice("sha256:".length) }, uri };
  });
  const outputs = { sha256: digestOf(JSON.stringify(subjects)).slice("sha256:".length) };
  const parts = [{ artifact: "images", part: null, origin: null, checkouts: [], outputs }];
  const type = "https://touchmark.dev/subjects/v1";
  return JSON.stringify({ type, parts, subjects, resolvedDependencies: [], byproducts: [] });
}

function measured(name, rounds, commands) {
  console.error(`measuring ${name} …`);
  medians[name] = medianTimes(commands, rounds);
  return medians[name];
}

/** A row without a comparison is for information; one whose peer is not installed has no value. */
function row(name, value, unit, comparison = null, target = null) {
  const known = Number.isFinite(value);
  const met = comparison === null || !known ? null : comparison === "<=" ? value <= target : value >= target;
  rows.push({ name, value: known ? value : null, unit, comparison, target, met });
}

function report() {
  const openssl = peers.openssl ? spawnSync("openssl", ["version"], { encoding: "utf8" }).stdout.trim() : null;
  const machine = {
    cpu: cpus()[0]?.model ?? null,
    processors: availableParallelism(),
    node: process.version,
    openssl,
    loadBefore: busy,
  };
  const places = (unit) => (unit === "ms" || unit === "MiB" ? 0 : 2);
  console.log(`\n${machine.cpu}, ${machine.processors} processors, Node ${machine.node}, ${openssl ?? "no openssl"}\n`);
  for (const { name, value, unit, comparison, target, met } of rows) {
    const shown = value === null ? "no peer here" : `${value.toFixed(places(unit))} ${unit}`.trimEnd();
    const wanted = comparison === null ? "" : `${comparison === "<=" ? "≤" : "≥"} ${target} ${unit}`.trimEnd();
    const verdict = met === null ? "" : met ? "met" : "missed";
    console.log(`${name.padEnd(46)} ${shown.padStart(12)}   ${wanted.padEnd(10)} ${verdict}`.trimEnd());
  }
  mkdirSync(join(here, "results"), { recursive: true });
  writeFileSync(
    join(here, "results", "latest.json"),
    `${JSON.stringify({ quick, machine, rows, medians }, null, 2)}\n`,
  );
  if (busy > 0.5) {
    console.log(
      `\nThe machine was busy before (load ${busy.toFixed(1)}): times are too long, and two at once too slow.`,
    );
  }
  console.log("\nevery median: bench/results/latest.json");
}
