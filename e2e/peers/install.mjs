// `node e2e/peers/install.mjs`: brings the other projects' programs that the end-to-end tests run, and says what is there.
import { installGoPrograms } from "./go-programs.mjs";
import { installPythonPrograms } from "./python-programs.mjs";

for (const install of [installGoPrograms, installPythonPrograms]) {
  for (const line of install()) console.log(line);
}
