// `node e2e/peers/install.mjs`: brings the other projects' programs that the end-to-end tests run, and says what is there.
import { installGoPrograms } from "./go-programs.mjs";

for (const line of installGoPrograms()) console.log(line);
