import * as z from "zod/mini";
import { readBy, readWith, refuseValue } from "./schema-parts.ts";

/** What a {@link boundedArray} is made of, for those who describe it: a function shows nothing of itself. */
export const ARRAY_BOUNDS = new WeakMap<
  object,
  { readonly item: z.core.$ZodType; readonly min: number; readonly max: number }
>();

/**
 * An array whose length is looked at before its items, and whose first wrong item ends the matter. zod's own array
 * collects every issue of every item: a hostile list of some 100,000 wrong ones exhausts the stack or the memory.
 *
 * @param plain - reads at once what the schema would read to the same, and leaves all else to it: undefined.
 */
export function boundedArray<Item>(
  item: z.core.$ZodType<Item>,
  max: number,
  min = 0,
  plain: (value: unknown) => Item | undefined = () => undefined,
): z.ZodMiniType<readonly Item[]> {
  const schema = readWith((values, payload): readonly Item[] => {
    if (!Array.isArray(values)) return refuseValue(payload, "expected an array");
    const { length } = values;
    if (length < min || length > max) return refuseValue(payload, `${length} entries, expected ${min} to ${max}`);
    const items: Item[] = [];
    const before = payload.issues.length;
    for (let index = 0; index < length; index += 1) {
      const value: unknown = values[index];
      const read = plain(value) ?? readBy(item, value, payload, [index]);
      if (payload.issues.length > before) return z.NEVER;
      items.push(read);
    }
    return items;
  });
  ARRAY_BOUNDS.set(schema, { item, min, max });
  return schema;
}
