import { boundedArray } from "@touchmark/core";
import { type Host, readUrl, z } from "@touchmark/plugin";
import { checkAssets } from "./asset-name.ts";
import { isContact } from "./contact.ts";
import { asAsset } from "./download.ts";
import { MAX_ASSETS } from "./limits.ts";
import type { OpenOptions } from "./open-options.ts";
import type { Release } from "./release.ts";
import { openApi } from "./release-api.ts";
import { type GitlabRelease, releaseText } from "./release-target.ts";
import { noRelease, wrongAnswer } from "./target-error.ts";

/** https://docs.gitlab.com/api/releases/#get-a-release-by-a-tag-name */
const ReleaseAnswer = z.object({
  tag_name: z.string(),
  assets: z.object({
    // `sources` are archives that GitLab makes of the commit when somebody asks: no build made them.
    links: boundedArray(
      z.object({
        name: z.string(),
        url: z.string(),
        direct_asset_url: z.string().nullish(),
        link_type: z.string().nullish(),
      }),
      MAX_ASSETS,
    ),
  }),
});

/** Links of these types lead to pages and images; files of a release have the others. */
const NO_FILES = ["runbook", "image"];

/** A release by its tag. Its files are links, which may lead anywhere: one that leads to a stranger fails it. */
export async function openGitlab(target: GitlabRelease, options: OpenOptions, host: Host): Promise<Release> {
  const { home, token, contacts, budget } = options;
  const label = releaseText(target);
  const authorization: Record<string, string> = token === null ? {} : { "private-token": token };
  const secrets = token === null ? [] : [token];
  const service = "GitLab";
  const api = openApi({ service, home, authorization, secrets, remedy: "a token in GITLAB_TOKEN" }, host);
  const url = api.url("api", "v4", "projects", target.project, "releases", target.tag);
  const answer = await api.ask(url, "application/json");
  if (answer === null) throw noRelease(label, home, token !== null);
  const { tag_name: tag, assets } = answer.json(ReleaseAnswer, "a release");
  if (tag !== target.tag) throw wrongAnswer(service, home, JSON.stringify(target.tag), JSON.stringify(tag));
  const files = assets.links
    .filter(({ link_type: type }) => !NO_FILES.includes(type ?? "other"))
    .map((link) => {
      const at = readUrl(link.direct_asset_url ?? link.url);
      if (at === null || !isContact(at, contacts)) {
        const actual = at === null ? "no address" : at.host;
        throw wrongAnswer(service, home, `${JSON.stringify(link.name)} at one of ${contacts.join(", ")}`, actual);
      }
      return { name: fileName(at, link.name), at };
    });
  return {
    assets: checkAssets(files, label).map(({ name, at }) => {
      const headers = at.origin === home.origin ? authorization : {};
      const wanted = { name, service, url: at, headers, secrets, contacts, size: null, declared: {}, budget };
      return asAsset(wanted, host);
    }),
    evidence: async function* () {
      // GitLab keeps evidence about jobs, not about releases.
    },
  };
}

/** The last segment of the address, which the file was uploaded as: the link's own name is free text. */
function fileName({ pathname }: URL, name: string): string {
  try {
    return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1)) || name;
  } catch {
    return name;
  }
}
