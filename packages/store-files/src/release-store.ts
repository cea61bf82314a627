import { TouchmarkError } from "@touchmark/core";
import type { Publisher } from "@touchmark/plugin";
import { checkStem } from "./file-name.ts";
import { asLine, writeOutput } from "./write-output.ts";

export interface ReleaseStoreOptions {
  /** As the user gave it; made when it is missing. */
  readonly folder: string;
  /** The stem: `releaseStem` chooses it. */
  readonly name: string;
}

/**
 * Writes the signed list of a release as `<name>.release.sigstore.json`, and into no other file: it lists the others.
 *
 * @throws TouchmarkError `NAME_REFUSED` here. In `publish`: `INPUT_INVALID` for anything but one envelope; as `filesStore`.
 */
export function releaseStore({ folder, name }: ReleaseStoreOptions): Publisher {
  checkStem(name);
  return {
    name: "release",
    async publish(envelopes, host) {
      const [only, second] = envelopes;
      if (only === undefined || second !== undefined) {
        throw new TouchmarkError("INPUT_INVALID", "a release has one list", {
          expected: "1 signed statement",
          actual: String(envelopes.length),
        });
      }
      const file = { name: `${name}.release.sigstore.json`, bytes: asLine(only.bundle), subject: null };
      return writeOutput(folder, [file], host);
    },
  };
}
