// Trees.
import { narSha256 } from "./image-files.mjs";
import { BUNDLE, hash, line, statement, TOOL } from "./release-parts.mjs";

export function treeCases({ pass, fail, evidence }) {
  // Trees.
  const files = { bin: { tool: TOOL }, "read me": "x\n" };
  const stated = (digest) => [{ name: "demo", digest }];
  const nar = narSha256(files);
  const inTree = (subjects, { content = files, target = "nix:demo" } = {}) => ({
    files: { ...pathsOf("demo", content), [BUNDLE]: line(evidence(statement(subjects))) },
    args: { targets: [target], bundles: [BUNDLE] },
  });
  pass("tree", "A folder as a whole, by the SHA-256 over its NAR.", inTree(stated({ narSha256: nar })));
  fail(
    "tree-byte-changed",
    "SUBJECT_MISMATCH",
    "tree",
    "One byte of one file is changed.",
    inTree(stated({ narSha256: nar }), { content: { ...files, bin: { tool: "the toom\n" } } }),
  );
  fail(
    "tree-file-renamed",
    "SUBJECT_MISMATCH",
    "tree",
    "One file has another name.",
    inTree(stated({ narSha256: nar }), { content: { ...files, bin: { tools: TOOL } } }),
  );
  fail(
    "tree-other-name",
    "SUBJECT_MISMATCH",
    "tree",
    "The tree is a subject under another name (A30).",
    inTree([{ name: "demo-debug", digest: { narSha256: nar } }]),
  );
  fail(
    "tree-as-folder",
    "NOT_COVERED",
    "tree",
    "The tree is given as a folder of files, of which no statement says anything.",
    inTree(stated({ narSha256: nar }), { target: "demo" }),
  );
  fail(
    "tree-dirhash-only",
    "DIGEST_UNACCEPTABLE",
    "tree",
    "The only digest of the subject is a dirHash, which sees neither links nor executable bits.",
    inTree(stated({ dirHash: "h1:x=" })),
  );
  fail(
    "tree-digest-of-bytes-beside",
    "SUBJECT_MISMATCH",
    "tree",
    "The subject also has a sha256, which a folder has none of: the set was made from two things (A29).",
    inTree(stated({ narSha256: nar, sha256: hash("sha256", TOOL) })),
  );
  pass(
    "tree-digest",
    "The tree's digest without the tree.",
    inTree(stated({ narSha256: nar }), { target: `narSha256:${nar}` }),
  );
  fail(
    "tree-digest-as-sha256",
    "NOT_COVERED",
    "tree-digest",
    "The same digits as a sha256: the digest of a tree is not one of a file.",
    inTree(stated({ narSha256: nar }), { target: `sha256:${nar}` }),
  );
}

function pathsOf(folder, node) {
  const paths = Object.entries(node).flatMap(([name, content]) => {
    const path = `${folder}/${name}`;
    return typeof content === "string" ? [[path, content]] : Object.entries(pathsOf(path, content));
  });
  return Object.fromEntries(paths);
}
