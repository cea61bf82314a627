import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { testsThatPatch } from "./scripts/shared-process/tests-that-patch.ts";

/** Sources first: tests of one package run against the TypeScript of the others, with no build before. */
export const sourceConditions = ["@touchmark/source", "module", "node", "development|production"];

const patching = testsThatPatch(import.meta.dirname);

export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions, externalConditions: sourceConditions } },
  test: {
    exclude: ["**/node_modules/**", "**/dist/**", "scripts/fixtures/**"],
    restoreMocks: true,
    // Vitest's 5 s are too few where other work takes the processors: some tests hash half a gigabyte.
    testTimeout: 20_000,
    // Vitest leaves one processor to others, which is half of a machine that has two.
    maxWorkers: availableParallelism(),
    // A third of the time went into loading the same modules for each file again. Files that change nothing outside
    // themselves share a process, and fail if they did; `--isolate` gives each its own, as CI does under one Node.
    projects: [
      {
        extends: true,
        test: { name: "patching", include: patching, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "apps/*/src/**/*.test.ts",
            "scripts/**/*.test.ts",
            "fuzz/**/*.test.ts",
          ],
          exclude: patching,
          isolate: false,
          setupFiles: ["scripts/shared-process/leaves-nothing.ts"],
          sequence: { groupOrder: 1 },
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"],
      exclude: ["**/*.test.ts"],
      reporter: ["text-summary", "json-summary", "html"],
      reportsDirectory: "coverage",
      // Floors, not goals: raise them when the measured value has stayed above for a while.
      thresholds: { lines: 80, functions: 80, statements: 80, branches: 75 },
    },
  },
});
