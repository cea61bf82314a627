export { explanationOf } from "../explanation/explanation.ts";
export type { Explanation } from "../explanation/explanation-schema.ts";
export { junitXml } from "./junit.ts";
export { type RuleText, type SarifLog, sarifLog } from "./sarif.ts";
