import { type Finding, finding, isTouchmarkError } from "@touchmark/core";
import {
  type ContentProblem,
  type Descriptor,
  type ImageLayout,
  isManifestType,
  type LayoutEntry,
  openLayout,
} from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import type { Obstacle } from "@touchmark/verify";
import type { ImageItem, Item, RefusedItem } from "./check-items.ts";
import { MAX_LISTED_PROBLEMS } from "./check-limits.ts";
import { obstacleOf } from "./image-obstacle.ts";
import {
  chosenPlatforms,
  type PlatformChoice,
  type RecordingSource,
  recordingSource,
  statedPlatform,
} from "./image-platforms.ts";
import { evidenceIn } from "./layout-evidence.ts";
import type { NamedImage } from "./named-image.ts";
import { missing } from "./target-path.ts";

/**
 * What an image layout holds: its images, those of their real platforms that are chosen, and what is evidence as a whole.
 * Every blob that an image reaches is hashed.
 *
 * @param context.named - the one image that it must hold; null where nobody said.
 * @throws TouchmarkError `TARGET_MISSING`; what is not about the layout.
 */
export async function layoutItems(
  target: string,
  path: string,
  { host, named, ...choice }: PlatformChoice & { readonly named: NamedImage | null; readonly host: Host },
): Promise<readonly Item[]> {
  const opened = await open(target, path, host);
  if ("kind" in opened) return [opened];
  const items: Item[] = [];
  const place = { target, path, layout: opened, choice, named };
  for (const entry of opened.entries) items.push(...(await entryItems(entry, place)));
  if (named !== null && items.every(({ kind }) => kind === "evidence")) items.push(isNotThere(target, path, named));
  items.push(...(await attachedEvidence(place)));
  return items;
}

/** Evidence that refers to an image and is no entry by itself. What else refers to one is nobody's concern here. */
async function attachedEvidence({ target, layout }: Place): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (const referrer of await referrersIn(layout)) {
    const bundles = await evidenceIn(layout, referrer);
    const { digest } = referrer;
    if (bundles !== null) items.push({ kind: "evidence", target, name: `${layout.label}@${digest}`, digest, bundles });
  }
  return items;
}

async function referrersIn(layout: ImageLayout): Promise<readonly Descriptor[]> {
  try {
    return await layout.referrers();
  } catch (error) {
    obstacleOf(error); // throws what is not about the layout; what is, was said of its images
    return [];
  }
}

async function open(target: string, path: string, host: Host): Promise<ImageLayout | RefusedItem> {
  try {
    return await openLayout(path, host);
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "INPUT_MISSING") throw missing(path);
    const { status, findings } = obstacleOf(error);
    const [reason = finding("IMAGE_MALFORMED", `${target} is no image layout`)] = findings;
    return { kind: "refused", target, name: target, finding: reason, status, onPath: false };
  }
}

/** What is said to be an image must be judged as one. */
function isNotThere(target: string, path: string, { repository, digest }: NamedImage): RefusedItem {
  const name = `${repository ?? path}@${digest}`;
  const reason = finding("IMAGE_MISSING", `${path} does not hold ${name}`, { expected: digest, actual: "others" });
  return { kind: "refused", target, name, finding: reason, status: "not-covered", onPath: false };
}

interface Place {
  readonly target: string;
  readonly path: string;
  readonly layout: ImageLayout;
  readonly choice: PlatformChoice;
  readonly named: NamedImage | null;
}

async function entryItems(
  { descriptor, role }: LayoutEntry,
  { target, path, layout, choice, named }: Place,
): Promise<readonly Item[]> {
  const { digest } = descriptor;
  const name = `${named?.digest === digest ? (named.repository ?? path) : layout.label}@${digest}`;
  if (role === "image-without-manifest") {
    const reason = finding("IMAGE_MISSING", `${name} is a configuration without its manifest`, {
      expected: "an OCI layout, or what docker save writes since version 25: a statement names a manifest's digest",
      actual: "an archive of an older docker save or of podman save",
    });
    return [{ kind: "refused", target, name, finding: reason, status: "not-covered", onPath: false }];
  }
  const bundles = await evidenceIn(layout, descriptor);
  if (bundles !== null) return [{ kind: "evidence", target, name, digest, bundles }];
  if (named !== null && named.digest !== digest) {
    const reason = finding("DIGEST_MISMATCH", `${path} holds another image than it should`, {
      expected: named.digest,
      actual: digest,
    });
    return [{ kind: "refused", target, name, finding: reason, status: "tampered", onPath: false }];
  }
  const source = recordingSource(layout);
  const root = await checked(
    {
      kind: "image",
      target,
      name,
      repository: named?.repository ?? null,
      isClaimed: named !== null && named.repository !== null && !named.byUser,
      digest,
      // A runtime chooses by what index.json says, which nobody signed.
      platform: isManifestType(descriptor.mediaType) ? statedPlatform(descriptor.platform ?? null) : null,
      manifest: null,
      obstacle: null,
      layout: path,
    },
    descriptor,
    layout,
    source,
  );
  if (root.manifest === null) return [root];
  try {
    const platforms: Item[] = [];
    for (const one of await chosenPlatforms(root, source, choice)) {
      // All of a platform is reached from the root: where nothing is wrong there, nothing is wrong here.
      const isSound = one.kind === "refused" || root.obstacle === null;
      platforms.push(isSound ? one : await checked(one, one.descriptor, layout, source));
    }
    return [root, ...platforms];
  } catch (error) {
    return [{ ...root, obstacle: root.obstacle ?? obstacleOf(error) }];
  }
}

/** The item with the bytes of its manifest, and with whatever is wrong below it. */
async function checked(
  item: ImageItem,
  descriptor: LayoutEntry["descriptor"],
  layout: ImageLayout,
  source: RecordingSource,
): Promise<ImageItem> {
  try {
    const problems = await layout.checkContent(descriptor);
    const own = problems.some((problem) => problem.descriptor.digest === item.digest);
    const manifest = own ? null : (await source.manifest(descriptor)).bytes;
    return { ...item, manifest, obstacle: problems.length === 0 ? null : contentObstacle(item.name, problems) };
  } catch (error) {
    return { ...item, obstacle: obstacleOf(error) };
  }
}

/** Content that is missing leaves an image incomplete; content with another digest makes it another one. */
function contentObstacle(name: string, problems: readonly ContentProblem[]): Obstacle {
  // A layer that several platforms share is reached by each of them.
  const distinct = new Map(
    problems.map((problem) => [`${problem.kind} ${problem.descriptor.digest} ${problem.descriptor.size}`, problem]),
  );
  const findings = [...distinct.values()].slice(0, MAX_LISTED_PROBLEMS).map((problem) => contentFinding(name, problem));
  return { status: problems.every(({ kind }) => kind === "missing") ? "not-covered" : "tampered", findings };
}

function contentFinding(name: string, { descriptor, kind, actual }: ContentProblem): Finding {
  const { digest, size, mediaType } = descriptor;
  const blob = `${digest} (${mediaType})`;
  switch (kind) {
    case "missing":
      return finding("IMAGE_MISSING", `${name} lacks ${blob}`, { expected: digest, actual: "nothing" });
    case "digest":
      return finding("DIGEST_MISMATCH", `${name} has other content for ${blob}`, { expected: digest, actual });
    case "size":
      return finding("DIGEST_MISMATCH", `${name} has content of another size for ${blob}`, {
        expected: `${size} bytes`,
        actual,
      });
  }
}
