import { readFileSync } from "node:fs";
import { TouchmarkError } from "../../packages/core/src/index.ts";
import { examine } from "../../packages/verify/src/examine.ts";
import { readPieces } from "../../packages/verify/src/formats/read-pieces.ts";
import { type Trust, trustedKey } from "../../packages/verify/src/trust.ts";
import {
  cloudBuildTrust,
  description,
  record,
  statementV1,
  statementV01,
} from "../../packages/verify/test/cloud-build-cases.ts";
import type { Parser } from "../parser.ts";
import { json } from "./sound-inputs.ts";

const TEKTON = "packages/verify/fixtures/tekton-chains";
const tekton = (name: string) => new Uint8Array(readFileSync(`${TEKTON}/${name}`));

/** What build services keep of their builds. */
export const buildRecordParsers: readonly Parser[] = [
  parser("cloud-build", [json(description(record(statementV01()), record(statementV1())))], [cloudBuildTrust()]),
  parser(
    "tekton-chains",
    [
      tekton("taskrun-v1.json"),
      tekton("pipelinerun-v2alpha4.json"),
      json({
        kind: "List",
        items: ["taskrun-v2alpha4.json", "taskrun-image-signature.json"].map((name) => parsed(tekton(name))),
      }),
    ],
    [trustedKey(tekton("cosign.pub"), "cosign.pub")],
  ),
];

/** Reads, and verifies what was read: what is trusted must be a payload that somebody signed. */
function parser(name: string, sound: readonly Uint8Array[], trust: readonly Trust[]): Parser {
  let signed: ReadonlySet<string> | null = null;
  const trusted = async (bytes: Uint8Array) => {
    const { pieces, findings } = await readPieces(bytes, name);
    const payloads = pieces.flatMap(({ name: called, piece }) =>
      piece.kind === "statement" && examine(called, piece, { trust }).kind === "trusted"
        ? [Buffer.from(piece.bundle.payload).toString("base64")]
        : [],
    );
    return { payloads, empty: pieces.length === 0, code: findings[0]?.code ?? "INTERNAL" };
  };
  return {
    name,
    sound,
    codes: ["BUNDLE_MALFORMED", "EVIDENCE_MISMATCH", "EVIDENCE_TOO_LARGE"],
    async read(bytes) {
      signed ??= new Set((await Promise.all(sound.map(trusted))).flatMap(({ payloads }) => payloads));
      const { payloads, empty, code } = await trusted(bytes);
      if (payloads.some((payload) => !signed?.has(payload))) throw new Error("what nobody signed was verified");
      if (empty) throw new TouchmarkError(code, "nothing could be read");
    },
  };
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}
