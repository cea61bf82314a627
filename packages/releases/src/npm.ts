import { attempt, isTouchmarkError, parseIntegrity } from "@touchmark/core";
import { npmTarballFileName } from "@touchmark/package-identity";
import { type Host, readUrl, z } from "@touchmark/plugin";
import { asAsset, type Download } from "./download.ts";
import type { OpenOptions } from "./open-options.ts";
import type { Release } from "./release.ts";
import { openApi } from "./release-api.ts";
import { evidenceBudget } from "./release-evidence.ts";
import { type NpmVersion, releaseText } from "./release-target.ts";
import { noRelease, wrongAnswer } from "./target-error.ts";

/** https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md#getpackageversion */
const VersionAnswer = z.object({
  name: z.string(),
  version: z.string(),
  dist: z.object({ tarball: z.string(), integrity: z.string().nullish(), shasum: z.string().nullish() }),
});

/** One version of a package: its tarball, under the name that `npm pack` gives it, and the registry's attestations. */
export async function openNpm(target: NpmVersion, options: OpenOptions, host: Host): Promise<Release> {
  const { home, token, contacts, budget } = options;
  const label = releaseText(target);
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const secrets = token === null ? [] : [token];
  const service = "the registry of npm";
  const api = openApi({ service, home, authorization, secrets, remedy: "a token in NPM_TOKEN" }, host);
  const answer = await api.ask(api.url(target.name, target.version), "application/json");
  if (answer === null) throw noRelease(label, home, token !== null);
  const { name, version, dist } = answer.json(VersionAnswer, "a version of a package");
  if (name !== target.name || version !== target.version) {
    throw wrongAnswer(service, home, label, JSON.stringify(`${name}@${version}`));
  }
  const url = tarballUrl(dist.tarball, home);
  if (url === null) throw wrongAnswer(service, home, "the address of the tarball", "something else");
  const wanted: Download = {
    name: npmTarballFileName(target.name, target.version),
    service,
    url,
    headers: url.origin === home.origin ? authorization : {},
    secrets,
    contacts,
    size: null,
    declared: declaredDigests(dist.integrity ?? null, dist.shasum ?? null),
    budget,
  };
  return {
    assets: [asAsset(wanted, host)],
    // https://github.com/npm/rfcs/blob/main/accepted/0049-link-packages-to-source-and-build.md
    async *evidence() {
      const found = await api.ask(
        api.url("-", "npm", "v1", "attestations", `${target.name}@${target.version}`),
        "application/json",
      );
      if (found === null) return;
      evidenceBudget(label).spend(found.body.byteLength);
      yield { name: `attestations of ${target.name}@${target.version} at ${home.host}`, bytes: found.body };
    },
  };
}

/** As npm does it: a mirror may repeat the address that the public registry wrote. */
function tarballUrl(text: string, home: URL): URL | null {
  const url = readUrl(text);
  if (url?.host !== "registry.npmjs.org") return url;
  return new URL(`${home.href.replace(/\/$/, "")}${url.pathname}`);
}

/** What the registry says of the tarball; of what it says badly, nothing. */
function declaredDigests(integrity: string | null, shasum: string | null): Readonly<Record<string, string>> {
  const read = integrity === null ? {} : attempt(() => parseIntegrity(integrity));
  const digests = isTouchmarkError(read) ? {} : Object.fromEntries(Object.entries(read).filter(isText));
  return shasum !== null && /^[0-9a-f]{40}$/.test(shasum) ? { ...digests, sha1: shasum } : digests;
}

function isText(entry: readonly [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string";
}
