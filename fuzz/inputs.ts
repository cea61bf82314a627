import fc from "fast-check";
import { mutated } from "./mutate/mutate.ts";
import type { Parser } from "./parser.ts";

/** Sound inputs with up to four mutations, and now and then nothing but noise. When one fails, fewer mutations are tried. */
export function inputsFor({ sound }: Parser): fc.Arbitrary<Uint8Array> {
  const mutations = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });
  const changed = fc.tuple(fc.constantFrom(...sound), mutations).map(([input, seeds]) => mutated(input, seeds, sound));
  return fc.oneof({ weight: 19, arbitrary: changed }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) });
}
