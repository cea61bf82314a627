// What every family of vectors is made of: artifacts, statements about them, and the text of evidence.
import { createHash } from "node:crypto";

export const BUNDLE = "bundle.sigstore.json";
export const TOOL = "the tool\n";
export const OTHER = "the other tool\n";

export function statement(subjects) {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: subjects,
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://touchmark.dev/build-types/local/v1",
        externalParameters: {},
        internalParameters: {},
        resolvedDependencies: [
          {
            uri: "git+https://github.com/octo/widgets@refs/tags/v1.0.0",
            digest: { gitCommit: "0123456789".repeat(4) },
          },
        ],
      },
      runDetails: { builder: { id: "https://touchmark.dev/builders/local/v1" } },
    },
  };
}

export function subject(name, content) {
  return { name, digest: { sha256: hash("sha256", content) } };
}

export function hash(algorithm, content) {
  return createHash(algorithm).update(content).digest("hex");
}

export function bytesOf(payload) {
  return Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
}

export function line(value) {
  return `${JSON.stringify(value)}\n`;
}

export function changed(value, change) {
  change(value);
  return value;
}
