export { adapterLaws, LAWS } from "./adapter-laws.ts";
export { explainBroken, type Law, type LawCase, type LawResult, type Order } from "./law.ts";
export { shuffleArray, shuffleLines } from "./shuffle.ts";
export { type TestHostOptions, withTestHost } from "./test-host.ts";
