// `node scripts/count-tests.mjs REPORT LABEL`: prints `PASSED FAILED SKIPPED` of a vitest JSON report to stdout,
// and the name of every test that did not run to stderr. A report without a single test is an error.
import { existsSync, readFileSync } from "node:fs";

const [file = "", label = ""] = process.argv.slice(2);
if (!existsSync(file)) {
  fail(`there is no report ${file}`);
}
const report = JSON.parse(readFileSync(file, "utf8"));
const tests = report.testResults.flatMap((suite) => suite.assertionResults);
const passed = tests.filter((test) => test.status === "passed").length;
const failed = tests.filter((test) => test.status === "failed").length;
// A file that does not load has no tests and would otherwise count as nothing.
const broken = report.testResults.filter((suite) => suite.status === "failed" && suite.assertionResults.length === 0);
const skipped = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
for (const test of skipped) {
  console.error(`${label}: ${test.status}: ${test.fullName}`);
}
for (const suite of broken) {
  console.error(`${label}: did not load: ${suite.name}`);
}
if (passed + failed + broken.length === 0) {
  fail(`${file} holds no test`);
}
console.log(`${passed} ${failed + broken.length} ${skipped.length}`);

function fail(message) {
  console.error(`${label}: ${message}`);
  process.exit(1);
}
