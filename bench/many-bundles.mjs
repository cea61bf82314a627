// Signs files each with a statement and a certificate of its own, all in one JSON Lines file; made once, since it takes a while.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RELEASE_RUN, rootOf, signBundle, testSigstore } from "../packages/testkit/dist/sigstore/index.js";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** As many dependencies as bring a bundle to some 18 KiB. */
const resolvedDependencies = Array.from({ length: 40 }, (_, at) => ({
  uri: `pkg:npm/dependency-${at}@1.${at}.0`,
  digest: { sha256: sha256(`${at}`) },
  name: `dependency ${at} of the build, as its lock file says`,
}));

/**
 * Writes `files/` and their bundles.
 *
 * @returns the arguments of `touchmark verify` that name the evidence and its signer; `first` of the lines are in `lines(first)`.
 */
export async function signMany(folder, count) {
  const [files, all, roots] = [join(folder, "files"), join(folder, "all.jsonl"), join(folder, "roots.json")];
  const done = join(folder, `done-${count}`);
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(files, { recursive: true });
    const sigstore = testSigstore();
    const out = createWriteStream(all);
    for (let at = 0; at < count; at += 1) {
      const [name, bytes] = [`f${String(at).padStart(6, "0")}.bin`, Buffer.from(`content ${at}`)];
      writeFileSync(join(files, name), bytes);
      const payload = Buffer.from(JSON.stringify(statementAbout(name, bytes)));
      if (!out.write(`${JSON.stringify(signBundle(sigstore, payload).bundle)}\n`)) await once(out, "drain");
    }
    out.end();
    await once(out, "finish");
    writeFileSync(roots, JSON.stringify(rootOf(sigstore)));
    writeFileSync(done, "");
  }
  const { buildSignerUri, issuer } = RELEASE_RUN;
  const who = ["--trusted-root", roots, "--signer-identity", buildSignerUri, "--signer-issuer", issuer, "--offline"];
  return { files, all, who };
}

/** The first lines of a file, as one of its own. */
export function firstLines(all, count) {
  const bytes = readFileSync(all);
  let end = 0;
  for (let line = 0; line < count; line += 1) end = bytes.indexOf(0x0a, end) + 1;
  const name = `${all}.${count}`;
  writeFileSync(name, bytes.subarray(0, end));
  return name;
}

function statementAbout(name, bytes) {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name, digest: { sha256: sha256(bytes) } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: { buildType: "https://example.com/type", externalParameters: {}, resolvedDependencies },
      runDetails: { builder: { id: "https://example.com/builder" } },
    },
  };
}
