import { expect, test } from "vitest";
import * as z from "zod/mini";
import { issueText } from "./issue-text.ts";

test("path and message, in English, cut where it quotes too much", () => {
  const text = (value: unknown) => {
    const parsed = z.strictObject({ a: z.optional(z.array(z.number())) }).safeParse(value);
    return issueText(parsed.error as z.core.$ZodError);
  };
  expect(text({ a: [1, "2"] })).toBe("a.1: Invalid input: expected number, received string");
  expect(text(1)).toBe("Invalid input: expected object, received number");
  expect(text({ ["x".repeat(9999)]: 1 })).toHaveLength(501);
  expect(issueText(new z.core.$ZodError([]))).toBe("unknown");
});
