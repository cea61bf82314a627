// A release whose evidence a key signs.
import { BUNDLE, bytesOf, line, OTHER, statement, subject, TOOL } from "./release-parts.mjs";
import { bundle } from "./signing.mjs";

/** @param list - of `caseList`; its vectors trust `ed25519` unless they say otherwise. */
export function keyedRelease({ pass, fail }, { ed25519 }) {
  /** Signs a statement, or a payload that is none. */
  const evidence = (payload, options = {}) => bundle(options.key ?? ed25519, bytesOf(payload), options);
  const trusting = ({ files, args = {}, publicKey = ed25519.publicPem }) => ({
    files: { "key.pub": publicKey, ...files },
    args: { key: "key.pub", ...args },
  });
  return {
    pass: (name, why, content) => pass(name, why, trusting(content)),
    fail: (name, error, twin, why, content) => fail(name, error, twin, why, trusting(content)),
    evidence,
    /** A release of one tool, with its evidence beside the release and named, so that only the evidence is in question. */
    named: (evidenceText, options = {}) => ({
      files: { "release/tool": TOOL, [BUNDLE]: evidenceText, ...options.files },
      args: { bundles: [BUNDLE], ...options.args },
      ...(options.publicKey === undefined ? {} : { publicKey: options.publicKey }),
    }),
    /** The evidence lies in the release, as people download it. */
    inside: (files, stated, args = {}) => ({
      files: { ...prefixed(files), "release/release.intoto.jsonl": line(evidence(stated)) },
      args,
    }),
    tool: statement([subject("tool", TOOL)]),
    two: statement([subject("tool-amd64", TOOL), subject("tool-arm64", OTHER)]),
  };
}

function prefixed(files) {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`release/${name}`, content]));
}
