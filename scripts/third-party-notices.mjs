import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * The notices of every package of which a bundle holds code: name, version, licence and the text of its licence files.
 * Licences such as MIT and BSD ask that this text goes wherever the code goes.
 *
 * @param metafiles - esbuild's, of all bundles that are published together.
 * @param base - the `absWorkingDir` of those builds, which the paths in the metafiles start from.
 * @throws Error for a package without a `license` field: nobody could say whether it may be published.
 */
export function thirdPartyNotices(metafiles, base) {
  const notices = new Map(); // "name version" → notice; one package can lie in several places
  for (const { name, folder } of bundledPackages(metafiles, base)) {
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (typeof license !== "string") throw new Error(`${name} ${version}: package.json has no license field`);
    notices.set(`${name} ${version}`, notice(`${name} ${version}`, license, folder));
  }
  const sorted = [...notices].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, text]) => text);
  return [HEAD, ...sorted].join(`\n${"-".repeat(80)}\n\n`);
}

const HEAD = "The files in this folder contain code of the following packages.\n";

/** Of files that left bytes in the output: what tree shaking dropped is not published. */
function bundledPackages(metafiles, base) {
  const packages = new Map(); // folder → name
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        const found = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path);
        if (bytesInOutput > 0 && found !== null) packages.set(resolve(base, found[1]), found[2]);
      }
    }
  }
  return [...packages].map(([folder, name]) => ({ name, folder }));
}

function notice(title, license, folder) {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)([.-]|$)/i.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  if (texts.length === 0) texts.push("The package has no licence file.");
  return `${title}\nLicence: ${license}\n\n${texts.join("\n\n")}\n`;
}
