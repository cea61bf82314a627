// Images in a layout.
import { blobFile, evidenceManifest, index, layout, manifest } from "./image-files.mjs";
import { policyFile, ruled } from "./policy-parts.mjs";
import { BUNDLE, line, statement } from "./release-parts.mjs";

export function imageCases({ pass, fail, evidence }) {
  // Images in a layout.
  const [amd64, arm64] = [manifest("the layer of amd64\n", "amd64"), manifest("the layer of arm64\n", "arm64")];
  const image = index(amd64, arm64);
  const platforms = [imageSubject(amd64, "linux/amd64"), imageSubject(arm64, "linux/arm64")];
  const inLayout = (files, subjects, args = {}) => ({
    files: { ...files, [BUNDLE]: line(evidence(statement(subjects))) },
    args: { targets: ["oci-layout:image"], ...args },
  });
  const whole = layout("image", [image]);
  pass(
    "image",
    "An image of two platforms in a layout, and a statement about its index.",
    inLayout(whole, [imageSubject(image)]),
  );
  pass(
    "image-recursive",
    "The same, and the statement names the platforms too. Each is judged by itself.",
    inLayout(whole, [imageSubject(image), ...platforms], { recursive: true, complete: true }),
  );
  fail(
    "image-platform-under-index",
    "NOT_COVERED",
    "image-recursive",
    "A statement about the index alone does not cover the platforms in it.",
    inLayout(whole, [imageSubject(image)], { recursive: true }),
  );
  fail(
    "image-index-under-platforms",
    "NOT_COVERED",
    "image",
    "A statement about every platform does not cover the index.",
    inLayout(whole, platforms),
  );
  fail(
    "image-platforms-swapped",
    "SUBJECT_MISMATCH",
    "image-recursive",
    "The manifest of amd64 is stated for arm64, and the other way round (A30).",
    inLayout(whole, [imageSubject(image), imageSubject(amd64, "linux/arm64"), imageSubject(arm64, "linux/amd64")], {
      recursive: true,
    }),
  );
  fail(
    "image-layer-changed",
    "DIGEST_MISMATCH",
    "image",
    "One byte of a layer is changed. The index has its digest still.",
    inLayout({ ...whole, [blobFile("image", amd64.blobs[1])]: "the layer of amd65\n" }, [imageSubject(image)]),
  );
  fail(
    "image-layer-missing",
    "IMAGE_MISSING",
    "image",
    "A layer is not in the layout.",
    inLayout(without(whole, blobFile("image", amd64.blobs[1])), [imageSubject(image)]),
  );
  fail(
    "image-as-folder",
    "NOT_COVERED",
    "image",
    "The layout is given as a folder. What lies in a folder does not make an image of it: each file needs a statement.",
    inLayout(whole, [imageSubject(image)], { targets: ["image"], bundles: [BUNDLE] }),
  );
  const expecting = (wanted, subjects) => ({
    ...inLayout(
      { ...whole, ...policyFile([{ match: "image", source: "github.com/octo/widgets", platforms: wanted }]) },
      subjects,
      { ...ruled() },
    ),
  });
  const BOTH = ["linux/amd64", "linux/arm64"];
  pass(
    "policy-platforms",
    "The image has the platforms that the policy wants, and each is covered by itself.",
    expecting(BOTH, [imageSubject(image), ...platforms]),
  );
  fail(
    "policy-platforms-absent",
    "PLATFORM_MISSING",
    "policy-platforms",
    "The policy wants one more.",
    expecting([...BOTH, "linux/riscv64"], [imageSubject(image), ...platforms]),
  );
  fail(
    "policy-platforms-uncovered",
    "NOT_COVERED",
    "policy-platforms",
    "Nothing is stated of one of them but that the index has it.",
    expecting(BOTH, [imageSubject(image), ...platforms.slice(1)]),
  );
  const inner = evidenceManifest(line(evidence(statement([imageSubject(image)]))));
  pass("image-evidence-inside", "The evidence is an entry of the layout, as registries and cosign keep it.", {
    files: layout("image", [image, inner]),
    args: { targets: ["oci-layout:image"] },
  });
  fail(
    "image-marked-as-evidence",
    "NOT_COVERED",
    "image-evidence-inside",
    "A further image is marked as attestations, as cosign save marks them. A mark makes no evidence of it (A32).",
    {
      files: layout("image", [image, inner, arm64], [{}, {}, { kind: "dev.cosignproject.cosign/atts" }]),
      args: { targets: ["oci-layout:image"] },
    },
  );
}

function imageSubject({ hex }, platform = null) {
  const repository = "ghcr.io/octo/app";
  const query = platform === null ? "" : `platform=${encodeURIComponent(platform)}&`;
  const purl = `pkg:oci/app@sha256%3A${hex}?${query}repository_url=${encodeURIComponent(repository)}`;
  return { name: platform === null ? repository : purl, digest: { sha256: hex }, uri: purl };
}

function without(files, name) {
  return Object.fromEntries(Object.entries(files).filter(([file]) => file !== name));
}
