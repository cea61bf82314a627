import { createHash } from "node:crypto";
import {
  attempt,
  boundedArray,
  encodeJson,
  isTouchmarkError,
  type Json,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import { askService, type Host, readUrl, type ServiceCall, serviceRefusal, z } from "@touchmark/plugin";
import { isContact } from "./contact.ts";
import { MAX_ATTESTATION_PAGES, MAX_BUNDLE_BYTES, PAGE_SIZE } from "./limits.ts";
import type { SavedAsset } from "./release.ts";
import type { ReleaseApi } from "./release-api.ts";
import { evidenceBudget, type ReleaseEvidence } from "./release-evidence.ts";
import { unpackSnappy } from "./snappy.ts";
import { wrongAnswer } from "./target-error.ts";

export const GITHUB_JSON = "application/vnd.github+json";

/** https://docs.github.com/en/rest/repos/attestations#list-attestations */
const AttestationsAnswer = z.object({
  attestations: boundedArray(
    z.object({ bundle: z.custom<Json>().nullish(), bundle_url: z.string().nullish() }),
    PAGE_SIZE,
  ),
});

export interface AttestedRelease {
  readonly api: ReleaseApi;
  readonly home: URL;
  /** `repos`, owner, repository. */
  readonly place: readonly string[];
  readonly label: string;
  readonly contacts: readonly string[];
  readonly host: Host;
}

/**
 * What GitHub keeps about each file, each bundle once: one about a whole release is listed with every file. A bundle comes
 * with the answer, or lies packed behind an address of its own.
 */
export async function* attestationsOf(
  release: AttestedRelease,
  saved: readonly SavedAsset[],
): AsyncIterable<ReleaseEvidence> {
  const budget = evidenceBudget(release.label);
  const seen = new Set<string>();
  const isNew = (key: string) => !seen.has(key) && seen.add(key).has(key);
  for (const { name, sha256 } of saved) {
    let number = 0;
    for await (const { bundle, bundle_url: address } of listed(release, sha256)) {
      number += 1;
      // The query is a signature, and another one each time.
      if (bundle == null && (address == null || !isNew(address.replace(/\?.*$/s, "")))) continue;
      const bytes = bundle == null ? await bundleAt(release, address ?? "") : encodeJson(bundle);
      if (!isNew(createHash("sha256").update(bytes).digest("hex"))) continue;
      budget.spend(bytes.byteLength);
      yield { name: `attestation ${number} of ${name} at ${release.home.host}`, bytes };
    }
  }
}

async function* listed({ api, home, place, label }: AttestedRelease, sha256: string) {
  const cursors = new Set<string>();
  for (let after: string | null = null, page = 1; page <= MAX_ATTESTATION_PAGES; page += 1) {
    const url = api.url(...place, "attestations", `sha256:${sha256}`);
    url.search = `per_page=${PAGE_SIZE}${after === null ? "" : `&after=${encodeURIComponent(after)}`}`;
    const answer = await api.ask(url, GITHUB_JSON);
    if (answer === null) return;
    yield* answer.json(AttestationsAnswer, "a list of attestations").attestations;
    after = nextCursor(answer.headers["link"] ?? "");
    if (after === null) return;
    if (cursors.has(after)) throw wrongAnswer("GitHub", home, "each page of attestations once", "a page again");
    cursors.add(after);
  }
  throw new TouchmarkError("LIMIT_EXCEEDED", `GitHub has more attestations about one file of ${label} than are read`, {
    expected: `at most ${MAX_ATTESTATION_PAGES * PAGE_SIZE}`,
    actual: "more",
  });
}

/** `<https://api.github.com/…&after=CURSOR>; rel="next"`: only the cursor is taken, the address is ours. */
function nextCursor(link: string): string | null {
  for (const part of link.split(",")) {
    const [, address = ""] = /^\s*<([^>]*)>.*;\s*rel="?next"?/.exec(part) ?? [];
    const cursor = readUrl(address)?.searchParams.get("after") ?? null;
    if (cursor !== null && cursor !== "") return cursor;
  }
  return null;
}

/**
 * A bundle behind its own address: JSON, or packed with Snappy, as GitHub's own client reads it. What cannot be unpacked
 * is given as it is, so that a report names it.
 */
async function bundleAt({ contacts, home, host }: AttestedRelease, address: string): Promise<Uint8Array> {
  const url = readUrl(address);
  if (url === null || !isContact(url, contacts)) {
    const actual = url === null ? "no address" : url.host;
    throw wrongAnswer("GitHub", home, `an attestation at one of ${contacts.join(", ")}`, actual);
  }
  const call: ServiceCall = {
    service: "GitHub's store of attestations",
    request: { method: "GET", url: url.href, maxBody: MAX_BUNDLE_BYTES, referredBy: null },
    secrets: [],
  };
  const response = await askService(host, call);
  if (response.status !== 200) throw serviceRefusal(call, response, "200 and a bundle");
  const bytes = response.body[0] === OPEN_BRACE ? response.body : unpackSnappy(response.body, MAX_BUNDLE_BYTES);
  const json =
    bytes === null ? null : attempt(() => parseJson(bytes, { what: "the bundle", maxBytes: MAX_BUNDLE_BYTES }));
  return json === null || isTouchmarkError(json) ? response.body : encodeJson(json);
}

const OPEN_BRACE = 0x7b;
