import { ADAPTERS } from "../builtins.ts";
import { loadAdapters } from "../config/adapters.ts";
import { buildProgram } from "../program.ts";
import { commandsPage } from "./commands-page.ts";
import { configSchema } from "./config-schema.ts";
import { denySchema } from "./deny-schema.ts";
import { errorIndex, errorPages } from "./error-pages.ts";
import { kitSchema } from "./kit-schema.ts";
import { policySchema } from "./policy-schema.ts";
import { reportSchemas } from "./report-schemas.ts";
import { trustSchema } from "./trust-schema.ts";

/**
 * Every page and schema under docs/ that is written from the program itself; `npm run docs` writes them, and a test
 * compares them with what is committed.
 *
 * @returns path below docs/ → content.
 */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const adapters = await loadAdapters(ADAPTERS);
  return new Map([
    ["commands.md", commandsPage(buildProgram(async () => {}))],
    ["errors/README.md", errorIndex()],
    ...errorPages(),
    ["schemas/config-v1.schema.json", `${JSON.stringify(configSchema(adapters), null, 2)}\n`],
    ["schemas/kit-v1.schema.json", `${JSON.stringify(kitSchema(), null, 2)}\n`],
    ["schemas/deny-v1.schema.json", `${JSON.stringify(denySchema(), null, 2)}\n`],
    ["schemas/policy-v1.schema.json", `${JSON.stringify(policySchema(), null, 2)}\n`],
    ["schemas/trust-v1.schema.json", `${JSON.stringify(trustSchema(), null, 2)}\n`],
    ...reportSchemas(),
  ]);
}
