import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { exitStatusOf } from "./report.ts";
import { VerifyOutputSchema } from "./report-schema.ts";

describe("the report's schema", () => {
  it("is docs/schemas/verify-v1.schema.json (`npx vitest run packages/engine/src/report.test.ts -u` writes it)", async () => {
    const schema = { $id: "https://touchmark.dev/schema/verify-v1.json", ...z.toJSONSchema(VerifyOutputSchema) };
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
      fileURLToPath(new URL("../../../docs/schemas/verify-v1.schema.json", import.meta.url)),
    );
  });

  it("takes an error document", () => {
    const error = { code: "TRUST_UNSET", message: "nobody", expected: null, actual: null };
    expect(VerifyOutputSchema.safeParse({ error }).success).toBe(true);
    expect(VerifyOutputSchema.safeParse({ error: { ...error, code: "no code" } }).success).toBe(false);
    expect(VerifyOutputSchema.safeParse({ error: { code: "TRUST_UNSET", message: "nobody" } }).success).toBe(false);
  });
});

describe("exitStatusOf", () => {
  it.each([
    ["verified", 0],
    ["failed", 1],
    ["unknown", 3],
  ] as const)("%s is %i", (result, status) => {
    expect(exitStatusOf({ result })).toBe(status);
  });
});
