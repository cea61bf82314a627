import { TouchmarkError } from "@touchmark/core";
import { normalisedPythonName } from "@touchmark/package-identity";
import { type Host, readUrl } from "@touchmark/plugin";
import { checkAssets } from "./asset-name.ts";
import { asAsset, type Download } from "./download.ts";
import { type IndexFile, ProjectAnswer } from "./index-file.ts";
import { indexPage } from "./index-page.ts";
import type { OpenOptions } from "./open-options.ts";
import type { Release } from "./release.ts";
import { type ApiAnswer, openApi, type ReleaseApi } from "./release-api.ts";
import { evidenceBudget, type ReleaseEvidence } from "./release-evidence.ts";
import { type PypiVersion, releaseText } from "./release-target.ts";
import { noRelease, wrongAnswer } from "./target-error.ts";

const INDEX_JSON = "application/vnd.pypi.simple.v1+json";

/** The files of one version that an index lists, and their provenance objects. */
export async function openPypi(target: PypiVersion, options: OpenOptions, host: Host): Promise<Release> {
  const { home, contacts, budget } = options;
  const label = releaseText(target);
  const service = "the index of Python packages";
  const api = openApi({ service, home, authorization: {}, secrets: [], remedy: "another index" }, host);
  const page = api.url(normalisedPythonName(target.name), "");
  const answer = await api.ask(page, `${INDEX_JSON}, text/html;q=0.5`);
  if (answer === null) throw noRelease(label, home, false);
  const wanted = filesIn(answer).filter(({ filename }) =>
    target.file === null ? isOfVersion(filename, target) : filename === target.file,
  );
  if (wanted.length === 0) throw noFiles(label, home);
  const listed = wanted.map((file) => ({ ...file, name: file.filename }));
  const files = checkAssets(listed, label).map(({ name, url, hashes, size, provenance }) => {
    const at = readUrl(url, answer.url);
    if (at === null) throw wrongAnswer(service, home, `the address of ${JSON.stringify(name)}`, "something else");
    at.hash = "";
    const declared = /^[0-9a-f]{64}$/.test(hashes["sha256"] ?? "") ? { sha256: hashes["sha256"] ?? "" } : {};
    const file: Download = {
      ...{ name, service, url: at, headers: {}, secrets: [], contacts, size: size ?? null },
      ...{ declared, budget },
    };
    return { file, provenance: provenance == null ? null : readUrl(provenance, answer.url) };
  });
  return {
    assets: files.map(({ file }) => asAsset(file, host)),
    evidence: () => provenanceOf(files, api, { label, home }),
  };
}

/** Indexes that are files on a disk have the page alone: https://peps.python.org/pep-0503/ */
function filesIn(answer: ApiAnswer): readonly IndexFile[] {
  const type = answer.headers["content-type"] ?? "";
  const isHtml = /^(?:text\/html|application\/vnd\.pypi\.simple\.v1\+html)\b/i.test(type);
  return isHtml ? indexPage(answer.body) : answer.json(ProjectAnswer, "the files of a project").files;
}

async function* provenanceOf(
  files: readonly { readonly file: Download; readonly provenance: URL | null }[],
  api: ReleaseApi,
  { label, home }: { readonly label: string; readonly home: URL },
): AsyncIterable<ReleaseEvidence> {
  const budget = evidenceBudget(label);
  for (const { file, provenance } of files) {
    if (provenance === null) continue;
    const answer = await api.ask(provenance, "application/vnd.pypi.integrity.v1+json, application/json");
    if (answer === null) continue;
    budget.spend(answer.body.byteLength);
    yield { name: `provenance of ${file.name} at ${home.host}`, bytes: answer.body };
  }
}

/**
 * True for a file whose name says that it is of this version. Which package it is, its content must say later.
 * Sources: https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention and
 * https://packaging.python.org/en/latest/specifications/source-distribution-format/#source-distribution-file-name
 */
function isOfVersion(filename: string, { name, version }: PypiVersion): boolean {
  const wanted = version.toLowerCase();
  const versions = [wanted, wanted.replaceAll("-", "_")];
  for (let dash = filename.indexOf("-"); dash !== -1; dash = filename.indexOf("-", dash + 1)) {
    if (normalisedPythonName(filename.slice(0, dash)) !== normalisedPythonName(name)) continue;
    const rest = filename.slice(dash + 1).toLowerCase();
    // A version ends where the tags of a wheel begin, or the end of the name of an archive.
    const isBuilt = /\.(?:whl|egg)$/.test(rest);
    if (
      versions.some((one) =>
        isBuilt ? rest.startsWith(`${one}-`) : ARCHIVES.includes(rest.slice(one.length)) && rest.startsWith(one),
      )
    ) {
      return true;
    }
  }
  return false;
}

const ARCHIVES = [".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.z"];

function noFiles(label: string, home: URL): TouchmarkError {
  return new TouchmarkError("TARGET_MISSING", `${label} is not at ${home.host}`, {
    expected: "at least one file of this version in the index",
    actual: "none",
  });
}
