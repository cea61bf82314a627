export { adapterLaws, LAWS } from "./adapter-laws.ts";
export { explainBroken, type Law, type LawCase, type LawResult, type Order } from "./law.ts";
export type { SeenRequest } from "./registry/fault-server.ts";
export type { Fault, FaultAnswer, FaultMatch } from "./registry/faults.ts";
export type { RepositoryContent } from "./registry/registry-content.ts";
export type { TestLogin } from "./registry/registry-login.ts";
export { startTestRegistry, type TestRegistry, type TestRegistryOptions } from "./registry/test-registry.ts";
export { shuffleArray, shuffleLines } from "./shuffle.ts";
export { type TestHostOptions, withTestHost } from "./test-host.ts";
