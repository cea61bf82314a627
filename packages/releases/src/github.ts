import { boundedArray } from "@touchmark/core";
import { type Host, z } from "@touchmark/plugin";
import { checkAssets, tooMany } from "./asset-name.ts";
import { asAsset, type Download } from "./download.ts";
import { attestationsOf, GITHUB_JSON } from "./github-attestations.ts";
import { MAX_ASSETS, PAGE_SIZE } from "./limits.ts";
import type { OpenOptions } from "./open-options.ts";
import type { Release } from "./release.ts";
import { openApi, type ReleaseApi } from "./release-api.ts";
import { type GithubRelease, releaseText } from "./release-target.ts";
import { noRelease, wrongAnswer } from "./target-error.ts";

/** https://docs.github.com/en/rest/releases/releases#get-a-release-by-tag-name */
const ReleaseAnswer = z.object({ id: z.int().min(1), tag_name: z.string(), draft: z.boolean() });

/** https://docs.github.com/en/rest/releases/assets#list-release-assets */
const AssetAnswer = z.object({
  id: z.int().min(1),
  name: z.string(),
  size: z.int().min(0),
  state: z.string(),
  // Absent where the server is older than 2025.
  digest: z.string().nullish(),
});

const AssetsAnswer = z.unknown().pipe(boundedArray(AssetAnswer, PAGE_SIZE));

/** A release by its tag, and the attestations that GitHub keeps about its files. */
export async function openGithub(target: GithubRelease, options: OpenOptions, host: Host): Promise<Release> {
  const { home, token, contacts, budget } = options;
  const label = releaseText(target);
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const secrets = token === null ? [] : [token];
  const service = "GitHub";
  const api = openApi({ service, home, authorization, secrets, remedy: "a token in GITHUB_TOKEN" }, host);
  const place = ["repos", target.owner, target.repository] as const;
  const answer = await api.ask(api.url(...place, "releases", "tags", target.tag), GITHUB_JSON);
  if (answer === null) throw noRelease(label, home, token !== null);
  const release = answer.json(ReleaseAnswer, "a release");
  if (release.tag_name !== target.tag || release.draft) {
    throw wrongAnswer(service, home, `the release ${JSON.stringify(target.tag)}`, JSON.stringify(release.tag_name));
  }
  const listed = checkAssets(await assetsOf(api, [...place, "releases", `${release.id}`, "assets"], label), label);
  // Without a token the page's own address is taken: it has no rate limit of 60 requests an hour.
  const atPage = token === null && home.host === "api.github.com";
  const assets = listed.map(({ id, name, size, state, digest }) => {
    if (state !== "uploaded") throw wrongAnswer(service, home, `${JSON.stringify(name)}, uploaded`, "a part of it");
    const wanted: Download = {
      name,
      service,
      url: atPage ? pageUrl(target, name) : api.url(...place, "releases", "assets", `${id}`),
      headers: { accept: "application/octet-stream", ...(atPage ? {} : authorization) },
      secrets,
      contacts,
      size,
      declared: declaredDigest(digest ?? null),
      budget,
    };
    return asAsset(wanted, host);
  });
  return {
    assets,
    evidence: (saved) => attestationsOf({ api, home, place, label, contacts, host }, saved),
  };
}

/** https://docs.github.com/en/repositories/releasing-projects-on-github/linking-to-releases */
function pageUrl({ owner, repository, tag }: GithubRelease, name: string): URL {
  const path = [owner, repository, "releases", "download", tag, name].map(encodeURIComponent).join("/");
  return new URL(`https://github.com/${path}`);
}

async function assetsOf(api: ReleaseApi, place: readonly string[], label: string) {
  const assets: z.output<typeof AssetAnswer>[] = [];
  for (let page = 1; assets.length <= MAX_ASSETS; page += 1) {
    const url = api.url(...place);
    url.search = `per_page=${PAGE_SIZE}&page=${page}`;
    const answer = await api.ask(url, GITHUB_JSON);
    const some = answer?.json(AssetsAnswer, "a list of files") ?? [];
    assets.push(...some);
    // A server that gives one page for every number is stopped by the names, which come twice.
    if (some.length < PAGE_SIZE) return assets;
  }
  throw tooMany(label);
}

function declaredDigest(digest: string | null): Readonly<Record<string, string>> {
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest ?? "") ?? [];
  return hex === undefined ? {} : { sha256: hex };
}
