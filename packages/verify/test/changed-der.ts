import { type Der, partsOf, tlv } from "@touchmark/testkit/sigstore";

/** The same encoding with another value at a place; each number is the position among the values of one level. */
export function changedAt(der: Der, [index, ...rest]: readonly number[], change: (part: Der) => Der): Der {
  if (index === undefined) return change(der);
  const parts = partsOf(der).map((part, at) => (at === index ? changedAt(part, rest, change) : part));
  return tlv(der[0] ?? 0, ...parts);
}
