import { defineConfig } from "vitest/config";
import { sourceConditions } from "./vitest.config.ts";

/** Only tests that decide without luck: what a property finds today it may not find tomorrow. */
export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions, externalConditions: sourceConditions } },
  test: {
    include: [process.env["MUTATION_TESTS"] ?? "packages/verify/src/**/*.test.ts"],
    setupFiles: ["scripts/mutation-setup.ts"],
    exclude: ["**/node_modules/**", "**/*properties.test.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
