import { createRequire } from "node:module";

// Node before 20.16 and 22.3 cannot hand out its own modules without one.
process.getBuiltinModule = createRequire(import.meta.url);
