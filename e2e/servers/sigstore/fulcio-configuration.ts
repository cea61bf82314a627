import { readFile, writeFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { goSourceFile } from "../../peers/go-programs.mjs";
import { ISSUERS } from "./claims.ts";

/** How an Enterprise Server is called there. */
const OWN_GITHUB = "own-github";

interface ProviderMetadata {
  readonly "default-template-values": Readonly<Record<string, string>>;
}

/** Whom Fulcio believes, and what it writes into a certificate for a CI platform's token. */
interface Configuration {
  readonly "oidc-issuers": Readonly<Record<string, unknown>>;
  readonly "meta-issuers": Readonly<Record<string, unknown>>;
  readonly "ci-issuer-metadata": Readonly<Record<string, ProviderMetadata>>;
}

/** The one of the public instance, so that certificates are made by its templates; issuers that are not here are left out. */
export async function writeFulcioConfiguration(file: string): Promise<void> {
  const source = goSourceFile("fulcio", "config/identity/config.yaml") ?? "";
  // YAML 1.2 takes a colon for a part of the alias before it.
  const text = (await readFile(source, "utf8")).replace(/^( *\*[\w-]+):/gm, "$1 :");
  const configuration = parse(text) as Configuration;
  const { "oidc-issuers": issuers, "meta-issuers": metaIssuers, "ci-issuer-metadata": metadata } = configuration;
  const own = (url: string, more: object) => ({ [url]: { "issuer-url": url, "client-id": "sigstore", ...more } });
  const cluster = "https://container.googleapis.com/v1/projects/*/locations/*/clusters/*";
  const enterprises = `${ISSUERS.github}/*`;
  const written = {
    ...configuration,
    "oidc-issuers": {
      [ISSUERS.github]: issuers[ISSUERS.github],
      [ISSUERS.gitlab]: issuers[ISSUERS.gitlab],
      ...own(ISSUERS.enterpriseServer, { type: "ci-provider", "ci-provider": OWN_GITHUB }),
      ...own(ISSUERS.email, { type: "email" }),
      ...own(ISSUERS.login, { type: "email" }),
      ...own(ISSUERS.spiffe, { type: "spiffe", "spiffe-trust-domain": "touchmark.test" }),
    },
    "meta-issuers": { [cluster]: metaIssuers[cluster], [enterprises]: metaIssuers[enterprises] },
    "ci-issuer-metadata": { ...metadata, [OWN_GITHUB]: ownGitHub(metadata["github-workflow"]) },
  };
  // Fulcio reads JSON by other names.
  await writeFile(file, stringify(written));
}

/** The templates of github.com, with another address. */
function ownGitHub(github: ProviderMetadata | undefined): ProviderMetadata {
  if (github === undefined) throw new Error("Fulcio's own configuration has no templates for GitHub");
  const values = { ...github["default-template-values"], url: new URL(ISSUERS.enterpriseServer).origin };
  return { ...github, "default-template-values": values };
}
