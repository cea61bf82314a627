// Images in a kit, whose list says from which repository they came, and is signed by nobody (A30).
import { layout, manifest } from "./image-files.mjs";
import { policyFile, ruled } from "./policy-parts.mjs";
import { hash, line, statement } from "./release-parts.mjs";

const [APP, LAB, COPY] = ["ghcr.io/octo/app", "ghcr.io/octo/lab", "ghcr.io/octo/copy"];
const PORT = "ghcr.io:443/octo/app";
const MIRROR = "mirror.test/octo/app";
const app = manifest("the layer of the app\n", "amd64");
const lab = manifest("the layer of the lab\n", "amd64");
const OURS = { source: "github.com/octo/widgets" };
const RULES = [
  { match: APP, ...OURS },
  { match: [LAB, COPY, PORT], "any-source": true },
];

export function kitCases({ pass, fail, evidence }) {
  const stated = (...subjects) => line(evidence(statement(subjects)));
  const both = [stated(subject(APP, app), subject(LAB, lab))];
  const list = (...subjects) =>
    line(
      evidence({
        _type: "https://in-toto.io/Statement/v1",
        subject: subjects,
        predicateType: "https://in-toto.io/attestation/release/v0.2",
        predicate: { purl: "pkg:generic/app@1.0.0" },
      }),
    );
  const content = ({
    rules = RULES,
    more = {},
    names = [called(APP, app), called(LAB, lab)],
    bundles = both,
    ...args
  }) => ({
    files: { ...kit([app, lab].slice(0, names.length), names, bundles), ...policyFile(rules, more) },
    args: { targets: ["kit:kit"], ...args, ...ruled() },
  });

  pass(
    "kit-image",
    "A kit with two images. Its list says their repositories, and so does the provenance: the rules of these decide.",
    content({}),
  );
  const refused = (name, error, why, change) => fail(`kit-image-${name}`, error, "kit-image", why, content(change));
  refused("renamed-lax", "SUBJECT_MISMATCH", "A30: the list calls the app by a repository whose rule asks for less.", {
    names: [called(COPY, app), called(LAB, lab)],
  });
  refused(
    "renamed-strict",
    "SUBJECT_MISMATCH",
    "A30: the list calls the image of the lab by the app's repository. It satisfies the app's rule, and is another image.",
    { names: [called(APP, app), called(APP, lab)] },
  );
  refused("renamed-both", "SUBJECT_MISMATCH", "A30: the list exchanges both repositories.", {
    names: [called(LAB, app), called(APP, lab)],
  });
  refused("swapped", "DIGEST_MISMATCH", "A30: the list exchanges both images, each with its repository and digest.", {
    names: [called(LAB, lab), called(APP, app)],
  });
  refused("twice", "KIT_ALTERED", "The list calls both images by one name.", {
    names: [called(APP, app), called(APP, app)],
  });
  for (const [name, why, text] of [
    ["tag", "a tag, which nothing could bear out", `oci://${APP}:v1@sha256:${app.hex}`],
    [
      "upper-case",
      "upper case in the host, which is none of another registry",
      `oci://GHCR.IO/octo/app@sha256:${app.hex}`,
    ],
    ["slash", "a slash at the repository's end", `oci://${APP}/@sha256:${app.hex}`],
    ["letter", "a letter of another alphabet", `oci://ghcr.io/octo/\u0430pp@sha256:${app.hex}`],
    ["digestless", "no digest", `oci://${APP}`],
  ]) {
    refused(`name-${name}`, "KIT_ALTERED", `The list calls an image by a name that fetch does not write: ${why}.`, {
      names: [text, called(LAB, lab)],
    });
  }
  refused("port", "SUBJECT_MISMATCH", "A30: the list names a port, which makes another registry.", {
    names: [called(PORT, app), called(LAB, lab)],
  });
  refused("tag-in-rule", "POLICY_UNMATCHED", "The rule names a tag. No name of an image has one.", {
    rules: [{ match: `${APP}:v1`, ...OURS }, ...RULES.slice(1)],
  });
  refused("denied", "DENIED", "The app is denied by its digest, whatever it is called.", {
    more: { deny: [{ reason: "a leaked token", digest: `sha256:${app.hex}` }] },
  });

  // What is stated names no repository.
  const nameless = { names: [called(APP, app)], bundles: [stated(subject("app", app))] };
  const lenient = [{ match: APP, "any-name": true, ...OURS }];
  const byPlace = [...RULES, { match: "kit/images/*", ...OURS }];
  pass(
    "kit-image-by-place",
    "The provenance names no repository. The user says that names do not count, and a rule is about the place.",
    content({ ...nameless, rules: byPlace, anyName: true }),
  );
  fail(
    "kit-image-unproven",
    "IMAGE_NAME_UNPROVEN",
    "kit-image-by-place",
    "A30: nobody says that names do not count. What the list says chose the rule, and nothing bears it out.",
    content({ ...nameless, rules: byPlace }),
  );
  const own = [`oci://${APP}@sha256:${app.hex}`];
  pass(
    "kit-image-named",
    "The user names the image, as in a registry. Its rule lets the provenance call it otherwise.",
    content({ ...nameless, rules: lenient, targets: ["kit:kit", ...own] }),
  );
  fail(
    "kit-image-unproven-by-rule",
    "IMAGE_NAME_UNPROVEN",
    "kit-image-named",
    "A30: the list alone names the image. That the rule of this name lets names differ does not bear it out.",
    content({ ...nameless, rules: lenient }),
  );

  // A mirror, under whose name nobody builds.
  const mirrored = {
    names: [called(MIRROR, app)],
    bundles: [stated(subject(APP, app))],
    rules: [{ match: MIRROR, "any-name": true, "any-source": true }, ...RULES],
  };
  pass(
    "kit-image-named-mirror",
    "The user names the mirror's image. The rule of the mirror lets the provenance call it otherwise.",
    content({ ...mirrored, targets: ["kit:kit", `oci://${MIRROR}@sha256:${app.hex}`] }),
  );
  fail(
    "kit-image-renamed-mirror",
    "SUBJECT_MISMATCH",
    "kit-image-named-mirror",
    "A30: the list alone calls the app by the mirror's name, whose rule asks for less.",
    content(mirrored),
  );

  // A list of the release, which has one of the two names under which the image was built.
  const listed = (name) =>
    content({
      names: [called(name, app)],
      bundles: [stated(subject(APP, app), subject(COPY, app)), list(subject(APP, app))],
      release: { version: null },
    });
  pass("kit-image-listed", "A list of the release names the image by its repository.", listed(APP));
  fail(
    "kit-image-unlisted",
    "RELEASE_UNLISTED",
    "kit-image-listed",
    "The kit's list calls the image by another repository, which the provenance names too, and the release does not.",
    listed(COPY),
  );
}

function subject(name, { hex }) {
  return { name, digest: { sha256: hex } };
}

function called(repository, { hex }) {
  return `oci://${repository}@sha256:${hex}`;
}

function kit(images, names, bundles) {
  const files = {
    ...Object.assign({}, ...images.map((image, at) => layout(`images/${at + 1}`, [image]))),
    ...Object.fromEntries(bundles.map((text, at) => [`evidence/${at + 1}.json`, text])),
  };
  const listed = Object.keys(files)
    .sort()
    .map((path) => {
      const text = files[path];
      return { path, sha256: hash("sha256", text), size: Buffer.byteLength(text), from: "a registry" };
    });
  const targets = names.map((name, at) => ({ kind: "image", name, place: `images/${at + 1}` }));
  const head = { schema: "https://touchmark.dev/schema/kit-v1.json", made: "2026-01-15T12:00:00Z" };
  const all = { ...files, "MANIFEST.json": line({ ...head, targets, files: listed }) };
  return Object.fromEntries(Object.entries(all).map(([path, text]) => [`kit/${path}`, text]));
}
