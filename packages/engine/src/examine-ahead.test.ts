import { parseBundle } from "@touchmark/core";
import type { NamedPiece, SigningThreads } from "@touchmark/verify";
import { expect, it, vi } from "vitest";
import { bytesOf, sign, trusting } from "../../verify/test/certificate-cases.ts";
import { pieceOf } from "../../verify/test/signed-bundles.ts";
import { MAX_WAITING_BYTES } from "./check-limits.ts";
import { examineAhead } from "./examine-ahead.ts";

it("has few large statements on their way at once", async () => {
  const bundle = parseBundle(bytesOf(sign()));
  const large = { ...bundle, payload: new Uint8Array(MAX_WAITING_BYTES / 16 + 1) };
  const pieces = Array.from({ length: 64 }, (_one, at): NamedPiece => {
    return { name: `e:${at}`, line: at, digest: "00".repeat(32), piece: pieceOf(large) };
  });
  const ask = vi.fn<SigningThreads["ask"]>(() => new Promise(() => {}));
  const ahead = examineAhead([trusting()], { ask }, async () => {});
  void ahead.push(pieces);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ask).toHaveBeenCalledTimes(1);
});
