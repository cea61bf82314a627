import { defineConfig } from "vitest/config";
import { sourceConditions } from "./vitest.config.ts";

/** The built CLI as a user runs it, and other projects' verifiers beside it. Needs `pnpm build` first. */
export default defineConfig({
  ssr: { resolve: { conditions: sourceConditions, externalConditions: sourceConditions } },
  test: {
    include: ["e2e/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
