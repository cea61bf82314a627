import { readFileSync } from "node:fs";
import { indexPage } from "../../packages/releases/src/index-page.ts";
import { parseReleaseTarget } from "../../packages/releases/src/parse-target.ts";
import { releaseText } from "../../packages/releases/src/release-target.ts";
import { unpackSnappy } from "../../packages/releases/src/snappy.ts";
import type { Parser } from "../parser.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** What users paste, and what hosts of releases answer. */
export const releaseParsers: readonly Parser[] = [
  {
    name: "release-target",
    sound: [
      "gh:octo/tool@pkg/v1.0.0",
      "gl:https://git.example.com:8443/octo/deep/tool@v1",
      "npm:@octo/pad@1.0.0-rc.1",
      "pypi:octo-pad@1.0.0#octo_pad-1.0.0.tar.gz",
      "https://gitlab.com/octo/deep/tool/-/releases/v1%2F2",
    ].map(bytes),
    codes: ["INPUT_INVALID", "TAG_UNPINNED"],
    read: (input) => releaseText(parseReleaseTarget(Buffer.from(input).toString())),
  },
  {
    name: "snappy",
    sound: [
      new Uint8Array(readFileSync(new URL("../../packages/releases/fixtures/bundle.json.sn", import.meta.url))),
      new Uint8Array([9, 0, 97, 0b0001_0001, 1]),
    ],
    codes: [],
    read: (input) => unpackSnappy(input, 16 * 1024 * 1024),
  },
  {
    name: "index-page",
    sound: [
      bytes(`<!DOCTYPE html><a href="x-1.tar.gz#sha256=${"0".repeat(64)}" data-provenance='p'>x-1.tar.gz</a><br>`),
    ],
    codes: ["LIMIT_EXCEEDED"],
    read: indexPage,
  },
];
