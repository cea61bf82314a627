import { encodeKeyBundle, parseBundle } from "@touchmark/core";
import type { NamedPiece } from "@touchmark/verify";
import { expect, it } from "vitest";
import { withWordBeside } from "./evidence-input.ts";

const bundleOf = (hint: string) =>
  parseBundle(encodeKeyBundle({ payloadType: "a/b", payload: Uint8Array.of(1), signature: Uint8Array.of(2), hint }));

it("takes the registry's word beside provenance for a piece of its own", () => {
  const [own, beside] = [bundleOf("own"), bundleOf("registry")];
  const piece = { kind: "statement" as const, format: "dsse" as const, bundle: own };
  const named = (registry: object) => ({ name: "p.json", piece: { ...piece, registry } }) as unknown as NamedPiece;
  const document = named({ kind: "beside", bundle: beside });
  expect(withWordBeside(document)).toEqual([
    document,
    { name: "p.json (registry)", piece: { kind: "statement", format: "dsse", bundle: beside } },
  ]);
  const missing = named({ kind: "missing" });
  expect(withWordBeside(missing)).toEqual([missing]);
});
