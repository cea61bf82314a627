import * as z from "zod/mini";

/** What a {@link boundedArray} is made of, for those who describe it: a transform shows nothing of itself. */
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
  const schema = z.pipe(
    z.custom<readonly unknown[]>((value) => Array.isArray(value), "expected an array"),
    z.transform((values, context): readonly Item[] => {
      if (values.length < min || values.length > max) {
        context.issues.push({
          code: "custom",
          input: values,
          message: `${values.length} entries, expected ${min} to ${max}`,
        });
        return z.NEVER;
      }
      const items: Item[] = [];
      for (let index = 0; index < values.length; index += 1) {
        const value = values[index];
        const known = plain(value);
        if (known !== undefined) {
          items.push(known);
          continue;
        }
        const parsed = z.safeParse(item, value);
        if (!parsed.success) {
          const [issue] = parsed.error.issues;
          context.issues.push({
            code: "custom",
            input: value,
            path: [index, ...(issue?.path ?? [])],
            message: issue?.message ?? "not as expected",
          });
          return z.NEVER;
        }
        items.push(parsed.data);
      }
      return items;
    }),
  );
  ARRAY_BOUNDS.set(schema, { item, min, max });
  return schema;
}
