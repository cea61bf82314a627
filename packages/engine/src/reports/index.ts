export { junitXml } from "./junit.ts";
export { type RuleText, type SarifLog, sarifLog } from "./sarif.ts";
